"""The application form: a page a topic, errors that keep what was typed, nothing personal in addresses, one hand-in."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from doudi.audit.models import Entry, EntrySubject
from doudi.cases.logic.wizard import TOPICS, Answers, from_data, to_data
from doudi.cases.models import Application, Draft
from doudi.cases.queries.drafts import answers_of
from doudi.registry.models import Declaration, Household, Membership
from doudi.verification.models import Authorisation
from tests.cases.conftest import ELSEWHERE, HEAD, SON, WIFE, County
from tests.cases.signing_in import signed_in

pytestmark = pytest.mark.django_db
DAY = "2026-07-14"
FULL_NUMBER = re.compile(r"99\d{15}[\dX]")


def begin(client: Client) -> Draft:
    client.post(reverse("cases:new"))
    return Draft.objects.get()


def page(draft: Draft, topic: str) -> str:
    return reverse("cases:topic", args=[draft.id, topic])


def answer(client: Client, draft: Draft, upto: str = "check") -> None:
    """Every topic before one."""
    given: dict[str, dict[str, object]] = {
        "applicant": {"applied_on": DAY, "applicant": HEAD, "household_number": "yx000001"},
        "members": {"members": ["0", "1", "2"], "others": ""},
        "income": {"declared_other_income": "150"},
        "spending": {"education_spending_unclear": "on"},
        "obligors": {"obligor_status": "有"},
        "authorisations": {"signed": ["0", "1"]},
    }
    for topic in TOPICS[: TOPICS.index(upto)]:
        reply = client.post(page(draft, topic), given[topic])
        assert reply.status_code == 302, topic
        assert not FULL_NUMBER.search(reply["Location"])


def test_a_form_is_begun_from_the_page_of_a_family(county: County) -> None:
    client, _acting = signed_in("registrar")
    family = Household.objects.get(number="YX000001")
    shown = client.get(reverse("desk:household", args=[family.id])).content.decode()
    begins = reverse("cases:new_for", args=[family.id])
    assert f'action="{begins}"' in shown
    reply = client.post(begins)
    draft = Draft.objects.get()
    assert reply["Location"] == page(draft, "applicant")
    assert answers_of(draft).household_number == "YX000001"
    assert EntrySubject.objects.filter(
        entry_id__in=Entry.objects.filter(verb="cases.find_household").values("id"), subject=str(family.id)
    ).exists()
    assert "YX000001" in client.get(reply["Location"]).content.decode()
    leader, _acting = signed_in("county_leader")
    assert begins not in leader.get(reverse("desk:household", args=[family.id])).content.decode()


def test_a_form_of_a_family_that_is_not_there_is_not_begun(county: County) -> None:
    client, _acting = signed_in("registrar")
    assert client.post(reverse("cases:new_for", args=[uuid4()])).status_code == 403
    assert not Draft.objects.exists()


def test_a_family_without_a_household_number_begins_no_empty_form(
    county: County, entered: Callable[..., Application]
) -> None:
    client, _acting = signed_in("registrar")
    unit = entered().household_id
    refused = client.post(reverse("cases:new_for", args=[unit]))
    assert refused.status_code == 409 and "没有户号" in refused.content.decode()
    assert not Draft.objects.exists()
    assert (
        reverse("cases:new_for", args=[unit]) not in client.get(reverse("desk:household", args=[unit])).content.decode()
    )


def test_a_page_that_is_not_due_yet_looks_at_no_other_application(
    county: County, entered: Callable[..., Application]
) -> None:
    first = entered(number="SQ202600001", applicant=WIFE, members=(WIFE, SON), signed=(WIFE,))
    client, _acting = signed_in("registrar")
    draft = begin(client)
    answer(client, draft, "income")
    assert client.get(page(draft, "check"))["Location"] == page(draft, "income")
    looked = Entry.objects.filter(verb="cases.open_draft").values("id")
    assert not EntrySubject.objects.filter(entry_id__in=looked, kind="application", subject=str(first.id)).exists()


def test_another_open_application_is_said_before_a_form_is_handed_in(
    county: County, entered: Callable[..., Application]
) -> None:
    first = entered(number="SQ202600001", applicant=WIFE, members=(WIFE, SON), signed=(WIFE,))
    client, _acting = signed_in("registrar")
    draft = begin(client)
    answer(client, draft)
    text = client.get(page(draft, "check")).content.decode()
    assert first.number in text and "王秀英、李小明" in text and "另一份没办完的申请" in text
    looked = Entry.objects.filter(verb="cases.open_draft").values("id")
    assert EntrySubject.objects.filter(entry_id__in=looked, kind="application", subject=str(first.id)).exists()
    Application.objects.filter(pk=first.id).update(area_code="990102001001")
    assert first.number not in client.get(page(draft, "check")).content.decode(), "of other areas nothing is told"
    assert client.post(page(draft, "check")).status_code == 302, "a warning keeps nobody from going on"


def test_the_whole_form_becomes_one_application(county: County) -> None:
    client, acting = signed_in("registrar")
    draft = begin(client)
    answer(client, draft)
    text = client.get(page(draft, "check")).content.decode()
    assert "李建国" in text and "王秀英" in text and "150 元/月" in text and "还没问清" in text
    assert not FULL_NUMBER.search(text)
    reply = client.post(page(draft, "check"))
    made = Application.objects.get()
    assert reply["Location"] == reverse("cases:entered", args=[made.id])
    assert made.number in client.get(reply["Location"]).content.decode()
    assert made.entered_by == acting.account_id and made.problems == []
    assert Membership.objects.filter(household=made.household).count() == 3
    said = {row.fact: row.value for row in Declaration.objects.filter(application=made.number)}
    assert said["household.education_spending"] is None
    assert Decimal(said["household.declared_other_income"] or "") == 150
    assert Authorisation.objects.filter(application=made.number).count() == 2
    assert not Draft.objects.exists()


def test_handed_in_twice_is_handed_in_once(county: County) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    answer(client, draft)
    assert client.post(page(draft, "check")).status_code == 302
    assert client.post(page(draft, "check")).status_code == 404
    assert Application.objects.count() == 1


def test_what_is_wrong_is_said_with_a_link_and_what_was_typed_stays(county: County) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    wrong = HEAD[:-1] + ("1" if HEAD[-1] != "1" else "2")
    given = {"applied_on": "2099-01-01", "applicant": wrong, "household_number": "YX000001"}
    text = client.post(page(draft, "applicant"), given).content.decode()
    assert 'href="#id_applied_on"' in text and 'href="#id_applicant"' in text
    assert "最后一位对不上" in text and "不能晚于今天" in text
    assert f'value="{wrong}"' in text and 'value="YX000001"' in text
    draft.refresh_from_db()
    assert answers_of(draft).applicant is None


def test_a_household_of_another_township_is_not_shown(county: County) -> None:
    client, _acting = signed_in("registrar", ELSEWHERE)
    draft = begin(client)
    given = {"applied_on": DAY, "applicant": HEAD, "household_number": "YX000001"}
    text = client.post(page(draft, "applicant"), given).content.decode()
    assert "您的辖区里没有这个户号" in text and "王秀英" not in text


def test_the_register_household_is_listed_and_nobody_is_entered_twice(county: County) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    answer(client, draft, "members")
    text = client.get(page(draft, "members")).content.decode()
    assert text.count("checked") == 3 and "李小明" in text and not FULL_NUMBER.search(text)
    reply = client.post(page(draft, "members"), {"members": ["0", "2"], "others": f"{WIFE}\nabc"})
    text = reply.content.decode()
    assert "第 2 行" in text and WIFE in text, "what was typed stays"
    client.post(page(draft, "members"), {"members": ["0", "2"], "others": f"{WIFE}\n{HEAD}"})
    draft.refresh_from_db()
    assert [one.number for one in answers_of(draft).members] == [HEAD, SON, WIFE]


def test_nobody_at_all_is_refused(county: County) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    answer(client, draft, "members")
    assert "至少要有一个人" in client.post(page(draft, "members"), {"others": ""}).content.decode()


def test_an_amount_or_not_clear_must_be_said(county: County) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    answer(client, draft, "income")
    assert "没有就填 0" in client.post(page(draft, "income"), {}).content.decode()
    assert "不能小于" in client.post(page(draft, "income"), {"declared_other_income": "-5"}).content.decode()
    both = {"declared_other_income": "300", "declared_other_income_unclear": "on"}
    assert "请只留一样" in client.post(page(draft, "income"), both).content.decode()
    assert client.post(page(draft, "income"), {"declared_other_income_unclear": "on"}).status_code == 302


@pytest.mark.parametrize("said", ["abc", "1e3", "300元", "NaN", "1_000", "1.2.3"])
def test_an_amount_with_letters_is_refused(county: County, said: str) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    answer(client, draft, "income")
    assert "1234.50" in client.post(page(draft, "income"), {"declared_other_income": said}).content.decode()


@pytest.mark.parametrize(
    ("said", "meant"), [("１，２３４．５０", "1234.50"), ("1,234.5", "1234.5"), (" 300 ", "300"), ("0", "0")]
)
def test_an_amount_is_read_as_people_write_it(county: County, said: str, meant: str) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    answer(client, draft, "income")
    assert client.post(page(draft, "income"), {"declared_other_income": said}).status_code == 302
    draft.refresh_from_db()
    assert answers_of(draft).facts["household.declared_other_income"] == meant


def test_a_day_without_rules_is_said_where_the_day_is_written(county: County) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    given = {"applied_on": "1999-01-01", "applicant": HEAD, "household_number": ""}
    text = client.post(page(draft, "applicant"), given).content.decode()
    assert 'href="#id_applied_on"' in text and "还没有施行的规则" in text


def test_a_household_number_in_full_width_is_the_same_number(county: County) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    given = {"applied_on": DAY, "applicant": HEAD, "household_number": "ｙｘ０００００１"}
    assert client.post(page(draft, "applicant"), given).status_code == 302


def test_only_adults_are_asked_to_sign(county: County) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    answer(client, draft, "authorisations")
    text = client.get(page(draft, "authorisations")).content.decode()
    assert "李建国" in text and "王秀英" in text and "李小明" not in text


def test_topics_are_taken_in_order_and_changed_later(county: County) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    assert client.get(page(draft, "spending"))["Location"] == page(draft, "applicant")
    answer(client, draft)
    reply = client.post(page(draft, "income"), {"declared_other_income": "90"})
    assert reply["Location"] == page(draft, "check")
    assert "90 元/月" in client.get(page(draft, "check")).content.decode()
    text = client.get(page(draft, "applicant")).content.decode()
    assert not FULL_NUMBER.search(text), "the number stays on the server"
    kept = {"applied_on": DAY, "applicant": "", "household_number": "YX000001"}
    assert client.post(page(draft, "applicant"), kept)["Location"] == page(draft, "check")


def test_a_draft_is_encrypted_and_its_owners_alone(county: County) -> None:
    client, _acting = signed_in("registrar")
    draft = begin(client)
    answer(client, draft)
    draft.refresh_from_db()
    assert HEAD.encode() not in bytes(draft.data_enc)
    assert "李建国" in client.get(reverse("cases:new")).content.decode()
    other, _acting = signed_in("registrar")
    assert other.get(page(draft, "check")).status_code == 404
    assert client.post(reverse("cases:discard", args=[draft.id])).status_code == 302
    assert not Draft.objects.exists() and not Application.objects.exists()


def test_answers_survive_being_kept() -> None:
    assert from_data(to_data(Answers())) == Answers()
