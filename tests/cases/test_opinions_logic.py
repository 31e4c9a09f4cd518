"""What may be said to a proposal, and by whom it may be reviewed."""

from __future__ import annotations

from decimal import Decimal

from doudi.cases.logic.opinions import Proposed, Said, fault_of, may_review

PAYING = {"tekun": True, "dibao": True, "dibao_edge": False}
DIBAO = Proposed("eligible", "dibao", Decimal(658))
NOBODY = Proposed("not_eligible", "", None)
OPEN = Proposed("undetermined", "", None)


def said(agrees: bool, outcome: str, programme: str = "", amount: Decimal | None = None, reason: str = "因为") -> Said:
    return Said(agrees, outcome, programme, amount, reason)


def test_agreeing_repeats_the_proposal_and_needs_no_reason() -> None:
    assert fault_of(said(True, "eligible", "dibao", Decimal("658.00"), ""), DIBAO, PAYING) is None
    assert fault_of(said(True, "not_eligible", reason=""), NOBODY, PAYING) is None


def test_agreeing_with_something_else_is_refused() -> None:
    assert fault_of(said(True, "eligible", "dibao", Decimal(600)), DIBAO, PAYING) == "cases.proposal_changed"


def test_an_undetermined_proposal_cannot_be_agreed_with_and_admits_nobody() -> None:
    assert fault_of(said(True, "undetermined"), OPEN, PAYING) == "cases.facts_missing"
    assert fault_of(said(True, "eligible", "dibao", Decimal(1)), OPEN, PAYING) == "cases.facts_missing"
    assert fault_of(said(False, "eligible", "dibao", Decimal(1)), OPEN, PAYING) == "cases.facts_missing"


def test_refusing_on_missing_facts_is_departing_and_needs_a_reason() -> None:
    assert fault_of(said(False, "not_eligible"), OPEN, PAYING) is None
    assert fault_of(said(False, "not_eligible", reason="  "), OPEN, PAYING) == "cases.reason_missing"


def test_departing_needs_a_reason_and_something_different() -> None:
    assert fault_of(said(False, "eligible", "dibao", Decimal(700), ""), DIBAO, PAYING) == "cases.reason_missing"
    assert fault_of(said(False, "eligible", "dibao", Decimal(658)), DIBAO, PAYING) == "cases.nothing_departs"
    assert fault_of(said(False, "eligible", "dibao", Decimal(700)), DIBAO, PAYING) is None


def test_programme_and_amount_fit_together() -> None:
    assert fault_of(said(False, "eligible", "dibao"), NOBODY, PAYING) == "cases.amount_missing"
    assert fault_of(said(False, "eligible", "dibao_edge", Decimal(5)), NOBODY, PAYING) == "cases.amount_not_paid"
    assert fault_of(said(False, "eligible", "dibao_edge"), NOBODY, PAYING) is None
    assert fault_of(said(False, "eligible", "gold", Decimal(5)), NOBODY, PAYING) == "cases.programme_unknown"
    assert fault_of(said(False, "eligible", "dibao", Decimal(-1)), NOBODY, PAYING) == "cases.amount_not_positive"
    assert fault_of(said(False, "not_eligible", "dibao"), DIBAO, PAYING) == "cases.refusal_with_amount"
    assert fault_of(said(False, "undetermined"), DIBAO, PAYING) == "cases.programme_unknown"


def test_nobody_reviews_an_opinion_of_their_own() -> None:
    assert may_review("b", "a")
    assert not may_review("a", "a")
    assert not may_review("", "a")
