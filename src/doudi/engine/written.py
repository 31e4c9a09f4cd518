"""How values of one kind are written, in both languages at once: `words.shown`, made ready for many values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

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


def writer(kind: Kind, node: Node, words: tuple[Wording, Wording]) -> Write:
    """How values of a kind are written; codes are those of the node they come from."""
    if kind.base == "boolean":
        texts: dict[Value, Pair] = {value: _shown(value, kind) for value in (None, True, False)}
        return texts.__getitem__
    if kind.base in ("number", "integer"):
        return _numbers(kind)
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


def _shown(value: Value, kind: Kind) -> Pair:
    return shown(value, kind, "zh"), shown(value, kind, "en")


def _days(kind: Kind) -> Write:
    long = 7 if kind.base == "month" else 10

    def run(value: Value) -> Pair:
        if value is None:
            return NOT_KNOWN
        text = str(value)[:long]
        return text, text

    return run


def _numbers(kind: Kind) -> Write:
    """The last few are kept, by their digits."""
    kept: dict[str, Pair] = {}

    def run(value: Value) -> Pair:
        if value is None:
            return NOT_KNOWN
        digits = str(value)
        found = kept.get(digits)
        if found is None:
            assert isinstance(value, (int, Decimal))
            text = number(Decimal(value), kind)
            found = _keep(kept, digits, (text, text))
        return found

    return run


def labelled(write: Write, labels: Pair) -> Write:
    """Values behind what they are of; the last few are kept."""
    zh, en = labels
    kept: dict[str, Pair] = {}

    def run(value: Value) -> Pair:
        digits = str(value)
        found = kept.get(digits)
        if found is None:
            first, second = write(value)
            found = _keep(kept, digits, (spaced(zh, first), f"{en} {second}"))
        return found

    return run


def _keep(kept: dict[str, Pair], key: str, pair: Pair) -> Pair:
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = pair
    return pair


def _codes(kind: Kind, node: Node, words: tuple[Wording, Wording]) -> Write:
    kept: dict[str, Pair] = {}

    def run(value: Value) -> Pair:
        if not isinstance(value, str):
            return NOT_KNOWN if value is None else _shown(value, kind)
        found = kept.get(value)
        if found is None:
            found = _keep(kept, value, (words[0].code(node, value), words[1].code(node, value)))
        return found

    return run
