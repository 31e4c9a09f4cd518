"""The screens: who may open them, what they write to the log before they answer, forms without script."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from doudi.accounts.actions import create_account, give_grant
from doudi.audit.models import Entry, EntrySubject
from doudi.core.actor import Actor
from doudi.core.worklist import worklist
from doudi.rulebook.actions import publish
from doudi.verification.models import Answer, Authorisation, Check, Comparison
from tests.accounts.conftest import holder_of
from tests.exports.taking import take
from tests.verification.conftest import AT, BANK, DAY, POLICY, Family, Lake, balance
from tests.verification.test_report import BANK_FIGURES, SUM, banked

pytestmark = pytest.mark.django_db
CheckOf = Callable[..., Check]
PASSWORD = "Long-enough-9"


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """signed_in(role, area) is a browser of somebody with that grant."""

    def make(role: str, area: str = "990101") -> Client:
        system = Actor.system()
        username = f"u{uuid.uuid4().hex[:8]}"
        account = create_account(
            actor=system, at=AT, username=username, name="某人", password=PASSWORD, must_change=False,
            holder=holder_of(username),
        )  # fmt: skip
        give_grant(actor=system, at=AT, account=account, role=role, area=area, from_on=datetime.date(2026, 1, 1))
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture(autouse=True)
def published(db: None) -> None:
    publish(actor=Actor.system(), at=AT, root=POLICY, place="990101", effective_on=datetime.date(2020, 1, 1))


def looks(verb: str, kind: str, subject: uuid.UUID) -> int:
    about = EntrySubject.objects.filter(kind=kind, subject=str(subject)).values("entry_id")
    return Entry.objects.filter(verb=verb, id__in=about, outcome="seen").count()


@pytest.mark.parametrize("role", ["registrar", "handler", "reviewer", "county_officer", "auditor"])
def test_everybody_but_the_officer_sees_no_bank_amount(
    family: Family, lake: Lake, check_of: CheckOf, signed_in: Callable[..., Client], role: str
) -> None:
    check = check_of(banked(family, lake))
    client = signed_in(role)
    for page in (f"/verification/{check.id}/", f"/verification/{check.id}/report.pdf?full=1"):
        answer = client.get(page) if page.endswith("/") else take(client, page)
        assert answer.status_code == 200
        if page.endswith("/"):
            text = answer.content.decode()
            assert not BANK_FIGURES.search(text) and SUM not in text
            assert "银行存款理财" in text


def test_the_officer_sees_rows_on_screen_and_prints_them_only_when_asked(
    family: Family, lake: Lake, check_of: CheckOf, signed_in: Callable[..., Client]
) -> None:
    from tests.documents.reading import text_of

    check = check_of(banked(family, lake))
    client = signed_in("verification_officer")
    before = client.get(f"/verification/{check.id}/").content.decode()
    assert not BANK_FIGURES.search(before) and "说明用途，看明细" in before
    asked = client.get(f"/verification/{check.id}/report.pdf?full=1")
    assert 'name="purpose"' in asked.content.decode() and not BANK_FIGURES.search(asked.content.decode())
    unsaid = take(client, f"/verification/{check.id}/report.pdf?full=1")
    assert not BANK_FIGURES.search(text_of(unsaid.content)), "without a purpose the full form is the township's"
    client.post(f"/accounts/purpose/?about={family.unit}", {"purpose": "verify_means"})
    assert BANK_FIGURES.search(client.get(f"/verification/{check.id}/").content.decode())
    plain = take(client, f"/verification/{check.id}/report.pdf")
    full = take(client, f"/verification/{check.id}/report.pdf?full=1")
    assert plain["Content-Type"] == "application/pdf"
    assert not BANK_FIGURES.search(text_of(plain.content))
    assert BANK_FIGURES.search(text_of(full.content))


def test_every_opening_is_in_the_log_before_the_answer(
    family: Family, lake: Lake, check_of: CheckOf, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    check = check_of(family)
    client = signed_in("reviewer")
    client.get(f"/verification/{check.id}/")
    take(client, f"/verification/{check.id}/report.pdf")
    client.get("/verification/?show=all")
    assert looks("verification.read_report", "check", check.id) == 1
    assert Entry.objects.filter(verb="verification.print_report", outcome="done").count() == 1
    assert looks("verification.list_checks", "check", check.id) == 1

    def fails(**_given: Any) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr("doudi.verification.access.record_look", fails)
    with pytest.raises(RuntimeError, match="no log"):
        client.get(f"/verification/{check.id}/")


def test_a_check_of_another_area_is_forbidden_and_not_listed(
    family: Family, check_of: CheckOf, signed_in: Callable[..., Client]
) -> None:
    check = check_of(family)
    client = signed_in("registrar", "990101002")
    assert client.get(f"/verification/{check.id}/").status_code == 403
    assert str(check.id) not in client.get("/verification/?show=all").content.decode()
    assert signed_in("registrar", "990101001").get(f"/verification/{check.id}/").status_code == 200


def test_a_registrar_records_signatures_and_asks_without_script(
    family: Family, lake: Lake, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("registrar")
    page = f"/verification/households/{family.unit}/authorisations/"
    assert "马超" in client.get(page).content.decode()
    answer = client.post(page, {f"signed_{family.son}": "2026-07-14"})
    assert answer.status_code == 302
    held = Authorisation.objects.get(person_id=family.son)
    assert held.signed_on == DAY
    answer = client.post(f"/verification/households/{family.unit}/", {"as_of": "2026-07-14"}, follow=True)
    check = Check.objects.get()
    assert f"/verification/{check.id}/" == answer.request["PATH_INFO"]
    again = client.post(f"/verification/{check.id}/again/", follow=True)
    assert Check.objects.count() == 2 and again.status_code == 200
    answer = client.post(
        f"/verification/authorisations/{held.id}/withdrawal/", {"on": "2026-07-20", "reason": "本人要求"}
    )
    assert answer.status_code == 302
    held.refresh_from_db()
    assert held.withdrawn_on == datetime.date(2026, 7, 20)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "请至少填写一位成员的签署日。"),
        ({"son": "2999-01-01"}, "签署日不能晚于今天。"),
        ({"son": "2020-01-01"}, "不是这个家庭的成员"),
    ],
)
def test_a_signature_that_cannot_be_is_refused_with_a_reason(
    family: Family, signed_in: Callable[..., Client], given: dict[str, str], message: str
) -> None:
    posted = {f"signed_{getattr(family, name)}": day for name, day in given.items()}
    answer = signed_in("registrar").post(f"/verification/households/{family.unit}/authorisations/", posted)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not Authorisation.objects.exists()


def test_the_officer_concludes_from_the_report(
    family: Family, check_of: CheckOf, signed_in: Callable[..., Client]
) -> None:
    check = check_of(family)
    client = signed_in("verification_officer")
    empty = client.post(f"/verification/{check.id}/conclusion/", {"remark": ""})
    assert empty.status_code == 200 and "请先改正这几处" in empty.content.decode()
    client.post(f"/verification/{check.id}/conclusion/", {"remark": "没有异常。"})
    assert Check.objects.get(pk=check.pk).state == "concluded"
    shown = client.get(f"/verification/{check.id}/").content.decode()
    assert "没有异常。" in shown and "签署结论" not in shown


@pytest.mark.parametrize("role", ["registrar", "reviewer", "auditor"])
def test_nobody_else_is_offered_or_given_the_conclusion(
    family: Family, check_of: CheckOf, signed_in: Callable[..., Client], role: str
) -> None:
    check = check_of(family)
    client = signed_in(role)
    assert "签署结论" not in client.get(f"/verification/{check.id}/").content.decode()
    assert client.post(f"/verification/{check.id}/conclusion/", {"remark": "好"}).status_code == 403


def test_the_household_page_has_both_boxes(
    family: Family, lake: Lake, check_of: CheckOf, signed_in: Callable[..., Client]
) -> None:
    check = check_of(banked(family, lake))
    text = signed_in("registrar").get(f"/households/{family.unit}/").content.decode()
    assert "panel-authorisations" in text and "panel-check" in text
    assert f"/verification/{check.id}/" in text
    assert not BANK_FIGURES.search(text)


def test_the_box_says_all_is_well_only_when_everything_was_compared_and_is_known(
    family: Family, check_of: CheckOf, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    check = check_of(family)
    client, address = signed_in("registrar"), f"/households/{family.unit}/"
    silent = Answer.objects.filter(state__in=["not_answered", "not_permitted"])
    silent.update(state="nothing_found", reason="")
    compared = Comparison.objects.filter(check_made=check)
    compared.update(state="within")
    assert "没有要留意的" in client.get(address).content.decode()
    Comparison.objects.filter(pk=compared[0].pk).update(state="unknown")
    text = client.get(address).content.decode()
    assert "1 项还不清楚" in text and "没有要留意的" not in text
    monkeypatch.setattr("doudi.verification.actions.checking._compared", lambda rulebook, case: [])
    again = check_of(family, at=AT + datetime.timedelta(days=1))
    assert not Comparison.objects.filter(check_made=again).exists()
    silent.update(state="nothing_found", reason="")
    text = client.get(address).content.decode()
    assert "没能与申报比较" in text and "没有要留意的" not in text


def test_the_officer_finds_the_check_among_the_work_until_it_is_concluded(
    family: Family, officer: Actor, actor: Actor, check_of: CheckOf
) -> None:
    from doudi.verification.actions import conclude_check

    check = check_of(family)
    check_of(family, at=AT + datetime.timedelta(days=1))

    def own(who: Actor) -> list[str]:
        return [item.key for item in worklist.collect(who, DAY) if item.key.startswith("verification:")]

    (key,) = own(officer)
    assert key != f"verification:{check.id}"
    assert own(actor) == []
    conclude_check(actor=officer, at=AT, check=uuid.UUID(key.split(":")[1]), remark="好")
    assert own(officer) == []


def test_pages_are_in_english_too(
    family: Family, lake: Lake, check_of: CheckOf, signed_in: Callable[..., Client]
) -> None:
    lake.put(BANK, family.keys[family.child], **balance("1.00"))
    check = check_of(family)
    client = signed_in("verification_officer")
    client.cookies["django_language"] = "en"
    for page in (f"/verification/{check.id}/", "/verification/?show=all"):
        assert "erification" in client.get(page).content.decode()
    assert "Declared against found" in client.get(f"/verification/{check.id}/").content.decode()
