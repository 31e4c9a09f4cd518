"""What a rule leaves to a person: asked for, chosen with a reason by one who may, part of proposal and replay."""

from __future__ import annotations

import datetime
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from doudi.audit.models import Entry
from doudi.cases.actions import assess, choose_discretion, propose_opinion
from doudi.cases.logic.discretion import Chosen
from doudi.cases.logic.missing import lacks_of
from doudi.cases.models import Application, Discretion
from doudi.cases.queries import open_assessment
from doudi.cases.queries.proposals import stored_case
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Refused
from doudi.engine.rulebook import Rulebook
from doudi.rulebook.actions import publish
from doudi.rulebook.queries import current
from tests.cases.conftest import APPLIED, AT, COUNTY, POLICY, County, staff
from tests.cases.signing_in import signed_in

pytestmark = pytest.mark.django_db
POINT = "household.discretion_hardship"
FACT = """
facts:
  household.discretion_hardship:
    type: code
    source: discretion
    label: {zh: 是否确有困难, en: whether hardship is real}
    meaning: {zh: 看清情况后综合判断。, en: On the whole of the case.}
    codes:
      确有困难: {zh: 确有困难, en: there is hardship}
      没有困难: {zh: 没有困难, en: there is none}
"""
RULE = """
rules:
  household.qualifies_for_dibao:
    type: boolean
    sensitivity: ordinary
    label: {zh: 符合低保条件, en: qualifies for Dibao}
    formula: household.is_below_line and household.meets_asset_test and discretion(hardship) = 确有困难
    basis: [{document: 样例, sample: yes}]
    yes: {zh: 符合。, en: Qualifies.}
    no: {zh: 不符合。, en: Does not.}
"""


@pytest.fixture
def leaving(county: County, tmp_path: Path) -> Rulebook:
    """A rulebook that leaves something to a person, in force."""
    root = tmp_path / "policy"
    shutil.copytree(POLICY, root)
    (root / "facts" / "hardship.yaml").write_text(FACT, encoding="utf-8")
    (root / "places" / COUNTY / "hardship.yaml").write_text(RULE, encoding="utf-8")
    publish(actor=Actor.system(), at=AT, root=root, place=COUNTY, effective_on=datetime.date(2026, 7, 1))
    county.rulebook = current(COUNTY, APPLIED)
    return county.rulebook


def chosen(reason: str = "丈夫刚走，家里断了收入。", choice: str = "确有困难", fact: str = POINT) -> list[Chosen]:
    return [Chosen(fact, None, choice, reason)]


def test_an_open_point_leaves_the_proposal_undetermined_and_asks_the_staff(
    leaving: Rulebook, assessed: Callable[..., Application]
) -> None:
    found = open_assessment(assessed().id)
    assert found is not None and found.outcome == "undetermined"
    assert [(lack.fact, lack.remedy) for lack in lacks_of(found.missing, leaving, "zh")] == [(POINT, "choose")]


@pytest.mark.parametrize(("choice", "programme"), [("确有困难", "dibao"), ("没有困难", "rigid_expenditure")])
def test_the_choice_decides_and_is_kept_with_its_reason(
    leaving: Rulebook, assessed: Callable[..., Application], handler: Actor, choice: str, programme: str
) -> None:
    made = assessed()
    choose_discretion(actor=handler, at=AT, application=made.id, rulebook=leaving, chosen=chosen(choice=choice))
    assert open_assessment(made.id) is None
    found = assess(actor=handler, at=AT, application=made.id, rulebook=leaving)
    assert (found.outcome, found.programme) == ("eligible", programme)
    given = stored_case(found)["household"]["discretion_hardship"]
    assert given == {"choice": choice, "reason": "丈夫刚走，家里断了收入。"}
    entry = Entry.objects.get(verb="cases.choose_discretion")
    assert "丈夫" not in str(entry.reason)


