"""The door: purpose, mark, count and digest, limits by file and day, a second person, once."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import openpyxl
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from doudi.audit.models import Entry, EntrySubject
from doudi.cases.actions import propose_opinion
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Forbidden, Malformed, Missing, Refused, Stale
from doudi.core.row_context import acting
from doudi.core.worklist import worklist
from doudi.exports.actions import ask_approval, decide_approval, hand_out
from doudi.exports.actions.handing import Taken
from doudi.exports.logic.declared import PERSONAL, Export, Prepared
from doudi.exports.logic.limits import Asked, Limits, Today, agreement_for, second_person_for
from doudi.exports.models import Approval, Handout
from doudi.exports.queries import agreements, taken_today
from doudi.lib.marks import BEGINNING
from tests.cases.conftest import AT, County, assessed, county, entered, handler, registrar, verified
from tests.cases.signing_in import signed_in
from tests.documents.reading import text_of
from tests.exports.taking import is_file, take

__all__ = ["County", "assessed", "county", "entered", "handler", "registrar", "verified"]
pytestmark = pytest.mark.django_db
DECLARED = Export("cases.print_opinion", PERSONAL, ("pdf",))


@pytest.fixture
def address(assessed: Callable[..., Application], handler: Actor) -> str:
    """The address of an opinion of a family of three, as PDF."""
    made = assessed()
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    return reverse("cases:opinion_pdf", args=[made.id, "zh"])


def prepared(persons: int = 900) -> Prepared:
    return Prepared("x", "x.pdf", "application/pdf", lambda mark: b"%PDF-", persons=persons, subjects=(("x", uuid4()),))


def staff(role: str, area: str = "990101001") -> Actor:
    return Actor(str(uuid4()), role, role, area, "civil_affairs", "", str(uuid4()))


def asked_by(asker: Actor, wanted: Prepared | None = None, purpose: str = "casework") -> Approval:
    return ask_approval(
        actor=asker, at=AT, export=DECLARED, prepared=wanted or prepared(), address="/x/", purpose=purpose,
        reason="要", why="file",
    )  # fmt: skip


def test_a_purpose_comes_first_and_the_file_says_who_has_it(address: str) -> None:
    client, actor = signed_in("handler", name="陈立")
    page = client.get(address)
    assert "（可不填）" in page.content.decode() and "这里必须写" not in page.content.decode()
    assert page.status_code == 200 and not is_file(page) and "作什么用" in page.content.decode()
    assert "3 人" in page.content.decode() and not Handout.objects.exists()
    assert (none := client.post(address, {})).status_code == 422 and not is_file(none)
    assert not is_file(client.post(address, {"purpose": "curiosity"}))
    answer = take(client, address, reason="送达")
    assert is_file(answer) and answer.headers["Cache-Control"] == "no-store"
    made = Handout.objects.get()
    assert made.digest == sha256(answer.content).hexdigest() and made.size == len(answer.content)
    text = text_of(answer.content).replace("\n", "")  # a change of script begins a new piece
    for said in ("陈立", "用途：办理救助", made.mark_number):
        assert said in text
    (entry,) = Entry.objects.filter(verb="cases.print_opinion")
    assert (entry.count, entry.content_digest, entry.reason) == (3, made.digest, "casework 送达")
    assert EntrySubject.objects.filter(entry_id=entry.id, kind="application").count() == 1
    assert (made.account_id, made.persons, made.purpose) == (actor.account_id, 3, "casework")


def test_over_the_limit_another_person_says_yes_and_it_is_fetched_once(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EXPORT_PERSONS_A_FILE", 2)
    asker, _ = signed_in("handler", name="陈立")
    leader, _ = signed_in("township_leader", name="郑国强")
    first_page = asker.get(address).content.decode()
    assert "要另一位负责人同意" in first_page and "这里必须写" in first_page and "（可不填）" not in first_page
    assert not is_file(unsaid := take(asker, address)) and unsaid.status_code == 422
    asked = take(asker, address, reason="镇里要一份")
    row = Approval.objects.get()
    page = reverse("exports:approval", args=[row.id])
    assert asked.headers["Location"] == page and row.persons == 3
    assert take(asker, address, reason="镇里要一份").headers["Location"] == page, "asked twice is asked once"
    assert take(asker, address, approval=row.id).status_code == 409, "not before the yes"
    assert asker.post(reverse("exports:decide", args=[row.id]), {"answer": "yes"}).status_code == 403
    assert f"export-{row.id}" in {item.key for item in worklist.collect(staff("township_leader"), AT.date())}
    assert "等待另一人同意" in leader.get(page).content.decode()
    assert leader.post(reverse("exports:decide", args=[row.id]), {"answer": "yes"}).status_code == 302
    assert "取文件" in asker.get(page).content.decode() and "取文件" not in leader.get(page).content.decode()
    assert not is_file(take(leader, address, approval=row.id)), "the yes is for its asker"
    first = take(asker, address, approval=row.id)
    assert is_file(first) and Handout.objects.get().approval_id == row.id
    assert first.headers["Content-Disposition"].startswith("attachment"), "a tab is closed, and the one time is spent"
    assert take(asker, address, approval=row.id).status_code == 409 and Handout.objects.count() == 1
    verbs = Entry.objects.filter(verb__startswith="exports.").values_list("verb", flat=True)
    assert {"exports.ask_approval", "exports.decide_approval"} <= set(verbs)


def test_a_day_has_its_limit_too(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "EXPORT_PERSONS_A_DAY", 7)
    client, actor = signed_in("handler")
    assert is_file(take(client, address)) and is_file(take(client, address))
    assert "加上今天已经取的" in client.get(address).content.decode()
    assert not is_file(take(client, address, reason="再要一份")) and Approval.objects.get().why == "day"
    with pytest.raises(Refused, match=r"exports\.day_limit"):
        hand_out(actor=actor, at=now(), taken=Taken(uuid4(), "x.y", b"", 2, False, (), "casework", most_today=7))


def test_a_no_needs_a_reason_and_a_question_runs_out() -> None:
    asker, leader, at = staff("handler"), staff("township_leader"), AT
    row = asked_by(asker)
    with pytest.raises(Malformed):
        decide_approval(actor=leader, at=at, approval=row.id, agrees=False, note=" ")
    with pytest.raises(Forbidden, match="may_not_approve"):
        decide_approval(actor=staff("reviewer"), at=at, approval=row.id, agrees=True, note="")
    with pytest.raises(Missing):
        decide_approval(actor=staff("county_leader", "990102"), at=at, approval=row.id, agrees=True, note="")
    with pytest.raises(Stale):
        decide_approval(actor=leader, at=at + timedelta(hours=73), approval=row.id, agrees=True, note="")
    assert decide_approval(actor=leader, at=at, approval=row.id, agrees=False, note="不需要").state == "refused"
    with pytest.raises(Stale):
        decide_approval(actor=leader, at=at, approval=row.id, agrees=True, note="")


def test_a_yes_is_good_for_a_day_for_this_file_and_no_more_people() -> None:
    asker, leader, at = staff("handler"), staff("county_leader", "990101"), AT
    row = asked_by(asker)
    decide_approval(actor=leader, at=at, approval=row.id, agrees=True, note="")
    good = Taken(uuid4(), DECLARED.name, b"1", 900, False, (), "casework", address="/x/")
    for wrong in (
        {"persons": 901}, {"full": True}, {"export": "cases.other"}, {"address": "/y/"}, {"purpose": "statistics"},
    ):  # fmt: skip
        with pytest.raises(Refused):
            hand_out(actor=asker, at=at, taken=replace(good, **wrong), approval=row.id)
    for other in (replace(asker, role="county_officer"), replace(asker, area="990101")):
        with pytest.raises(Refused):
            hand_out(actor=other, at=at, taken=good, approval=row.id)
    with pytest.raises(Refused):
        hand_out(actor=asker, at=at + timedelta(hours=25), taken=good, approval=row.id)
    hand_out(actor=asker, at=at, taken=good, approval=row.id)


def test_the_same_file_for_another_purpose_is_another_question() -> None:
    asker, same = staff("handler"), prepared()
    rows = [asked_by(asker, same, purpose).id for purpose in ("casework", "casework", "sharing")]
    assert rows[0] == rows[1] != rows[2]


def test_a_yes_for_one_family_does_not_open_another(
    assessed: Callable[..., Application], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EXPORT_PERSONS_A_FILE", 2)
    asker, _ = signed_in("handler", name="陈立")
    leader, _ = signed_in("township_leader", name="郑国强")
    take(asker, address, reason="镇里要一份")
    row = Approval.objects.get()
    leader.post(reverse("exports:decide", args=[row.id]), {"answer": "yes"})
    other = address.replace("zh", "en")
    assert other != address and take(asker, other, approval=row.id).status_code == 409
    assert take(asker, address, approval=row.id, purpose="archive").status_code == 409
    assert is_file(take(asker, address, approval=row.id))


def test_the_database_keeps_the_two_people_apart() -> None:
    asker = staff("county_leader", "990101")
    row = asked_by(asker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=row.id).update(state="approved", decided_by=asker.account_id, decided_at=AT)


def test_without_an_entry_there_is_no_file(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _actor = signed_in("handler")

    def fails(**_given: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr("doudi.exports.actions.handing.record_act", fails)
    with pytest.raises(RuntimeError, match="no log"):
        take(client, address)
    assert not Handout.objects.exists()


def test_a_list_says_what_was_taken_to_its_taker_and_to_who_looks_into_it(address: str) -> None:
    taker, _ = signed_in("handler", name="陈立")
    take(taker, address)
    number = Handout.objects.get().mark_number
    other, _ = signed_in("registrar")
    auditor, _ = signed_in("auditor", "990101")
    listing = reverse("exports:list")
    assert number in taker.get(listing).content.decode() and number in auditor.get(listing).content.decode()
    assert number not in other.get(listing).content.decode()
    administrator, _ = signed_in("system_administrator", "990101")
    assert administrator.get(listing).status_code == 403


def test_public_figures_are_given_at_once_with_their_mark(county: County) -> None:
    client, _ = signed_in("handler", name="陈立")
    table = reverse("rulebook:standards_file", args=["csv"]) + "?place=990101"
    answer = client.get(table)
    text = answer.content.decode("utf-8-sig")
    assert is_file(answer) and text.splitlines()[-1].startswith(BEGINNING) and "陈立" in text
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("rulebook:standards_file", args=["xlsx"]) + "?place=990101").content)
    )
    sheet = book.worksheets[0]
    assert "陈立" in str(sheet.oddFooter.left.text) and str(sheet.cell(sheet.max_row, 1).value).startswith(BEGINNING)
    assert Handout.objects.count() == 2 and Entry.objects.filter(verb="rulebook.download_standards").count() == 2


def test_pages_with_people_are_marked_on_screen_and_others_are_not(county: County, address: str) -> None:
    client, _ = signed_in("handler", name="陈立")
    page = client.get(address.rpartition("opinion-")[0] + "opinion/").content.decode()
    assert 'class="watermark"' in page and "陈立 · " in page.split('class="watermark"')[1]
    assert "style=" not in page
    assert 'class="watermark"' in client.get("/").content.decode()
    assert 'class="watermark"' not in client.get(reverse("rulebook:standards") + "?place=990101").content.decode()
    assert 'class="watermark"' not in Client().get("/accounts/login/").content.decode()


def test_a_standing_agreement_stands_in_for_the_second_person_within_its_bounds() -> None:
    (own,) = [one for one in agreements() if one.name == "return_to_supplier"]
    asked = Asked("sources.fetch_annotated_file", 5000, False, "civil_affairs", own.from_on, purpose="correction")
    assert second_person_for(asked, Today(), Limits()) == "file" and agreement_for(asked, [own], Today()) == own
    for wrong in (
        {"persons": 5001},
        {"full": True},
        {"export": "cases.print_opinion"},
        {"on": own.from_on - timedelta(1)},
        {"department": "audit"},
        {"purpose": "sharing"},
    ):
        assert agreement_for(replace(asked, **wrong), [own], Today()) is None
    used = {own.name: own.a_day - 5000}
    assert agreement_for(asked, [own], Today(agreed=used)) == own
    assert agreement_for(asked, [own], Today(agreed={own.name: used[own.name] + 1})) is None


def test_what_goes_out_under_an_agreement_has_its_day_too() -> None:
    actor = staff("verification_officer", "990101")
    taken = Taken(uuid4(), "x.y", b"", 5, False, (), "correction", agreement="return_to_supplier", most_today=7)
    hand_out(actor=actor, at=AT, taken=taken)
    assert taken_today(actor.account_id, AT, "x.y").agreed == {"return_to_supplier": 5}
    with pytest.raises(Refused, match=r"exports\.day_limit"):
        hand_out(actor=actor, at=AT, taken=replace(taken, number=uuid4(), persons=3))


def test_an_accounts_day_is_one_day_whatever_the_grant() -> None:
    here = staff("county_officer", "990101")
    there = replace(here, area="990102", grant_id=str(uuid4()))
    taken = Taken(uuid4(), "x.y", b"", 5, False, (), "casework", most_today=7)
    with acting(here):
        hand_out(actor=here, at=AT, taken=taken)
    with acting(there):
        assert taken_today(there.account_id, AT, "x.y") == Today(5, 1)
        with pytest.raises(Refused, match=r"exports\.day_limit"):
            hand_out(actor=there, at=AT, taken=replace(taken, number=uuid4(), persons=3))


def test_whole_numbers_of_many_people_need_a_second_person() -> None:
    asked = Asked("sources.fetch_annotated_file", 31, True, "civil_affairs", AT.date())
    assert second_person_for(asked, Today(), Limits()) == "full"
    for alone in (replace(asked, persons=30), replace(asked, full=False)):
        assert second_person_for(alone, Today(), Limits()) == ""


def test_copies_of_own_data_are_counted_by_the_day() -> None:
    asked = Asked("desk.hand_out_copy", 1, True, "civil_affairs", AT.date(), own=True)
    assert second_person_for(asked, Today(19, 19), Limits()) == ""
    assert second_person_for(asked, Today(20, 20), Limits()) == "copies"
