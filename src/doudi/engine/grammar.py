"""Text of a formula → syntax. Tokeniser and precedence parser by hand, so that messages name the place and the way out.

Nothing is looked up here: names and kinds are the checker's. Limits before parsing: 4 KB and 32 levels a formula.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from doudi.engine.errors import PolicyError, Where

MAX_BYTES = 4096
MAX_DEPTH = 32
WHOLE_DIGITS = 20
DECIMALS = 10
"""A number written in a policy: what both renderings hold exactly."""
MAX_CHAIN = 64
"""Levels of the tree: `a + b + c …` is one level a sign."""
KEYWORDS = {
    "and",
    "or",
    "not",
    "in",
    "case",
    "when",
    "then",
    "else",
    "end",
    "where",
    "once",
    "per",
    "by",
    "true",
    "false",
}
AGGREGATES = {"sum", "count", "count_distinct", "any", "all", "min", "max", "exists", "latest"}
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)|(?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|(?P<op><=|>=|!=|[=<>+\-*/(),])|(?P<word>[^\s\x00-\x7f][^\s\x00-\x2f<>=()]*)"
)


_RUN = re.compile(r"[\w.]+")
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁһкмнтвгοαερυνικ", "aeopcyxijsdhkmhtbroaepyvik")
_SIGNS: dict[str, str] = {
    "!": "not / !=",
    "&": "and",
    "|": "or",
    "%": "/ 100",
    ";": "",
    "^": "*",
    "==": "=",
    "<>": "!=",
}
_SIGNS |= {"≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "/", "−": "-", "–": "-", "—": "-"}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Syntax:
    """A node as written. `op` says what it is; `text` a name, number or code; `at` is the offset in the formula."""

    op: str
    text: str = ""
    parts: tuple[Syntax, ...] = ()
    at: int = 0
    options: tuple[tuple[str, Syntax], ...] = ()
    depth: int = field(default=1, init=False, compare=False)
    """Levels of the tree from here down."""

    def __post_init__(self) -> None:
        below = max((part.depth for part in (*self.parts, *(part for _, part in self.options))), default=0)
        object.__setattr__(self, "depth", below + 1)


@dataclass(frozen=True, slots=True)
class Source:
    """A formula and where it stands, so that an offset becomes a line and column."""

    text: str
    where: Where

    def at(self, offset: int) -> Where:
        """The place of an offset (a formula of one line keeps the file's line)."""
        before = self.text[:offset]
        lines = before.count("\n")
        column = offset - before.rfind("\n") if lines else self.where.column + offset
        return Where(self.where.file, self.where.line + lines, column)


def parse(source: Source) -> Syntax:
    """The syntax of a formula; raises PolicyError."""
    if len(source.text.encode()) > MAX_BYTES:
        raise PolicyError("rule.too_long", source.where, limit=MAX_BYTES)
    parser = _Parser(source, _tokens(source))
    tree = parser.expression(0)
    parser.expect("end", "")
    return tree


def _tokens(source: Source) -> list[Token]:
    found: list[Token] = []
    offset = 0
    while offset < len(source.text):
        match = _TOKEN.match(source.text, offset)
        if match is None or (match.lastgroup in ("name", "word") and _RUN.match(source.text, match.end())):
            raise _strange(source, offset)
        kind = match.lastgroup or ""
        if kind == "number" and not _fits(match.group()):
            raise PolicyError("rule.number_too_long", source.at(offset), whole=WHOLE_DIGITS, decimals=DECIMALS)
        if kind != "space":
            if kind == "word":
                _refuse_look_alikes(source, match.group(), offset)
            found.append(Token(kind, match.group(), offset))
        offset = match.end()
    found.append(Token("end", "", len(source.text)))
    return found


def _fits(number: str) -> bool:
    whole, _, decimals = number.partition(".")
    return len(whole) <= WHOLE_DIGITS and len(decimals) <= DECIMALS


def _strange(source: Source, offset: int) -> PolicyError:
    """Why no word, number or sign of the language stands here."""
    character = source.text[offset]
    if character in "'\"":
        return PolicyError("rule.text_open", source.at(offset))
    run = _RUN.match(source.text, offset)
    if run is None and not character.isascii():
        _refuse_look_alikes(source, character, offset)
    if run is not None and not run.group().isascii():
        _refuse_look_alikes(source, run.group(), offset)
        return PolicyError("rule.name_unknown", source.at(offset), name=run.group())
    if run is not None and any(c.isdigit() for c in run.group()):
        return PolicyError("rule.number_malformed", source.at(offset), text=run.group())
    return PolicyError(
        "rule.character", source.at(offset), suggestion=_SIGNS.get(character) or None, character=character
    )


def _refuse_look_alikes(source: Source, word: str, offset: int) -> None:
    for index, character in enumerate(word):
        if character.isascii():
            continue
        plain = unicodedata.normalize("NFKC", character)
        if plain.isascii() and plain != character:
            raise PolicyError(
                "rule.full_width", source.at(offset + index), suggestion=plain.strip() or None, character=character
            )
        if not character.isalpha():
            if unicodedata.category(character)[0] in "CZ":
                raise PolicyError("rule.character", source.at(offset + index), character=repr(character))
        elif not unicodedata.name(character, "").startswith("CJK"):
            suggestion = word.translate(_LOOK_ALIKES)
            raise PolicyError(
                "rule.look_alike",
                source.at(offset + index),
                suggestion=suggestion if suggestion.isascii() else None,
                word=word,
                character=character,
            )


_BINARY = {
    "or": 1,
    "and": 2,
    "=": 4,
    "!=": 4,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "in": 4,
    "not": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}


class _Parser:
    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self._source, self._tokens, self._next, self._depth = source, tokens, 0, 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._token
        self._next += 1
        return token

    def _is(self, text: str) -> bool:
        return self._token.text == text and self._token.kind in ("op", "name")

    def _fail(self, expected: str) -> PolicyError:
        token, before = self._token, self._tokens[self._next - 1] if self._next else None
        found, suggestion = token.text or "the end", _SIGNS.get(token.text)
        if before is not None and before.kind == token.kind == "op" and before.text + token.text in _SIGNS:
            found = before.text + token.text
            suggestion = _SIGNS[found]
        return PolicyError(
            "rule.unexpected", self._source.at(token.at), suggestion=suggestion, found=found, expected=expected
        )

    def expect(self, kind: str, text: str) -> Token:
        """The next token, which must be this one."""
        if (self._token.kind != kind and not (kind == "op" and self._is(text))) or (text and self._token.text != text):
            raise self._fail(text or ("the end of the formula" if kind == "end" else kind))
        return self._take()

    def expression(self, floor: int) -> Syntax:
        """An expression whose operators bind tighter than `floor`."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise PolicyError("rule.too_deep", self._source.at(self._token.at), limit=MAX_DEPTH)
        left = self._prefix()
        while True:
            token = self._token
            power = _BINARY.get(token.text, 0) if token.kind in ("op", "name") else 0
            if power <= floor:
                break
            left = self._infix(left, power)
            if left.depth > MAX_CHAIN:
                raise PolicyError("rule.too_deep", self._source.at(token.at), limit=MAX_CHAIN)
        self._depth -= 1
        return left

    def _infix(self, left: Syntax, power: int) -> Syntax:
        token = self._take()
        if token.text == "not":
            self.expect("name", "in")
            return Syntax("not", parts=(self._membership(left, token.at),), at=token.at)
        if token.text == "in":
            return self._membership(left, token.at)
        right = self.expression(power)
        if power == 4 and _BINARY.get(self._token.text, 0) == 4 and self._token.kind == "op":
            raise self._fail("and")
        if token.text in ("and", "or") and left.op == token.text:
            return Syntax(token.text, parts=(*left.parts, right), at=left.at)
        return Syntax(token.text, parts=(left, right), at=token.at)

    def _membership(self, left: Syntax, at: int) -> Syntax:
        self.expect("op", "(")
        codes = [self._code()]
        while self._is(","):
            self._take()
            codes.append(self._code())
        self.expect("op", ")")
        return Syntax("in", parts=(left, *codes), at=at)

    def _code(self) -> Syntax:
        token = self._take()
        if token.kind in ("word", "number") or (token.kind == "name" and "." not in token.text):
            return Syntax("word", token.text, at=token.at)
        if token.kind == "text":
            return Syntax("text", token.text[1:-1], at=token.at)
        self._next -= 1
        raise self._fail("a code")

    def _prefix(self) -> Syntax:
        token = self._take()
        if token.kind == "number":
            return Syntax("number", token.text, at=token.at)
        if token.kind == "text":
            return Syntax("text", token.text[1:-1], at=token.at)
        if token.kind == "word":
            return Syntax("word", token.text, at=token.at)
        if token.text == "(" and token.kind == "op":
            inner = self.expression(0)
            self.expect("op", ")")
            return Syntax("group", parts=(inner,), at=token.at) if inner.op in ("and", "or") else inner
        if token.text == "-" and token.kind == "op":
            return Syntax("negate", parts=(self.expression(6),), at=token.at)
        if token.kind == "name":
            return self._name(token)
        self._next -= 1
        raise self._fail("a value")

    def _name(self, token: Token) -> Syntax:
        if token.text in ("true", "false"):
            return Syntax("boolean", token.text, at=token.at)
        if token.text == "not":
            return Syntax("not", parts=(self.expression(3),), at=token.at)
        if token.text == "case":
            return self._case(token)
        if token.text in KEYWORDS:
            self._next -= 1
            raise self._fail("a value")
        if self._is("("):
            return self._aggregate(token) if token.text in AGGREGATES else self._call(token)
        return Syntax("name", token.text, at=token.at)

    def _case(self, token: Token) -> Syntax:
        parts: list[Syntax] = []
        while self._is("when"):
            self._take()
            parts.append(self.expression(0))
            self.expect("name", "then")
            parts.append(self.expression(0))
        if not parts:
            raise self._fail("when")
        if not self._is("else"):
            raise PolicyError("rule.case_without_else", self._source.at(self._token.at))
        self._take()
        parts.append(self.expression(0))
        self.expect("name", "end")
        return Syntax("case", parts=tuple(parts), at=token.at)

    def _call(self, token: Token) -> Syntax:
        self.expect("op", "(")
        parts: list[Syntax] = []
        if not self._is(")"):
            parts.append(self.expression(0))
            while self._is(","):
                self._take()
                parts.append(self.expression(0))
        self.expect("op", ")")
        return Syntax("call", token.text, tuple(parts), token.at)

    def _aggregate(self, token: Token) -> Syntax:
        self.expect("op", "(")
        parts: tuple[Syntax, ...] = ()
        options: list[tuple[str, Syntax]] = []
        if not self._is("where") and not self._is(")"):
            parts = (self.expression(0),)
        while not self._is(")"):
            if self._is("once"):
                self._take()
                self.expect("name", "per")
                options.append(("once_per", self.expression(0)))
            elif self._is("by"):
                self._take()
                options.append(("order", self.expression(0)))
            elif self._is("where"):
                self._take()
                options.append(("where", self.expression(0)))
            else:
                raise self._fail("where / once per / by / )")
        self._take()
        return Syntax("aggregate", token.text, parts, token.at, tuple(options))
