"""Formulas with the values put in, as a clerk writes a sum: 月核定收入 772.80 ÷ 计入人数 2.

Written as Python source, as values are (`python_source`): what stands in a formula whatever the case is put together
once a rulebook, and for a case only the values are filled in, in both languages at once. No text of a rule is in the
source: every text is a global name that is bound when a function is linked. Numbers: `working_numbers`; aggregates:
`working_rows`; the functions: `working_code`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from doudi.engine.python_code import WRITERS, Source
from doudi.engine.python_source import Scope, Writer
from doudi.engine.tree import And, Answered, AsOf, Case, Compare, Const, In, IsKnown, Node, Not, Or, Ref
from doudi.engine.wording import Wording, window_months
from doudi.engine.words import COMPARE_CODES, OPPOSITE, comparisons, needs_space
from doudi.engine.written import LANGS, Pair, writer


class Name(str):
    """A name in generated code that stands for a text; any other piece is the text itself."""

    __slots__ = ()


Pieces = tuple[str, ...]


class Text(NamedTuple):
    """A text in the making, piece by piece."""

    zh: Pieces
    en: Pieces


class Teller(Writer):
    """Writes the statements of a function that tells. Facts and quantities are read once in each block."""

    def __init__(self, source: Source, words: tuple[Wording, Wording], sayers: Mapping[type[Node], Sayer]) -> None:
        super().__init__(source.rulebook, WRITERS, source.decimals, source.named)
        self.words, self._sayers = words, sayers
        self._read: dict[tuple[object, ...], str] = {}
        self._edges: dict[str, tuple[str, str]] = {}

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is read inside is not known outside."""
        before, self._read = self._read, dict(self._read)
        with super().block(head):
            yield
        self._read = before

    def value(self, node: Node, scope: Scope) -> str:
        """As of any function, but what was read is not read again."""
        if not isinstance(node, Ref):
            return super().value(node, scope)
        key = (node.entity, node.name, node.via_head, scope)
        if key not in self._read:
            self._read[key] = super().value(node, scope)
        return self._read[key]

    def once(self, text: str) -> str | None:
        """An expression in a local; None where it stands in one already."""
        if ("once", text) in self._read:
            return None
        name = self._read["once", text] = self.held(text)
        return name

    def said(self, node: Node, scope: Scope) -> Text:
        """Statements that word a part; what is returned names its text."""
        if self.is_deep:
            return self.pair(f"{self.named('said', node, scope.entity)}({scope.subject})")
        return self._sayers[type(node)](self, node, scope)

    def inner(self, node: Node, scope: Scope) -> Text:
        """A part that stands inside another."""
        text = self.said(node, scope)
        return bracketed(text) if isinstance(node, (And, Or, Case)) and window_months(node) is None else text

    def names(self, node: Node) -> Pair:
        """The formula with the names of things."""
        return self.words[0].formula(node), self.words[1].formula(node)

    def written(self, node: Node, scope: Scope) -> Text:
        """The value of a part alone."""
        return self.pair(f"{self.named('written', node)}[{self.value(node, scope)}]")

    def pair(self, made: str, first: str = "", last: str = "") -> Text:
        """The two texts an expression gives; of the Chinese one, where they are known, its first and last character."""
        zh, en = Name(self.fresh()), Name(self.fresh())
        self.put(f"{zh}, {en} = {made}")
        self._edges[zh] = (first, last)
        return Text((zh,), (en,))

    def put_together(self, pieces: Pieces) -> str:
        """The expression that puts the pieces together."""
        parts: list[str] = []
        for piece in pieces:
            if parts and not isinstance(piece, Name) and not isinstance(parts[-1], Name):
                parts[-1] += piece
            elif piece:
                parts.append(piece)
        names = [part if isinstance(part, Name) else self.named("text", part) for part in parts or [""]]
        return names[0] if len(names) == 1 else f"f'{''.join(f'{{{name}}}' for name in names)}'"

    def spaced(self, before: Pieces, after: Pieces) -> Pieces:
        """In zh: a space only where a Chinese character meets a letter or digit."""
        last, first = self._edge(before[-1], 1), self._edge(after[0], 0)
        if last and first:
            return (*before, " ", *after) if needs_space(last, first) else before + after
        return (Name(self.held(f"spaced({self.put_together(before)}, {self.put_together(after)})")),)

    def _edge(self, piece: str, side: int) -> str:
        if isinstance(piece, Name):
            return self._edges.get(piece, ("", ""))[side]
        return piece[-1:] if side else piece[:1]


