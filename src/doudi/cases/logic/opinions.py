"""What a handler may say to a proposal, and what a second person may say to that. Decides; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the engine proposed."""

    outcome: str
    programme: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says instead, or repeats."""

    agrees: bool
    outcome: str
    programme: str
    amount: Decimal | None
    reason: str


def fault_of(said: Said, proposed: Proposed, paying: dict[str, bool]) -> str | None:
    """The code of what is wrong with an opinion, or None. `paying`: programmes that may be named, and whether they pay.

    Whoever agrees says what was proposed. An undetermined proposal cannot be agreed with, and nobody is admitted on
    facts that are missing. Departing needs a reason.
    """
    if proposed.outcome == "undetermined" and (said.agrees or said.outcome == "eligible"):
        return "cases.facts_missing"
    same = (said.outcome, said.programme, said.amount) == (proposed.outcome, proposed.programme, proposed.amount)
    if said.agrees:
        return None if same else "cases.proposal_changed"
    if same:
        return "cases.nothing_departs"
    if not said.reason.strip():
        return "cases.reason_missing"
    return _shape(said, paying)


def _shape(said: Said, paying: dict[str, bool]) -> str | None:
    if said.outcome == "not_eligible":
        return None if not said.programme and said.amount is None else "cases.refusal_with_amount"
    if said.outcome != "eligible" or said.programme not in paying:
        return "cases.programme_unknown"
    if paying[said.programme] != (said.amount is not None):
        return "cases.amount_missing" if paying[said.programme] else "cases.amount_not_paid"
    return "cases.amount_not_positive" if said.amount is not None and said.amount <= 0 else None


def may_review(reviewer: str, proposer: str) -> bool:
    """Two people: whoever proposed does not review."""
    return bool(reviewer) and reviewer != proposer
