"""Results as table rows: places/<code>/outputs.yaml says which quantity stands in which column, and in what words.

Nothing of one place is known here. Reading the file is in `outputs_reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from doudi.engine.proposal import Missing, Proposal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ListItem:
    """One word of a list column: shown when the quantity is known and is (or is not) true."""

    label: str
    quantity: str
    shown_if: bool


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """What a proposal's outcome is called. `pending` and `undetermined` are templates ({programme}, {missing})."""

    eligible: Mapping[str, str]
    pending: Mapping[str, str]
    not_eligible: str
    undetermined: str
    name_first: tuple[str, ...]
    """Facts named before others when several are missing."""


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column takes its text from exactly one of given, quantity, outcome, amount, items."""

    name: str
    format: str = "shortest"
    given: str | None = None
    quantity: str | None = None
    outcome: OutcomeWords | None = None
    amount: tuple[str, ...] = ()
    items: tuple[ListItem, ...] = ()
    separator: str = ""
    blank: tuple[str, ...] = ()
    """Values printed as nothing."""


@dataclass(frozen=True, slots=True)
class OutputTable:
    """One file of results: a row per household or per person."""

    name: str
    one_row_per: str
    columns: tuple[OutputColumn, ...]


def row(
    table: OutputTable, proposal: Proposal, *, given: Mapping[str, str], person: str | None = None
) -> dict[str, str]:
    """The row of one household (or of `person`), in column order; what is unknown or does not apply is blank."""
    return {column.name: _cell(column, proposal, given, person) for column in table.columns}


def _cell(column: OutputColumn, proposal: Proposal, given: Mapping[str, str], person: str | None) -> str:
    if column.given is not None:
        return given[column.given]
    if column.outcome is not None:
        return _outcome(column.outcome, proposal)
    if column.amount:
        paid = proposal.outcome == "eligible" and proposal.programme in column.amount
        return _written(proposal.amount if paid else None, column)
    if column.items:
        shown = (item.label for item in column.items if _value(proposal, item.quantity, person) is item.shown_if)
        return column.separator.join(shown)
    return _written(_value(proposal, column.quantity or "", person), column)


def _value(proposal: Proposal, name: str, person: str | None) -> object:
    subject = person if name.startswith("person.") else proposal.household
    return proposal.values.get((name, subject or ""))


def _outcome(words: OutcomeWords, proposal: Proposal) -> str:
    if proposal.outcome == "not_eligible":
        return words.not_eligible
    if proposal.outcome == "undetermined":
        return words.undetermined.format(missing=_first_missing(words, proposal.missing))
    label = words.eligible.get(proposal.programme or "", proposal.programme or "")
    if proposal.pending:
        return words.pending.get(proposal.pending, "{programme}").format(programme=label)
    return label


def _first_missing(words: OutcomeWords, missing: tuple[Missing, ...]) -> str:
    """A missing requirement is named before any fact, then the facts of `name_first`, then the first one asked."""
    ranked = {name: index for index, name in enumerate(words.name_first)}
    ordered = sorted(missing, key=lambda item: (item.requirement is None, ranked.get(item.fact, len(ranked))))
    return ordered[0].label["zh"] if ordered else ""


def _written(value: object, column: OutputColumn) -> str:
    if value is None:
        return ""
    text = FORMATS[column.format](value)
    return "" if text in column.blank else text


def _two_decimals(value: object) -> str:
    return str(_number(value).quantize(CENT, rounding=ROUND_HALF_UP) + Decimal("0.00"))


def _integer(value: object) -> str:
    return str(_number(value).quantize(Decimal(1), rounding=ROUND_HALF_UP) + 0)


def _shortest(value: object) -> str:
    """Whole numbers without decimals, others with two."""
    rounded = _number(value).quantize(CENT, rounding=ROUND_HALF_UP)
    return _integer(rounded) if rounded == rounded.to_integral_value() else str(rounded)


def _zero_one(value: object) -> str:
    if not isinstance(value, bool):
        raise TypeError(type(value).__name__)
    return "1" if value else "0"


def _code(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise TypeError(type(value).__name__)
    return Decimal(value)


FORMATS: Mapping[str, Callable[[object], str]] = {
    "two_decimals": _two_decimals,
    "integer": _integer,
    "shortest": _shortest,
    "zero_one": _zero_one,
    "code": _code,
}
