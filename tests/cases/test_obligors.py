"""Those obliged to support a member: asked where the rules need them, written down, changed, taken off, or nobody."""

from __future__ import annotations

import datetime
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from doudi.audit.models import Entry
from doudi.cases.actions import assess, declare_no_obligors, propose_opinion, put_obligor, remove_obligor
from doudi.cases.logic.missing import lacks_of
from doudi.cases.logic.obligors import asked_of_obligors
from doudi.cases.models import Application
from doudi.cases.queries import open_assessment
from doudi.cases.queries.proposals import proposal_of, stored_case
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Missing, Refused
from doudi.engine.rulebook import Rulebook
from doudi.registry.logic.obligors import Obligor
from doudi.registry.models import ObligorStatement
from doudi.registry.queries import obligors_said
from doudi.rulebook.actions import publish
from doudi.rulebook.queries import current
from tests.cases.conftest import APPLIED, AT, COUNTY, HEAD, POLICY, SON, WIFE, County, staff
from tests.cases.signing_in import signed_in

pytestmark = pytest.mark.django_db
BASIS = "basis: {document: 样例, sample: yes}"
SUPPORT = f"""
parameters:
  support_is_counted:
    values:
      - {{area: '9901', from: 2020-01-01, value: yes, {BASIS}}}
  support_rate_of_few:
    values:
      - {{area: '9901', from: 2020-01-01, value: 0.5, {BASIS}}}
  support_rate_of_many:
    values:
      - {{area: '9901', from: 2020-01-01, value: 0.4, {BASIS}}}
"""
PAID = {"income": "900", "people": "3", "supported": "2", "paid": "120.50"}


@pytest.fixture
def counting(county: County, tmp_path: Path) -> Rulebook:
    """A prefecture that counts support by obligors as income."""
    root = tmp_path / "policy"
    shutil.copytree(POLICY, root)
    (root / "places" / "9901" / "support.yaml").write_text(SUPPORT, encoding="utf-8")
    publish(actor=Actor.system(), at=AT, root=root, place=COUNTY, effective_on=datetime.date(2026, 7, 1))
    county.rulebook = current(COUNTY, APPLIED)
    return county.rulebook


def daughter(**facts: str | None) -> Obligor:
    return Obligor(uuid.uuid4(), "李小红", "child", "望江镇", {**PAID, **facts})


def lacking(application: Application, rulebook: Rulebook) -> list[tuple[str, str, int]]:
    found = open_assessment(application.id)
    assert found is not None
    return [(lack.fact, lack.remedy, len(lack.persons)) for lack in lacks_of(found.missing, rulebook, "zh")]


def test_only_what_the_chains_read_is_asked_and_nothing_where_they_read_nothing(
    county: County, counting: Rulebook
) -> None:
    assert [fact.name for fact in asked_of_obligors(counting)] == list(PAID)
    assert asked_of_obligors(current(COUNTY, datetime.date(2026, 6, 1))) == []


