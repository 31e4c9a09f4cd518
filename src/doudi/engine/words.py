"""Words of formulas, zh and en: units, comparisons, functions, aggregates; and how one value is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

from doudi.engine.subject import Value
from doudi.engine.tree import Kind

UNITS = {
    "zh": {
        "yuan": "元",
        "yuan/month": "元/月",
        "yuan/year": "元/年",
        "m2": "平方米",
        "months": "个月",
        "years": "岁",
        "people": "人",
        "ratio": "",
        "none": "",
    },
    "en": {
        "yuan": "yuan",
        "yuan/month": "yuan a month",
        "yuan/year": "yuan a year",
        "m2": "m²",
        "months": "months",
        "years": "years",
        "people": "people",
        "ratio": "",
        "none": "",
    },
}
COMPARE = {
    "zh": {"=": "等于", "!=": "不等于", "<": "低于", "<=": "不高于", ">": "高于", ">=": "不低于"},
    "en": {"=": "is", "!=": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"},
}
COMPARE_DAYS = {
    "zh": {"=": "是", "!=": "不是", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"},
    "en": {"=": "is", "!=": "is not", "<": "is before", "<=": "is up to", ">": "is after", ">=": "is from"},
}
COMPARE_CODES = {"zh": {"=": "是", "!=": "不是"}, "en": {"=": "is", "!=": "is not"}}
_HALF_UP = Context(prec=80, rounding=ROUND_HALF_UP)
_CENT, _FOURTH, _ZERO = Decimal("0.01"), Decimal("0.0001"), Decimal(0)
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
UNKNOWN = {"zh": "未知", "en": "unknown"}


def shown(value: Value, kind: Kind, lang: str, codes: Callable[[str], str] | None = None) -> str:
    """A value as people read it: thousands apart, money with two decimals, shares as percent, yes and no as words."""
    if value is None:
        return UNKNOWN[lang]
    if isinstance(value, bool):
        return {"zh": {True: "是", False: "否"}, "en": {True: "yes", False: "no"}}[lang][value]
    if isinstance(value, (int, Decimal)):
        return number(Decimal(value), kind)
    if isinstance(value, date):
        return value.isoformat()[:7] if kind.base == "month" else value.isoformat()
    return codes(value) if codes else value


def number(value: Decimal, kind: Kind) -> str:
    """Money with cents, a share up to one as percent, other numbers with the decimals they have, four at most. Equal
    numbers are written alike: there is no zero below zero.
    """
    value = value or _ZERO
    if kind.unit.startswith("yuan"):
        digits = str(value)
        return _thousands(digits if digits[-3:-2] == "." else str(_HALF_UP.quantize(value, _CENT)))
    if kind.unit == "ratio" and 0 < value <= 1:
        return f"{_HALF_UP.quantize(value * 100, _CENT).normalize():f}%"
    rounded = _HALF_UP.quantize(value, _FOURTH)
    return f"{rounded.normalize():,f}" if rounded != rounded.to_integral_value() else f"{int(rounded):,}"


def _thousands(cents: str) -> str:
    """An amount with two decimals, its thousands apart."""
    return cents if len(cents) < 7 else f"{int(cents[:-3]):,}{cents[-3:]}"


def joined(lang: str, *parts: str) -> str:
    """Parts as one text: in zh a space stands only where a Chinese character meets a letter or digit."""
    if lang != "zh":
        return " ".join(part for part in parts if part)
    text = ""
    for part in filter(None, parts):
        if text and needs_space(text[-1], part[0]):
            text += " "
        text += part
    return text


def spaced(before: str, after: str) -> str:
    """`joined` in zh of two parts."""
    if not before or not after:
        return before or after
    return f"{before} {after}" if needs_space(before[-1], after[0]) else before + after


def comparisons(kind: Kind, lang: str) -> dict[str, str]:
    """The words that compare values of a kind."""
    tables = (
        COMPARE_DAYS if kind.base in ("date", "month") else COMPARE_CODES if kind.base in ("code", "area") else COMPARE
    )
    return tables[lang]


@cache
def needs_space(before: str, after: str) -> bool:
    """Whether a space stands between two characters."""
    if before in "（、，；：(" or after in "（）、，；：)":
        return False
    return not (_is_chinese(before) and _is_chinese(after))


def _is_chinese(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or character in "（）、，；：“”"


CALLS = {
    "zh": {
        "age_on": "{0} 出生、到 {1} 的周岁",
        "round_to": "{0}，四舍五入到 {1}",
        "round_up_to": "{0}，向上进到 {1} 的整数倍",
        "area_at": "{0} 所在的{1}",
        "months_before": "{0} 前 {1} 个月",
        "add_months": "{0} 后 {1} 个月",
        "month_of": "{0} 所在月",
        "full_months_between": "{0} 到 {1} 的整月数",
        "same_month": "{0} 与 {1} 同月",
    },
    "en": {
        "age_on": "age on {1}, born {0}",
        "round_to": "{0}, rounded to {1}",
        "round_up_to": "{0}, rounded up to a multiple of {1}",
        "area_at": "the {1} of {0}",
        "months_before": "{1} months before {0}",
        "add_months": "{1} months after {0}",
        "month_of": "the month of {0}",
        "full_months_between": "full months from {0} to {1}",
        "same_month": "{0} and {1} are of one month",
    },
}
AGGREGATES = {
    "zh": {
        "sum": "{whose}的{value}合计",
        "count": "{whose}的数目",
        "count_distinct": "{whose}中不同{value}的个数",
        "any": "{whose}中有人{value}",
        "all": "{whose}全部{value}",
        "min": "{whose}中最小的{value}",
        "max": "{whose}中最大的{value}",
        "exists": "有{whose}的记录",
        "latest": "{whose}中最近的{value}",
    },
    "en": {
        "sum": "{value} of {whose}, added up",
        "count": "number of {whose}",
        "count_distinct": "number of different {value} in {whose}",
        "any": "any of {whose}: {value}",
        "all": "all of {whose}: {value}",
        "min": "least {value} of {whose}",
        "max": "greatest {value} of {whose}",
        "exists": "there is a record in {whose}",
        "latest": "latest {value} of {whose}",
    },
}
