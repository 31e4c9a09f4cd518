"""One cell of an application sheet → its value, or the code and words of what is wrong with it. Nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from doudi.lib.identity_number import normalise

OBLIGORS = {"有": "有", "无": "无", "不清楚": None}
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]+0{1,2}:00(?::00)?)?")
_DIVIDERS = re.compile(r"[;,、|/\n]")

WORDS: dict[str, tuple[str, str]] = {
    "applications.date_invalid": (
        "申请日期不是有效日期，这份申请没有收下。请写成 2026-07-14。",
        "The application date is no date; the application was not taken in. Write it like 2026-07-14.",
    ),
    "applications.number_invalid": (
        "有证号长度或校验位不对，不猜是谁：这名成员的情况都是未知。请核对证件后改正。",
        "An identity number has a wrong length or check character. Nobody guesses whose it is, so all about this"
        " member is unknown. Correct it from the card.",
    ),
    "applications.signature_invalid": (
        "已签授权书的证号不对，这份授权不知道是谁签的，不能使用。请核对证件后改正。",
        "The number of a signed authorisation is wrong, so nobody knows who signed it and it cannot be used. "
        "Correct it from the card.",
    ),
    "applications.signature_of_stranger": (
        "签授权书的人不在共同生活成员中，这份授权没有记。请核对成员名单。",
        "Somebody signed who is not among the family members; the signature was not recorded. Check the list.",
    ),
    "applications.money_invalid": (
        "金额不是数字，按未知处理。请写成 1234.50。",
        "The amount is no number and is taken as unknown. Write it like 1234.50.",
    ),
    "applications.obligors_invalid": (
        "法定义务人只能填 有、无 或 不清楚，这里按不清楚处理。",
        "Obligors must be 有 (yes), 无 (none) or 不清楚 (not clear); taken as not clear.",
    ),
    "applications.no_member": (
        "没有共同生活成员，按成员未知处理。请至少填申请人。",
        "No family member is given; the members are taken as unknown. Enter at least the applicant.",
    ),
}


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell, by its column."""

    column: str
    code: str

    @property
    def message(self) -> dict[str, str]:
        zh, en = WORDS[self.code]
        return {"zh": zh, "en": en}


@dataclass(frozen=True, slots=True)
class Numbers:
    """Identity numbers of one cell in normal form, each once; `unreadable` are those that are none, as written."""

    good: tuple[str, ...]
    unreadable: tuple[str, ...] = ()


def decoded(data: bytes) -> str | None:
    """Text in UTF-8 (with or without a mark) or GB18030; None if it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def clean(cell: str) -> str:
    """A cell's text: compatibility forms folded (全角), blanks and a spreadsheet's apostrophe off its ends."""
    return unicodedata.normalize("NFKC", cell).strip().lstrip("'‘’`").strip()


def numbers(text: str) -> Numbers:
    """The identity numbers of a cell; divided by semicolons, commas, 、 or line ends."""
    good: dict[str, None] = {}
    unreadable: dict[str, None] = {}
    for part in _DIVIDERS.split(text):
        if part.strip(" '\"\t"):
            number = normalise(part)
            (unreadable if number is None else good).setdefault(number or part.strip())
    return Numbers(tuple(good), tuple(unreadable))


def day(text: str) -> date | None:
    """A day written as 2026-07-14, 2026/7/14, 2026.7.14, 2026年7月14日, 20260714, with 00:00:00 or without."""
    match = _DATE.fullmatch(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def money(text: str, column: str) -> tuple[Decimal | None, CellFault | None]:
    """Yuan; an empty cell is unknown, not zero."""
    plain = re.sub(r"[,\s]", "", text).lstrip("¥￥").removesuffix("元")
    if not plain:
        return None, None
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 12 or amount != round(amount, 2):
        return None, CellFault(column, "applications.money_invalid")
    return amount, None


def obligors(text: str, column: str) -> tuple[str | None, CellFault | None]:
    """有, 无, or None where it is not clear."""
    if not text or text in OBLIGORS:
        return OBLIGORS.get(text), None
    return None, CellFault(column, "applications.obligors_invalid")