def test_what_has_not_been_asked_is_missing_and_nobody_is_an_answer(
    county: County, counting: Rulebook, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed()
    assert lacking(made, counting) == [("person.obligor", "list", 3)]
    people = [county.ids[HEAD], county.ids[WIFE], county.ids[SON]]
    declare_no_obligors(actor=handler, at=AT, application=made.id, persons=people)
    assert open_assessment(made.id) is None, "the proposal made before stands no longer"
    found = assess(actor=handler, at=AT, application=made.id, rulebook=counting)
    assert (found.outcome, found.programme) == ("eligible", "dibao")
    assert [person["records"]["obligor"] for person in stored_case(found)["persons"]] == [[], [], []]


def test_support_by_an_obligor_is_counted_in_the_decision(
    county: County, counting: Rulebook, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed()
    others = [county.ids[WIFE], county.ids[SON]]
    declare_no_obligors(actor=handler, at=AT, application=made.id, persons=others)
    before = assess(actor=handler, at=AT, application=made.id, rulebook=counting)
    assert before.outcome == "undetermined"
    put = {"actor": handler, "at": AT, "application": made.id, "rulebook": counting, "person": county.ids[HEAD]}
    put_obligor(**put, obligor=daughter())
    found = assess(actor=handler, at=AT, application=made.id, rulebook=counting)
    values = proposal_of(found.id, "officer")["values"]
    assert found.outcome == "eligible" and values["household.support_income"] == "120.50"
    assert "李小红" not in str(stored_case(found)), "who they are is no business of the rules"


def test_one_fact_not_known_leaves_the_case_open_and_names_whose_it_is(
    county: County, counting: Rulebook, assessed: Callable[..., Application], handler: Actor
) -> None:
    made, head = assessed(), county.ids[HEAD]
    declare_no_obligors(actor=handler, at=AT, application=made.id, persons=[county.ids[WIFE], county.ids[SON]])
    put = {"actor": handler, "at": AT, "application": made.id, "rulebook": counting, "person": head}
    put_obligor(**put, obligor=daughter(income=None))
    assess(actor=handler, at=AT, application=made.id, rulebook=counting)
    assert lacking(made, counting) == [("obligor.income", "list", 1)]


def test_one_is_changed_and_taken_off_and_every_list_is_kept(
    county: County, counting: Rulebook, entered: Callable[..., Application], registrar: Actor
) -> None:
    made, head, one = entered(), county.ids[HEAD], daughter()
    put = {"actor": registrar, "at": AT, "application": made.id, "rulebook": counting, "person": head}
    put_obligor(**put, obligor=one)
    put_obligor(**put, obligor=Obligor(one.id, "李小红", "child", "柳河村", {**PAID, "paid": "0"}))
    asking = (head, made.number)
    held = obligors_said([asking], APPLIED)[asking]
    assert held is not None and [(o.residence, o.facts["paid"]) for o in held] == [("柳河村", "0")]
    remove_obligor(actor=registrar, at=AT, application=made.id, person=head, obligor=one.id)
    assert obligors_said([asking], APPLIED) == {asking: None}, "nobody left is not yet nobody"
    assert ObligorStatement.objects.filter(person_id=head, application=made.number).count() == 3
    said = Entry.objects.filter(verb="registry.record_obligors")
    assert said.count() == 3 and not any("李小红" in str(vars(entry)) for entry in said)
    with pytest.raises(Missing):
        remove_obligor(actor=registrar, at=AT, application=made.id, person=head, obligor=one.id)


@pytest.mark.parametrize(
    ("obligor", "code"),
    [
        (Obligor(uuid.uuid4(), " ", "child"), "cases.obligor_unnamed"),
        (Obligor(uuid.uuid4(), "李小红", "child", "", {"shoe_size": "38"}), "cases.obligor_fact"),
        (Obligor(uuid.uuid4(), "李小红", "neighbour"), "registry.obligor_relation"),
    ],
)
def test_what_the_rules_do_not_ask_is_refused(
    county: County,
    counting: Rulebook,
    entered: Callable[..., Application],
    registrar: Actor,
    obligor: Obligor,
    code: str,
) -> None:
    put = {"actor": registrar, "at": AT, "application": entered().id, "rulebook": counting}
    with pytest.raises(Malformed) as refused:
        put_obligor(**put, person=county.ids[HEAD], obligor=obligor)
    assert refused.value.code == code and not ObligorStatement.objects.exists()
    with pytest.raises(Malformed):
        put_obligor(**put, person=uuid.uuid4(), obligor=daughter())


def test_neither_the_reviewer_nor_another_township_nor_anybody_after_an_opinion_may_change_them(
    county: County, counting: Rulebook, assessed: Callable[..., Application], handler: Actor
) -> None:
    made, people = assessed(), [county.ids[HEAD], county.ids[WIFE], county.ids[SON]]
    for actor in (staff("reviewer"), staff("registrar", "990101002")):
        with pytest.raises(Forbidden):
            declare_no_obligors(actor=actor, at=AT, application=made.id, persons=people)
    declare_no_obligors(actor=handler, at=AT, application=made.id, persons=people)
    assess(actor=handler, at=AT, application=made.id, rulebook=counting)
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    with pytest.raises(Refused):
        declare_no_obligors(actor=handler, at=AT, application=made.id, persons=people)


def test_the_pages_ask_for_each_member_and_lose_nothing_typed(
    county: County, counting: Rulebook, assessed: Callable[..., Application]
) -> None:
    made, head = assessed(), county.ids[HEAD]
    client, actor = signed_in("registrar")
    listed, one = reverse("cases:obligors", args=[made.id]), reverse("cases:obligor", args=[made.id, head])
    assert listed in client.get(reverse("cases:application", args=[made.id])).content.decode()
    assert client.get(listed).content.decode().count("还没问") >= 3
    typed = {"obligor_name": "李小红", "obligor_relation": "child", "obligor_residence": "望江镇", **PAID}
    wrong = client.post(one, {**typed, "people": "0"})
    assert wrong.status_code == 400 and "李小红" in wrong.content.decode()
    assert client.post(one, {**typed, "income": "", "income_unclear": "on"}).status_code == 302
    text = client.get(listed).content.decode()
    assert "李小红" in text and "望江镇" in text and "还没问清" in text and "120.50" in text
    asking = (head, made.number)
    held = (obligors_said([asking], APPLIED)[asking] or ())[0]
    again = reverse("cases:obligor", args=[made.id, head, held.id])
    assert "李小红" in client.get(again).content.decode()
    assert client.post(again, typed).status_code == 302
    assert [dict(o.facts) for o in obligors_said([asking], APPLIED)[asking] or ()] == [PAID]
    assert client.post(listed, {"persons": [str(county.ids[WIFE]), str(county.ids[SON])]}).status_code == 302
    assert client.get(listed).content.decode().count("没有法定义务人") >= 2
    assert client.post(reverse("cases:remove_obligor", args=[made.id, head, held.id])).status_code == 302
    assert Entry.objects.filter(verb="cases.open_obligors", account_id=actor.account_id).exists()
    for role, area, status in (("reviewer", "990101001", 403), ("registrar", "990101002", 403)):
        assert signed_in(role, area)[0].get(listed).status_code == status


def test_where_the_rules_do_not_ask_there_is_nothing_to_fill_in(
    county: County, entered: Callable[..., Application]
) -> None:
    made = entered()
    client, _actor = signed_in("registrar")
    assert (
        reverse("cases:obligors", args=[made.id])
        not in client.get(reverse("cases:application", args=[made.id])).content.decode()
    )
    assert "不问义务人" in client.get(reverse("cases:obligors", args=[made.id])).content.decode()
    assert client.get(reverse("cases:obligor", args=[made.id, county.ids[HEAD]])).status_code == 404
