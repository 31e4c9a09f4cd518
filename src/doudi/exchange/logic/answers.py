"""Yes, no, not known: what can be said of one person and one recognition on a day. Not known is never no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

YES, NO, UNKNOWN = "yes", "no", "unknown"
ANSWERS = (YES, NO, UNKNOWN)
REASONS = {
    "": ("", ""),
    "not_registered": (
        "登记里没有这个人。请核对证号；确有困难的，请本人到所在乡镇提出。",
        "The person is not in the register. Check the number; who is in need may apply at the township.",
    ),
    "name_differs": ("姓名和登记的不一样。请核对。", "The name is not the registered one. Check it."),
    "elsewhere": ("这个人不在贵单位可以查询的地区。", "The person is not in the area you may ask about."),
    "no_ledger": ("还没有收到台账，答不了。", "No ledger has been received; it cannot be told."),
    "ledger_too_old": ("台账太旧，答不了。请过几天再问。", "The ledger is too old to tell. Ask again in some days."),
    "ledger_in_doubt": (
        "台账里这个人的一行有疑问，正在核实。",
        "The person’s row in the ledger is in doubt and being looked into.",
    ),
    "no_household": (
        "还不知道这个人在哪一户，台账按户记，答不了。请核对户籍，或请本人到所在乡镇核实。",
        "It is not known which household the person belongs to, and the ledger is by household. Check the register.",
    ),
    "day_not_covered": ("问的日子不在台账范围里。", "The day asked about is outside what the ledger covers."),
}
"""Why it is not known and what to do, in both languages."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, why not more, and what day the data are of."""

    value: str
    reason: str = ""
    data_as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to answer from."""

    registered: bool
    name_fits: bool
    in_area: bool
    labelled: bool
    in_doubt: bool
    placed: bool
    """Whether it is known which household they belonged to on the day: recognition comes through it."""
    ledger_as_of: date | None
    """The day the newest ledger speaks for; None if none was received."""


def answer(known: Known, on: date, today: date, max_age_days: int) -> Answer:
    """The answer for a day. A no is said only of days the newest ledger speaks for, and only while it is fresh."""
    if not known.registered:
        return Answer(UNKNOWN, "not_registered")
    if not known.name_fits:
        return Answer(UNKNOWN, "name_differs")
    if not known.in_area:
        return Answer(UNKNOWN, "elsewhere")
    if known.ledger_as_of is None:
        return Answer(UNKNOWN, "no_ledger")
    if today - known.ledger_as_of > timedelta(days=max_age_days):
        return Answer(UNKNOWN, "ledger_too_old", known.ledger_as_of)
    if on > today:
        return Answer(UNKNOWN, "day_not_covered", known.ledger_as_of)
    if known.labelled:
        return Answer(YES, "", known.ledger_as_of)
    if known.in_doubt:
        return Answer(UNKNOWN, "ledger_in_doubt", known.ledger_as_of)
    if abs(on - known.ledger_as_of) > timedelta(days=max_age_days):
        return Answer(UNKNOWN, "day_not_covered", known.ledger_as_of)
    if not known.placed:
        return Answer(UNKNOWN, "no_household", known.ledger_as_of)
    return Answer(NO, "", known.ledger_as_of)
