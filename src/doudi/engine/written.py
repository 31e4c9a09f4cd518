"""How values of one kind are written, in both languages at once: `words.shown`, the last few of each kind kept."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Generic, TypeVar

from doudi.engine.subject import Value
from doudi.engine.tree import Kind, Node
from doudi.engine.wording import Wording
from doudi.engine.words import UNITS, UNKNOWN, number, shown, spaced

Pair = tuple[str, str]
"""A text in zh and in en."""
Write = Callable[[Value], Pair]
LANGS = ("zh", "en")
NOT_KNOWN: Pair = (UNKNOWN["zh"], UNKNOWN["en"])
_KEPT = 512
Made = TypeVar("Made")


class Kept(dict[Value, Made], Generic[Made]):
    """What is made of values, made when a value first comes; the last few are kept."""

    def __init__(self, make: Callable[[Any], Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Value) -> Made:
        if len(self) >= _KEPT:
            self.clear()
        made = self[value] = self._make(value)
        return made


def writer(kind: Kind, node: Node, words: tuple[Wording, Wording]) -> Write:
    """How values of a kind are written; codes are those of the node they come from."""
    if kind.base == "boolean":
        return lambda value: _shown(value, kind)
    if kind.base in ("number", "integer"):
        return lambda value: _number(value, kind)
    if kind.base in ("date", "month"):
        return _days(kind)
    return _codes(kind, node, words)


def with_unit(write: Write, unit: str) -> Write:
    """The same with the unit behind what is known."""
    zh, en = UNITS["zh"][unit], UNITS["en"][unit]
    if not zh and not en:
        return write

    def run(value: Value) -> Pair:
        first, second = write(value)
        return (first, second) if value is None else (f"{first} {zh}", f"{second} {en}")

    return run


def labelled(write: Write, labels: Pair, kind: Kind) -> Write:
    """Values with what they are of: numbers behind it, yes and no in brackets."""
    zh, en = labels

    def run(value: Value) -> Pair:
        first, second = write(value)
        return spaced(zh, first), f"{en} {second}"

    def in_brackets(value: Value) -> Pair:
        first, second = write(value)
        return f"{zh}（{first}）", f"{en} ({second})"

    return in_brackets if kind.base == "boolean" else run


def before_word(write: Write) -> Write:
    """The same, ready to stand before a Chinese word."""

    def run(value: Value) -> Pair:
        first, second = write(value)
        return spaced(first, "是").removesuffix("是"), second

    return run


def _shown(value: Value, kind: Kind) -> Pair:
    return shown(value, kind, "zh"), shown(value, kind, "en")


def _number(value: Value, kind: Kind) -> Pair:
    if value is None:
        return NOT_KNOWN
    assert isinstance(value, (int, Decimal))
    text = number(Decimal(value), kind)
    return text, text


def _days(kind: Kind) -> Write:
    long = 7 if kind.base == "month" else 10

    def run(value: Value) -> Pair:
        if value is None:
            return NOT_KNOWN
        text = str(value)[:long]
        return text, text

    return run


def _codes(kind: Kind, node: Node, words: tuple[Wording, Wording]) -> Write:
    def run(value: Value) -> Pair:
        if not isinstance(value, str):
            return NOT_KNOWN if value is None else _shown(value, kind)
        return words[0].code(node, value), words[1].code(node, value)

    return run