def test_a_later_choice_replaces_the_earlier_which_is_kept(
    leaving: Rulebook, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed()
    for choice in ("没有困难", "确有困难"):
        choose_discretion(actor=handler, at=AT, application=made.id, rulebook=leaving, chosen=chosen(choice=choice))
    rows = Discretion.objects.filter(application=made).order_by("chosen_at")
    assert [(row.choice, row.replaced_at is None) for row in rows] in (
        [("没有困难", False), ("确有困难", True)],
        [("确有困难", True), ("没有困难", False)],
    )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_discretion SET reason = 'other'")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (chosen(reason="  "), "cases.reason_missing"),
        (chosen(choice="也许"), "cases.choice_unknown"),
        (chosen(fact="household.obligor_status"), "cases.discretion_unknown"),
        ([], "cases.nothing_chosen"),
    ],
)
def test_a_choice_without_reason_or_off_the_list_is_refused(
    leaving: Rulebook, assessed: Callable[..., Application], handler: Actor, given: list[Chosen], code: str
) -> None:
    with pytest.raises(Malformed) as refused:
        choose_discretion(actor=handler, at=AT, application=assessed().id, rulebook=leaving, chosen=given)
    assert refused.value.code == code and not Discretion.objects.exists()


@pytest.mark.parametrize("actor", [Actor.system(), staff("registrar"), staff("reviewer")], ids=lambda a: a.role)
def test_neither_the_machine_nor_one_without_the_right_may_choose(
    leaving: Rulebook, assessed: Callable[..., Application], actor: Actor
) -> None:
    with pytest.raises(Forbidden):
        choose_discretion(actor=actor, at=AT, application=assessed().id, rulebook=leaving, chosen=chosen())


def test_nothing_is_chosen_once_an_opinion_lies_on_the_proposal(
    leaving: Rulebook, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed()
    choose_discretion(actor=handler, at=AT, application=made.id, rulebook=leaving, chosen=chosen())
    assess(actor=handler, at=AT, application=made.id, rulebook=leaving)
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    with pytest.raises(Refused) as refused:
        choose_discretion(actor=handler, at=AT, application=made.id, rulebook=leaving, chosen=chosen("再看。"))
    assert refused.value.code == "cases.wrong_state"


def test_the_page_asks_for_a_choice_and_a_reason_and_loses_nothing(
    leaving: Rulebook, assessed: Callable[..., Application]
) -> None:
    made = assessed()
    client, _actor = signed_in("handler")
    address = reverse("cases:discretion", args=[made.id])
    assert address in client.get(reverse("cases:application", args=[made.id])).content.decode()
    assert "确有困难" in client.get(address).content.decode()
    again = client.post(address, {f"choice:{POINT}@": "确有困难", f"reason:{POINT}@": ""})
    assert again.status_code == 200 and "请写明理由" in again.content.decode() and "checked" in again.content.decode()
    assert client.post(address, {f"choice:{POINT}@": "确有困难", f"reason:{POINT}@": "断了收入。"}).status_code == 302
    assert Discretion.objects.get().reason == "断了收入。"
    assert "断了收入。" in client.get(address).content.decode()


def test_the_reasons_show_what_was_chosen_and_why(
    leaving: Rulebook, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed()
    choose_discretion(actor=handler, at=AT, application=made.id, rulebook=leaving, chosen=chosen())
    assess(actor=handler, at=AT, application=made.id, rulebook=leaving)
    client, _actor = signed_in("reviewer")
    text = client.get(reverse("cases:decision", args=[made.id])).content.decode()
    assert "由工作人员选定：确有困难。理由：丈夫刚走，家里断了收入。" in text


def test_a_page_opened_before_others_chose_still_means_what_it_said(
    leaving: Rulebook, assessed: Callable[..., Application], handler: Actor
) -> None:
    """Fields are named by point and person: nothing shifts when a colleague has chosen meanwhile."""
    made = assessed()
    client, _actor = signed_in("handler")
    address = reverse("cases:discretion", args=[made.id])
    choose_discretion(
        actor=handler, at=AT, application=made.id, rulebook=leaving, chosen=chosen("先看过。", "没有困难")
    )
    stranger = uuid.uuid4()
    sent = {f"choice:{POINT}@": "确有困难", f"reason:{POINT}@": "再看。", f"choice:{POINT}@{stranger}": "没有困难"}
    assert client.post(address, sent).status_code == 302
    standing = Discretion.objects.get(replaced_at__isnull=True)
    assert (standing.choice, standing.reason, standing.person_id) == ("确有困难", "再看。", None)


def test_a_choice_left_as_it_stood_stays_its_makers(
    leaving: Rulebook, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed()
    choose_discretion(actor=handler, at=AT, application=made.id, rulebook=leaving, chosen=chosen())
    client, _actor = signed_in("handler")
    sent = {f"choice:{POINT}@": "确有困难", f"reason:{POINT}@": chosen()[0].reason}
    client.post(reverse("cases:discretion", args=[made.id]), sent)
    assert Discretion.objects.get().chosen_by == handler.account_id
