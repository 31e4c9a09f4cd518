"""A resident's copy of own data: who says what since when, who looked, handed out on record; corrections beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from doudi.audit.actions import record_look
from doudi.audit.models import Entry
from doudi.cases.models import Application
from doudi.core.actor import EMERGENCY, VIEWING, Actor
from doudi.core.errors import Forbidden
from doudi.desk.copies import at_the_window, copy_page
from doudi.desk.looked import print_looks
from doudi.exports.models import Handout
from doudi.keeping.models import Note
from doudi.keeping.queries import who_looked
from doudi.registry.actions import add_bank_account, move_household
from doudi.registry.models import Household, Membership, Person
from doudi.site.flow.deciding import decide_one
from tests.cases.conftest import APPLIED, AT, HEAD, County, county, entered, handler, registrar, staff, verified
from tests.cases.signing_in import signed_in
from tests.documents.reading import text_of
from tests.exports.taking import is_file

pytestmark = pytest.mark.django_db
__all__ = ["county", "entered", "handler", "registrar", "verified"]
ACCOUNT = "9900112233445566778"


@pytest.fixture
def person(county: County, verified: Callable[..., Application]) -> str:
    """The head of the family, with an application, an account and an address."""
    verified()
    head = county.ids[HEAD]
    add_bank_account(actor=staff("handler"), at=AT, person=head, bank="虚构银行", number=ACCOUNT, from_on=APPLIED)
    household = Household.objects.get(number="YX000001", kind="hukou")
    move_household(
        actor=staff("handler"),
        at=AT,
        household=household.id,
        area_code=household.area_code,
        on=APPLIED,
        line="石桥路 3 号",
    )
    return str(head)


def opened(client: Client, person: str) -> str:
    """The copy on the screen, once it was said how the person was known."""
    client.post(reverse("desk:copy", args=[person]), {"how": "identity_card"})
    return client.get(reverse("desk:copy", args=[person])).content.decode()


def handed(client: Client, person: str, form: str, how: str = "identity_card") -> HttpResponse:
    address = f"{reverse('desk:hand_out', args=[person])}?how={how}&form={form}"
    return client.post(address, {"purpose": "service"})  # type: ignore[return-value]


def test_the_copy_says_everything_with_who_said_it(person: str) -> None:
    client, _actor = signed_in("registrar")
    text = opened(client, person)
    for expected in ("石桥路 3 号", "SQ202600001", "1200", "李建国", "核对授权书"):
        assert expected in text
    assert "gongan_huji" not in text and "家庭的申请" in text, "in words, not in codes"
    assert Entry.objects.get(verb="desk.open_copy").reason == "identity_card"


def test_on_the_screen_numbers_are_masked(person: str) -> None:
    client, _actor = signed_in("registrar")
    text = opened(client, person)
    assert HEAD not in text and ACCOUNT not in text
    assert Person.objects.get(pk=person).number_masked in text and ACCOUNT[-4:] in text


def test_before_it_is_said_how_the_person_was_known_nothing_is_shown(person: str) -> None:
    client, _actor = signed_in("registrar")
    address = reverse("desk:copy", args=[person])
    text = client.get(address).content.decode()
    assert "怎样核实的身份" in text and "石桥路" not in text and "SQ202600001" not in text
    assert client.post(address, {"how": "by_sight"}).status_code == 400
    assert "石桥路" not in client.get(address).content.decode()
    assert not Entry.objects.filter(verb="desk.open_copy").exists()
    other = Person.objects.exclude(pk=person).filter(area_code__startswith="990101001")[0]
    assert "石桥路" in opened(client, person)
    assert "怎样核实的身份" in client.get(reverse("desk:copy", args=[other.id])).content.decode(), (
        "for this person only"
    )


def test_what_was_said_runs_out(person: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("doudi.desk.copies.KNOWN_FOR", timedelta(0))
    client, _actor = signed_in("registrar")
    assert "石桥路" not in opened(client, person)


@pytest.mark.parametrize("mode", [EMERGENCY, VIEWING])
def test_in_an_emergency_look_and_a_viewed_role_there_is_no_copy(person: str, mode: str) -> None:
    actor = replace(staff("registrar"), mode=mode)
    request = RequestFactory().get("/", {"how": "identity_card", "form": "pdf"})
    request.actor = actor  # type: ignore[attr-defined]
    with pytest.raises(Forbidden, match="no_copy_in_a_look"):
        at_the_window(request, UUID(person))
    for view in (copy_page, print_looks):
        with pytest.raises(Forbidden):
            view(request, person=UUID(person))


def test_copies_have_a_day_limit_and_then_a_second_person(person: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "EXPORT_COPIES_A_DAY", 2)
    client, _actor = signed_in("registrar")
    assert is_file(handed(client, person, "pdf")) and is_file(handed(client, person, "json"))
    third = handed(client, person, "pdf")
    assert not is_file(third) and "2 份" in third.content.decode() and Handout.objects.count() == 2


def test_who_looked_is_told_as_unit_role_and_time_without_names_and_without_inquiries(person: str) -> None:
    household = Membership.objects.filter(person=person, kind="hukou").values_list("household_id", flat=True)[0]
    looker, _actor = signed_in("reviewer", name="某某某看过")
    looker.get(reverse("desk:household", args=[household]))
    inspector, _actor = signed_in("auditor", "990101", name="检查的人")
    inspector.get(reverse("desk:household", args=[household]))
    client, _actor = signed_in("registrar")
    text = opened(client, person)
    assert "复核人" in text and "某某某看过" not in text
    assert "审计人员" not in text and "检查的人" not in text


def test_who_saw_them_in_a_list_has_looked(person: str) -> None:
    for role, area, address in (
        ("handler", "990101001", reverse("desk:home")),
        ("reviewer", "990101001", f"{reverse('verification:checks')}?show=all"),
        ("verification_officer", "990101", reverse("desk:home")),
    ):  # fmt: skip
        before = len(who_looked(UUID(person)))
        client, _actor = signed_in(role, area)
        assert "李建国" in client.get(address).content.decode()
        looked = who_looked(UUID(person))
        assert len(looked) == before + 1 and looked[0].role == role, (role, address)


def test_of_an_auditors_looks_only_those_of_an_inspection_are_left_out(person: str) -> None:
    auditor = staff("auditor", "990101")
    for purpose in ("supervise", "answer_resident", ""):
        record_look(
            actor=replace(auditor, purpose=purpose), verb="desk.open_household", subjects=[("person", person)], at=AT
        )
    assert [one.purpose for one in who_looked(UUID(person)) if one.role == "auditor"] == ["本人查询、异议或申诉"]


def test_a_look_from_the_command_line_is_told_in_plain_words(person: str) -> None:
    application = Application.objects.get(number="SQ202600001")
    decide_one(application.number, actor=Actor.system(), at=AT)
    (look,) = [one for one in who_looked(UUID(person)) if one.role == "system"]
    assert (look.unit, look.purpose) == ("本系统", "在服务器上用命令查询")
    client, _actor = signed_in("registrar")
    assert "系统命令行" in opened(client, person)


def test_every_look_can_be_opened_however_many_there_are(person: str) -> None:
    before = len(who_looked(UUID(person)))
    for number in range(230):
        record_look(
            actor=staff("reviewer"), verb="desk.search", subjects=[("person", person)],
            at=AT + timedelta(minutes=number),
        )  # fmt: skip
    assert len(who_looked(UUID(person))) == before + 230
    client, _actor = signed_in("registrar")
    address, shown = reverse("desk:copy", args=[person]), 0
    opened(client, person)
    for number in range(1, 20):
        page = client.get(address, {"page": number}).context["page"]
        shown += len(page)
        if not page.has_next():
            break
    assert shown == page.paginator.count >= before + 230
    assert "下一页" in client.get(address).content.decode()


def test_who_looked_is_printed_alone_once_it_is_said_how_the_person_was_known(person: str) -> None:
    looker, _actor = signed_in("reviewer", name="某某某看过")
    household = Membership.objects.filter(person=person, kind="hukou").values_list("household_id", flat=True)[0]
    looker.get(reverse("desk:household", args=[household]))
    client, _actor = signed_in("registrar")
    address = reverse("desk:print_looks", args=[person])
    assert client.get(address).status_code == 400 and not Handout.objects.exists()
    asked = client.get(address, {"how": "identity_card"})
    assert "Content-Disposition" not in asked and asked.status_code == 200, "the door asks what for first"
    answer = client.post(f"{address}?how=identity_card", {"purpose": "service"})
    text = text_of(answer.content).replace("\n", "")
    assert "复核人" in text and "某某某看过" not in text and ACCOUNT not in text
    assert Handout.objects.get().export == "desk.print_looks"
    assert Entry.objects.filter(verb="desk.open_looks", reason="identity_card").exists()


def test_another_departments_system_is_told_by_its_name(person: str) -> None:
    system = Actor(str(uuid4()), "县医保局待遇系统", "service", "990101", "medical_insurance", "sharing")
    record_look(actor=system, verb="exchange.answer", subjects=[("person", person)], at=AT)
    (look,) = [one for one in who_looked(UUID(person)) if one.role == "service"]
    assert (look.unit, look.purpose) == ("县医保局待遇系统", "其他部门依法查询")


@pytest.mark.parametrize(("form", "begins"), [("json", b"{"), ("pdf", b"%PDF")])
def test_it_is_handed_out_on_record(person: str, form: str, begins: bytes) -> None:
    client, _actor = signed_in("registrar")
    asked = client.get(f"{reverse('desk:hand_out', args=[person])}?how=identity_card&form={form}")
    assert not is_file(asked) and "作什么用" in asked.content.decode(), "the door asks first"
    answer = handed(client, person, form)
    assert answer.status_code == 200 and answer.content.startswith(begins)
    assert HEAD not in answer["Content-Disposition"]
    entry, made = Entry.objects.get(verb="desk.hand_out_copy"), Handout.objects.get()
    assert (entry.count, entry.reason, made.persons, made.full) == (1, "service full", 1, True)
    assert Entry.objects.get(verb="desk.open_copy").reason == f"identity_card {form}"
    if form == "json":
        data = json.loads(answer.content)
        lines = [line for section in data["sections"] for line in section["lines"]]
        assert any(line["content"] == HEAD for line in lines) and all(line["since"] for line in lines)


def test_without_knowing_who_it_is_nothing_is_handed_out(person: str) -> None:
    client, _actor = signed_in("registrar")
    assert handed(client, person, "pdf", how="").status_code == 400
    assert handed(client, person, "exe", how="agent").status_code == 400
    assert not Entry.objects.filter(verb="desk.hand_out_copy").exists()


def test_a_correction_is_noted_sealed_and_answered_once(person: str) -> None:
    client, _actor = signed_in("registrar")
    client.post(reverse("desk:note", args=[person]), {"about": "本人", "said": "我的民族写错了"})
    note = Note.objects.get()
    assert "民族".encode() not in bytes(note.said_enc)
    assert "我的民族写错了" in opened(client, person)
    address = reverse("desk:answer", args=[person, note.id])
    assert client.post(address, {"answer": "已请公安核实"}).status_code == 302
    assert "已请公安核实" in opened(client, person)
    assert client.post(address, {"answer": "再答一次"}).status_code == 409


def test_only_the_window_of_the_place_may_open_it(person: str) -> None:
    for role, area, status in (
        ("reviewer", "990101001", 403), ("auditor", "990101", 403), ("registrar", "990101002", 403),
        ("county_officer", "990101", 200),
    ):  # fmt: skip
        client, _actor = signed_in(role, area)
        assert client.get(reverse("desk:copy", args=[person])).status_code == status
