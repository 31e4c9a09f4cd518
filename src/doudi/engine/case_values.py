"""One value of CASE.json: read strictly as its kind, with the message that says what is wrong and what to do.

A number with more decimals than facts of its kind are held with (money two, others ten) is rounded half up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from doudi.engine.errors import CaseError
from doudi.engine.python_decimals import held_with
from doudi.engine.reading import nearest
from doudi.engine.subject import Value
from doudi.engine.tree import Kind

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]{1,2})?")
_HALF_UP = Context(prec=100_000, rounding=ROUND_HALF_UP)
_KEPT, _LONGEST = 4096, 24
SHAPES = {
    "boolean": ("true 或 false", "true or false"),
    "integer": ("整数", "a whole number"),
    "number": ("十进制数", "a decimal number"),
    "date": ("日期（2026-07-01）", "a date (2026-07-01)"),
    "month": ("月份（2026-07）", "a month (2026-07)"),
    "code": ("代码", "a code"),
    "area": ("2 至 12 位区划代码", "an area code of 2 to 12 digits"),
}


class Kept(dict[str | int, Value]):
    """What texts and whole numbers were read as; read when first asked for, the first few thousand short ones kept."""

    def __init__(self, read: Callable[[Any], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, raw: str | int) -> Value:
        value = self._read(raw)
        if value is not None and len(self) < _KEPT and len(str(raw)) <= _LONGEST:
            self[raw] = value
        return value


class Reader:
    """Reads values of one kind. `read` gives the value, or None where anything at all is wrong with it; `kept` gives
    the same of what is exactly a text or a whole number.
    """

    def __init__(self, kind: Kind, *, is_choice: bool = False) -> None:
        self._kind = kind
        self.read: Callable[[Any], Value] = _quick(kind) if not is_choice else lambda raw: None
        self.kept = Kept(self.read)
        self.is_open_boolean = kind.base == "boolean" and not is_choice

    def value(self, raw: Any, path: str) -> Value:
        """The value; raises CaseError."""
        kind = self._kind
        if raw is None:
            raise CaseError("case.null_refused", path=path)
        if isinstance(raw, float):
            raise CaseError("case.number_as_float", path=path)
        value = self._of_shape(raw)
        if value is None:
            zh, en = SHAPES[kind.base]
            raise CaseError("case.value_malformed", path=path, what_zh=zh, what_en=en)
        if kind.codes is not None and value not in kind.codes:
            known = ", ".join(kind.codes)
            raise CaseError(
                "case.code_unknown", suggestion=nearest(str(value), kind.codes), path=path, value=value, known=known
            )
        if kind.minimum is not None and isinstance(value, (int, Decimal)) and value < kind.minimum:
            raise CaseError("case.below_minimum", path=path, minimum=kind.minimum)
        return value

    def _of_shape(self, raw: Any) -> Value:
        if self._kind.base == "number":
            return _held(_number(raw), held_with(self._kind))
        found: Value = _SHAPED[self._kind.base](raw)
        return found


def _quick(kind: Kind) -> Callable[[Any], Value]:
    """Values as nearly all are written; what is written otherwise is looked at with care."""
    if kind.base == "number" and held_with(kind) >= len("00"):
        return _plain_number(kind)
    if kind.base == "code" and kind.codes is not None:
        codes = frozenset(kind.codes)
        return lambda raw: raw if type(raw) is str and raw in codes else None
    if kind.base == "integer" and kind.codes is None:
        return _plain_integer(kind)
    is_open = kind.codes is None and kind.minimum is None and kind.base != "number"
    shaped: Callable[[Any], Value] = _SHAPED[kind.base] if is_open else lambda raw: None
    return shaped


def _plain_number(kind: Kind) -> Callable[[Any], Value]:
    """Digits, and two decimals at most."""
    least = kind.minimum

    def read(raw: Any) -> Value:
        if type(raw) is not str or _PLAIN.fullmatch(raw) is None:
            return None
        value = Decimal(raw)
        return value if least is None or value >= least else None

    return read


def _plain_integer(kind: Kind) -> Callable[[Any], Value]:
    least = kind.minimum

    def read(raw: Any) -> Value:
        value = _integer(raw)
        return value if value is None or least is None or value >= least else None

    return read


def _number(raw: Any) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, (str, int)):
        return None
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return None
    return value if value.is_finite() and not set(str(raw)) - set("-0123456789.") else None


def _held(value: Decimal | None, decimals: int) -> Decimal | None:
    exponent = value.as_tuple().exponent if value is not None else 0
    if value is None or not isinstance(exponent, int) or exponent >= -decimals:
        return value
    return _HALF_UP.quantize(value, Decimal(1).scaleb(-decimals))


def _integer(raw: Any) -> int | None:
    value = _number(raw)
    return int(value) if value is not None and value == value.to_integral_value() else None


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _date(raw: Any) -> date | None:
    return _day(raw) if isinstance(raw, str) else None


def _month(raw: Any) -> date | None:
    return _date(f"{raw}-01") if isinstance(raw, str) and len(raw) == 7 else _date(raw)


def _area(raw: Any) -> str | None:
    return raw if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) in (2, 4, 6, 9, 12) else None


_SHAPED: dict[str, Any] = {
    "boolean": lambda raw: raw if isinstance(raw, bool) else None,
    "integer": _integer,
    "date": _date,
    "month": _month,
    "code": lambda raw: raw if isinstance(raw, str) else None,
    "area": _area,
}
