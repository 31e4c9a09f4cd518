"""The proposal of the engine: stored with what it was made from, replayed to the same bytes, open where facts miss."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from doudi.cases.actions import assess, assess_many, enter_application, supplement_application
from doudi.cases.logic.missing import lacks_of
from doudi.cases.logic.stored import proposal_bytes
from doudi.cases.models import Application, Assessment
from doudi.cases.queries import open_assessment, proposal_of
from doudi.cases.queries.proposals import replayed, stored_case
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Unavailable
from doudi.core.vault import VaultError, vault
from doudi.engine.case import canonical
from doudi.rulebook.queries import by_hash
from tests.cases.conftest import APPLIED, AT, DELIVERY, HEAD, SON, WIFE, County, entry, staff

pytestmark = pytest.mark.django_db


def test_a_family_below_the_line_is_proposed_for_dibao(assessed: Callable[..., Application]) -> None:
    found = open_assessment(assessed().id)
    assert found is not None
    assert (found.outcome, found.programme, found.pending) == ("eligible", "dibao", "")
    # three people at 650.00, 150.00 declared, a tenth of the line each for one over 70 and one under 18
    assert found.amount == Decimal(650 * 3 - 150 + 65 + 65)
    assert found.as_of == APPLIED


def test_a_proposal_replays_to_the_same_bytes(assessed: Callable[..., Application]) -> None:
    found = open_assessment(assessed().id)
    assert found is not None
    first = proposal_bytes(replayed(found))
    by_hash.cache_clear()
    again = Assessment.objects.get(pk=found.pk)
    assert proposal_bytes(replayed(again)) == first
    for level in ("township", "officer"):
        one, two = (canonical(proposal_of(found.id, level)) for _ in range(2))
        assert one == two


def test_a_proposal_stays_as_it_was_when_the_lists_change(county: County, assessed: Callable[..., Application]) -> None:
    found = open_assessment(assessed().id)
    assert found is not None
    before = canonical(proposal_of(found.id, "officer"))
    county.deliver(WIFE, "shuiwu_gongzi", month=datetime.date(2026, 1, 1), amount=Decimal(90000))
    assert canonical(proposal_of(found.id, "officer")) == before


def test_inputs_are_stored_encrypted_and_bound_to_their_row(assessed: Callable[..., Application]) -> None:
    found = open_assessment(assessed().id)
    assert found is not None and found.inputs_enc is not None
    assert b"declared_other_income" not in bytes(found.inputs_enc)
    assert stored_case(found)["as_of"] == "2026-07-14"
    other = Assessment(id=None, inputs_enc=found.inputs_enc, inputs_digest=found.inputs_digest)
    with pytest.raises(VaultError):
        stored_case(other)


def test_inputs_that_are_not_what_their_digest_says_are_refused(assessed: Callable[..., Application]) -> None:
    found = open_assessment(assessed().id)
    assert found is not None
    case = stored_case(found)
    case["household"]["declared_other_income"] = "0.00"
    sealed = vault().encrypt(f"cases_assessment|inputs|{found.id}", canonical(case))
    Assessment.objects.filter(pk=found.pk).update(inputs_enc=sealed)
    with pytest.raises(Malformed) as refused:
        proposal_of(found.id)
    assert refused.value.code == "cases.inputs_differ"


def test_after_retention_only_the_digest_is_left(assessed: Callable[..., Application]) -> None:
    found = open_assessment(assessed().id)
    assert found is not None
    Assessment.objects.filter(pk=found.pk).update(inputs_enc=None)
    with pytest.raises(Unavailable) as refused:
        proposal_of(found.id)
    assert refused.value.code == "cases.inputs_deleted"


def test_what_was_proposed_is_never_rewritten(assessed: Callable[..., Application]) -> None:
    found = open_assessment(assessed().id)
    assert found is not None
    for change in ({"outcome": "not_eligible", "programme": ""}, {"amount": Decimal(1)}, {"inputs_digest": "0" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assessment.objects.filter(pk=found.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_assessment WHERE id = %s", [found.pk])


def test_a_newer_proposal_replaces_the_open_one(
    county: County, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed()
    first = open_assessment(made.id)
    second = assess(actor=handler, at=AT, application=made.id, rulebook=county.rulebook)
    assert first is not None and first.id != second.id
    assert open_assessment(made.id) == second
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=first.id).update(superseded_at=None)


def test_a_missing_authorisation_leaves_it_undetermined_and_names_the_person(
    county: County, assessed: Callable[..., Application]
) -> None:
    found = open_assessment(assessed(signed=(HEAD,)).id)
    assert found is not None
    assert (found.outcome, found.programme, found.amount) == ("undetermined", "", None)
    lacks = lacks_of(found.missing, county.rulebook, "zh")
    assert [(lack.remedy, lack.persons) for lack in lacks] == [("sign", (str(county.ids[WIFE]),))]


def test_no_answer_from_the_banks_is_not_no_savings(county: County, assessed: Callable[..., Application]) -> None:
    county.lake.held["yinhang_jinrong"].pop(vault().person_key(WIFE))
    found = open_assessment(assessed().id)
    assert found is not None and found.outcome == "undetermined"
    lacks = lacks_of(found.missing, county.rulebook, "zh")
    assert [(lack.remedy, lack.label) for lack in lacks] == [("wait", "金融资产")]


def test_an_unknown_household_number_leaves_it_undetermined(
    county: County, assessed: Callable[..., Application]
) -> None:
    found = open_assessment(assessed(household_number="YX999999").id)
    assert found is not None and found.outcome == "undetermined"
    assert "register" in {lack.remedy for lack in lacks_of(found.missing, county.rulebook, "zh")}


def test_obligors_not_cleared_up_leave_tekun_open_and_dibao_goes_on(
    county: County, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed(members=(HEAD,), signed=(HEAD,), declared={**entry().declared, "household.obligor_status": None})
    found = open_assessment(made.id)
    assert found is not None
    assert (found.outcome, found.programme, found.pending) == ("eligible", "dibao", "tekun")
    assert [lack.remedy for lack in lacks_of(found.missing, county.rulebook, "zh")] == ["ask"]
    later = AT + datetime.timedelta(hours=1)
    supplement_application(actor=handler, at=later, application=made.id, declared={"household.obligor_status": "无"})
    assert open_assessment(made.id) is None
    again = assess(actor=handler, at=AT, application=made.id, rulebook=county.rulebook)
    assert (again.outcome, again.programme, again.pending) == ("eligible", "tekun", "")


def test_a_case_that_cannot_be_worked_out_does_not_stop_the_others(county: County) -> None:
    system = Actor.system()
    before_all_figures = datetime.date(2001, 1, 1)
    bad = enter_application(actor=system, at=AT, entry=entry(number="B1", applied_on=before_all_figures))
    good = enter_application(actor=system, at=AT, entry=entry(number="B2"))
    made = assess_many(actor=system, at=AT, applications=[bad.id, good.id], rulebook=county.rulebook)
    assert [one.outcome for one in made] == ["undetermined", "eligible"]
    assert made[0].problem["code"].startswith("run.") and made[0].problem["zh"] and made[0].problem["en"]
    with pytest.raises(Unavailable):
        proposal_of(made[0].id)


def test_the_lake_is_read_once_a_feed_for_a_batch(county: County) -> None:
    system = Actor.system()
    made = [enter_application(actor=system, at=AT, entry=entry(number=f"B{place}")) for place in range(5)]
    county.lake.reads.clear()
    assess_many(actor=system, at=AT, applications=[row.id for row in made], rulebook=county.rulebook)
    assert sorted(county.lake.reads) == sorted(set(county.lake.reads))


def test_the_township_sees_totals_and_over_or_under_and_no_rows(
    county: County, assessed: Callable[..., Application]
) -> None:
    county.deliver(WIFE, "shuiwu_gongzi", month=datetime.date(2026, 1, 1), amount=Decimal("1234.56"))
    found = open_assessment(assessed().id)
    assert found is not None
    officer = proposal_of(found.id, "officer")
    township = proposal_of(found.id, "township")
    assert "1,234.56" in json.dumps(officer) and str(DELIVERY) in json.dumps(officer)
    names = {step["name"] for step in township["steps"]}
    assert "household.income_per_head" in names and "household.exceeds_financial_limit" in names
    assert not {name for name in names if name.startswith("person.wage") or "financial_assets" in name}
    text = json.dumps(township)
    assert "1,234.56" not in text and "1234.56" not in text
    assert "1,000.00" not in text, "no bank balance"
    assert all(not source["rows"] for step in township["steps"] for source in step["sources"])
    assert not {name for name in township["values"] if "financial_assets" in name}


def test_only_the_staff_of_the_township_asks_the_engine(county: County, verified: Callable[..., Application]) -> None:
    from doudi.core.errors import Forbidden

    made = verified()
    for actor in (staff("reviewer"), staff("auditor"), staff("handler", "990101002")):
        with pytest.raises(Forbidden):
            assess(actor=actor, at=AT, application=made.id, rulebook=county.rulebook)
    assert SON