Sayer = Callable[[Teller, Any, Scope], Text]


def fixed(pair: Pair) -> Text:
    """The same for every case."""
    return Text((pair[0],), (pair[1],))


def bracketed(text: Text) -> Text:
    """In brackets of each language."""
    return Text(("（", *text.zh, "）"), ("(", *text.en, ")"))


def joined(texts: list[Text], zh: str, en: str) -> Text:
    """One after another with a word between."""
    first = texts[0]
    for text in texts[1:]:
        first = Text((*first.zh, zh, *text.zh), (*first.en, en, *text.en))
    return first


def _names(to: Teller, node: Node, scope: Scope) -> Text:
    return fixed(to.names(node))


def _as_of(to: Teller, node: AsOf, scope: Scope) -> Text:
    return to.pair(f"{to.named('written', node)}[day]", first="2", last="2")


def _ref(to: Teller, node: Ref, scope: Scope) -> Text:
    label = to.names(node)[0]
    last = "）" if node.kind.base == "boolean" else ""
    return to.pair(f"{to.named('labelled', node)}[{to.value(node, scope)}]", label[:1], last)


def _not(to: Teller, node: Not, scope: Scope) -> Text:
    """What is so; whether it should be is in the formula."""
    return to.said(node.operand, scope)


def _and_or(to: Teller, node: And | Or, scope: Scope) -> Text:
    if window_months(node) is not None:
        return _names(to, node, scope)
    texts = [to.inner(operand, scope) for operand in node.operands]
    return joined(texts, "，且", " and ") if isinstance(node, And) else joined(texts, "，或", " or ")


def _compare(to: Teller, node: Compare, scope: Scope) -> Text:
    """What is so: 1,245.00 is not below 830.00 rather than a false sentence."""
    left = _before_word(to, node.left, scope)
    if isinstance(node.right, Const) and isinstance(node.right.value, str):
        right = fixed(writer(node.left.kind, node.left, to.words)(node.right.value))
    else:
        right = to.said(node.right, scope)
    so, not_so = (tuple(comparisons(node.left.kind, lang)[op] for lang in LANGS) for op in (node.op, OPPOSITE[node.op]))
    word = _word(to, node, scope, so, not_so)
    return Text(to.spaced((*left.zh, *word.zh), right.zh), (*left.en, " ", *word.en, " ", *right.en))


def _in(to: Teller, node: In, scope: Scope) -> Text:
    left, listed = _before_word(to, node.operand, scope), tuple(words.listed(node) for words in to.words)
    so, not_so = (tuple(COMPARE_CODES[lang][op] for lang in LANGS) for op in ("=", "!="))
    word = _word(to, node, scope, so, not_so)
    return Text(to.spaced((*left.zh, *word.zh), (listed[0],)), (*left.en, " ", *word.en, " ", listed[1]))


def _before_word(to: Teller, node: Node, scope: Scope) -> Text:
    """A part that a Chinese word comes after."""
    if isinstance(node, Ref) and node.kind.base != "boolean":
        label = to.names(node)[0]
        return to.pair(f"{to.named('before_word', node)}[{to.value(node, scope)}]", label[:1])
    text = to.said(node, scope)
    *before, word = to.spaced(text.zh, ("是",))
    return Text(tuple(before) or (Name(to.held(f"{word}[:-1]")),), text.en)


def _word(to: Teller, node: Node, scope: Scope, so: Pair | Any, not_so: Pair | Any) -> Text:
    """The word of a comparison: what holds."""
    value = to.value(node, scope)
    choice = f"{to.named('fixed', not_so)} if {value} is False else {to.named('fixed', so)}"
    return to.pair(choice, so[0][0], so[0][-1])


SAYERS: dict[type[Node], Sayer] = {
    Const: _names, AsOf: _as_of, Ref: _ref, Not: _not, And: _and_or, Or: _and_or, Compare: _compare, In: _in,
    IsKnown: _names, Answered: _names,
}  # fmt: skip
