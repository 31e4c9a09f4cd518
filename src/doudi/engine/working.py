"""Formulas with the values put in, as a clerk writes a sum: 月核定收入 772.80 ÷ 计入人数 2.

What stands in a formula whatever the case (names, words, signs) is put together once a rulebook and day; for a case
only the values are filled in, in both languages at once. Numbers: `working_numbers`; aggregates:
`working_rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from doudi.engine.python import Program
from doudi.engine.quantities import Rulebook
from doudi.engine.subject import Subject
from doudi.engine.tree import (
    And,
    Answered,
    Arithmetic,
    AsOf,
    Call,
    Case,
    Compare,
    Const,
    In,
    IsKnown,
    Node,
    Not,
    Or,
    Ref,
)
from doudi.engine.wording import Wording, window_months
from doudi.engine.words import COMPARE_CODES, OPPOSITE, comparisons, joined, spaced
from doudi.engine.written import LANGS, Pair, Write, labelled, writer

Said = Callable[[Subject], Pair]
"""The text of a part for a subject of the entity it stands in."""


class Working:
    """Texts of formulas worked out. `sayers` says how each kind of node is put into words."""

    def __init__(self, rulebook: Rulebook, program: Program, sayers: Mapping[type[Node], Sayer]) -> None:
        self.rulebook, self.program, self._sayers = rulebook, program, sayers
        self.words = (Wording(rulebook, "zh"), Wording(rulebook, "en"))
        self._said: dict[tuple[int, str], tuple[Node, Said]] = {}
        self._written: dict[int, tuple[Node, Write]] = {}

    def said(self, node: Node, entity: str) -> Said:
        """The formula with the values put in; made once a node."""
        key = (id(node), entity)
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = (node, self._sayers[type(node)](self, node, entity))
        return found[1]

    def named(self, node: Node) -> Pair:
        """The formula with the names of things."""
        return self.words[0].formula(node), self.words[1].formula(node)

    def written(self, node: Node) -> Write:
        """How values of a node are written."""
        found = self._written.get(id(node))
        if found is None:
            found = self._written[id(node)] = (node, writer(node.kind, node, self.words))
        return found[1]

    def value(self, node: Node, entity: str) -> Said:
        """The value of a node alone."""
        value, write = self.program.part(node, entity), self.written(node)
        return lambda s: write(value(s))

    def inner(self, node: Node, entity: str) -> Said:
        """A part that stands inside another."""
        said = self.said(node, entity)
        return bracketed(said) if isinstance(node, (And, Or, Case)) and window_months(node) is None else said

    def summed(self, node: Node, entity: str) -> Said:
        """A part with its own result, where it is more than a name."""
        said = self.said(node, entity)
        if not isinstance(node, (Arithmetic, Call)):
            return said
        value = self.value(node, entity)

        def run(subject: Subject) -> Pair:
            (zh, en), (first, second) = said(subject), value(subject)
            return f"{zh} = {first}", f"{en} = {second}"

        return run


Sayer = Callable[[Working, Any, str], Said]


def bracketed(said: Said) -> Said:
    """In brackets of each language."""

    def run(subject: Subject) -> Pair:
        zh, en = said(subject)
        return f"（{zh}）", f"({en})"

    return run


def fixed(pair: Pair) -> Said:
    """The same for every case."""
    return lambda s: pair


def _names(by: Working, node: Node, entity: str) -> Said:
    return fixed(by.named(node))


def _as_of(by: Working, node: AsOf, entity: str) -> Said:
    return fixed(by.written(node)(by.program.as_of))


def _ref(by: Working, node: Ref, entity: str) -> Said:
    value, write = by.program.part(node, entity), by.written(node)
    zh, en = by.named(node)
    if node.kind.base == "boolean":
        texts = {key: (f"{zh}（{write(key)[0]}）", f"{en} ({write(key)[1]})") for key in (None, True, False)}
        return lambda s: texts[value(s)]
    text = labelled(write, (zh, en))
    return lambda s: text(value(s))


def _not(by: Working, node: Not, entity: str) -> Said:
    """What is so; whether it should be is in the formula."""
    return by.said(node.operand, entity)


def _and_or(by: Working, node: And | Or, entity: str) -> Said:
    if window_months(node) is not None:
        return _names(by, node, entity)
    parts = [by.inner(operand, entity) for operand in node.operands]
    zh, en = ("，且", " and ") if isinstance(node, And) else ("，或", " or ")
    if len(parts) == 2:
        first, second = parts

        def of_two(subject: Subject) -> Pair:
            (a_zh, a_en), (b_zh, b_en) = first(subject), second(subject)
            return f"{a_zh}{zh}{b_zh}", f"{a_en}{en}{b_en}"

        return of_two

    def run(subject: Subject) -> Pair:
        texts = [part(subject) for part in parts]
        return zh.join([text[0] for text in texts]), en.join([text[1] for text in texts])

    return run


def _compare(by: Working, node: Compare, entity: str) -> Said:
    """What is so: 1,245.00 is not below 830.00 rather than a false sentence."""
    left, value = by.said(node.left, entity), by.program.part(node, entity)
    if isinstance(node.right, Const) and isinstance(node.right.value, str):
        right = fixed(by.written(node.left)(node.right.value))
    else:
        right = by.said(node.right, entity)
    so, not_so = (tuple(comparisons(node.left.kind, lang)[op] for lang in LANGS) for op in (node.op, OPPOSITE[node.op]))

    def run(subject: Subject) -> Pair:
        zh_word, en_word = not_so if value(subject) is False else so
        (zh, en), (first, second) = left(subject), right(subject)
        return spaced(spaced(zh, zh_word), first), f"{en} {en_word} {second}"

    return run


def _in(by: Working, node: In, entity: str) -> Said:
    said, value = by.said(node.operand, entity), by.program.part(node, entity)
    listed = tuple(words.listed(node) for words in by.words)

    def run(subject: Subject) -> Pair:
        op = "!=" if value(subject) is False else "="
        zh, en = said(subject)
        return (
            joined("zh", zh, COMPARE_CODES["zh"][op], listed[0]),
            joined("en", en, COMPARE_CODES["en"][op], listed[1]),
        )

    return run


SAYERS: dict[type[Node], Sayer] = {
    Const: _names, AsOf: _as_of, Ref: _ref, Not: _not, And: _and_or, Or: _and_or, Compare: _compare, In: _in,
    IsKnown: _names, Answered: _names,
}  # fmt: skip
