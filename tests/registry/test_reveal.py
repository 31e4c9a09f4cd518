"""A full number: for a purpose, on record before the answer, once, masked again by itself; minors' days of birth."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from doudi.accounts.logic.roles import POLICY, ROLES
from doudi.audit.models import Entry, EntrySubject
from doudi.core.actor import Actor
from doudi.registry import views
from doudi.registry.actions import add_bank_account
from doudi.registry.models import BankAccount, Household, Membership
from tests.accounts.conftest import Make, make, unhurried
from tests.desk.conftest import family
from tests.registry.conftest import AT, DAY, number

__all__ = ["family", "make", "unhurried"]
pytestmark = pytest.mark.django_db
Family = Callable[..., Household]
FULL, CARD = number("19800101", 10), "9999990000000001"
WHY = {"purpose": "handle_application", "note": "SQ202600001"}


@pytest.fixture
def near(family: Family) -> Household:
    return family("张桂兰", sequence=1)


@pytest.fixture
def address(near: Household) -> str:
    return f"/registry/persons/{near.head_id}/number/"


def test_it_is_shown_once_and_the_browser_goes_back_to_the_mask(
    client: Client, make: Make, near: Household, address: str
) -> None:
    client.force_login(make("zhou", "registrar"))
    assert f'href="{address}"' in client.get(f"/households/{near.id}/").content.decode()
    assert FULL not in client.get(address).content.decode()
    shown = client.post(address, WHY)
    assert FULL in shown.content.decode()
    assert shown["Refresh"] == f"60; url={address}" and shown["Cache-Control"] == "no-store"
    assert FULL not in client.get(address).content.decode(), "what the browser goes back to is masked"
    entry = Entry.objects.get(verb="registry.reveal_number")
    assert (entry.purpose, entry.reason, entry.outcome) == ("handle_application", "SQ202600001", "seen")
    assert EntrySubject.objects.get(entry_id=entry.id).subject == str(near.head_id)
    assert FULL.encode() not in bytes(entry.canonical)


def test_without_an_entry_there_is_no_number(
    client: Client, make: Make, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(make("zhou", "registrar"))

    def broken(**_given: Any) -> None:
        raise RuntimeError("the log does not answer")

    def told(_person: object) -> str:
        raise AssertionError("decrypted before the look was on record")

    monkeypatch.setattr(views, "record_look", broken)
    monkeypatch.setattr(views, "number_of", told)
    client.raise_request_exception = False
    answer = client.post(address, WHY)
    assert answer.status_code == 500 and FULL not in answer.content.decode()


@pytest.mark.parametrize("wrong", [{}, {"purpose": "curiosity"}, {"purpose": "supervise"}, {"purpose": "contact"}])
def test_without_one_of_the_purposes_there_is_no_number(
    client: Client, make: Make, address: str, wrong: dict[str, str]
) -> None:
    client.force_login(make("zhou", "registrar"))
    answer = client.post(address, wrong)
    assert answer.status_code == 400 and FULL not in answer.content.decode()
    assert not Entry.objects.filter(verb="registry.reveal_number").exists()


@pytest.mark.parametrize(
    "note", [FULL, f"他是{FULL}", "13912345678", "6222 0000 0000 0000", "９９０１０１１９８００１０１０１０Ｘ"]
)
def test_the_remark_holds_no_number_of_anybody(client: Client, make: Make, address: str, note: str) -> None:
    client.force_login(make("zhou", "registrar"))
    answer = client.post(address, WHY | {"note": note})
    assert answer.status_code == 400 and "不要写证号" in answer.content.decode()
    assert not Entry.objects.filter(verb="registry.reveal_number").exists()


@pytest.mark.parametrize("role", [role for role in ROLES if not POLICY.may_reveal(role, "identity_number")])
def test_other_roles_are_refused_and_offered_nothing(
    client: Client, make: Make, near: Household, address: str, role: str
) -> None:
    client.force_login(make("zhou", role))
    answer = client.post(address, WHY)
    assert answer.status_code == 403 and FULL not in answer.content.decode()
    page = client.get(f"/households/{near.id}/")
    assert address not in page.content.decode()
    assert Entry.objects.filter(verb="registry.number", outcome="refused").count() == 1


def test_a_person_of_another_area_stays_hidden(client: Client, make: Make, family: Family) -> None:
    far = family("马远方", area="990102001001", sequence=2)
    client.force_login(make("zhou", "registrar"))
    answer = client.post(f"/registry/persons/{far.head_id}/number/", WHY)
    assert answer.status_code == 403 and "马远方" not in answer.content.decode()


def test_so_many_an_hour_and_no_more(client: Client, make: Make, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(make("zhou", "registrar"))
    reveal = POLICY.fields["identity_number"].reveal
    assert reveal is not None
    for _ in range(reveal.most_an_hour):
        assert client.post(address, WHY).status_code == 200
    answer = client.post(address, WHY)
    assert answer.status_code == 409 and FULL not in answer.content.decode()


def test_bank_accounts_go_to_the_verification_officer_alone(client: Client, make: Make, near: Household) -> None:
    assert near.head_id is not None
    add_bank_account(actor=Actor.system(), at=AT, person=near.head_id, bank="石桥信用社", number=CARD, from_on=DAY)
    address = f"/registry/bank-accounts/{BankAccount.objects.get().id}/number/"
    why = {"purpose": "verify_means"}
    for role in ("registrar", "county_officer"):
        client.force_login(make(role, role, area="990101003"))
        page = client.get(f"/households/{near.id}/").content.decode()
        assert "****0001" in page and CARD not in page and address not in page
        assert client.post(address, why).status_code == 403
    client.force_login(make("he", "verification_officer"))
    assert address in client.get(f"/households/{near.id}/").content.decode()
    assert CARD in client.post(address, why).content.decode()
    assert Entry.objects.get(verb="registry.reveal_account", outcome="seen").purpose == "verify_means"


def test_a_minors_day_of_birth_is_for_who_works_on_cases(client: Client, make: Make, near: Household) -> None:
    child = Membership.objects.filter(household=near).exclude(person=near.head).get().person
    child.born_on = datetime.date(2015, 3, 9)
    child.save()
    seen = {}
    for role in ("registrar", "auditor"):
        client.force_login(make(role, role))
        pages = [client.get(f"/households/{near.id}/"), client.post("/search/", {"q": child.name}, follow=True)]
        seen[role] = ["2015-03-09" in page.content.decode() for page in pages]
        assert all("2015" in page.content.decode() for page in pages)
    assert seen == {"registrar": [True, True], "auditor": [False, False]}


def test_a_mask_and_a_date_of_birth_are_not_the_number(client: Client, make: Make, near: Household) -> None:
    client.force_login(make("zhou", "registrar"))
    page = client.get(f"/households/{near.id}/").content.decode()
    assert "1980-01-01" in page and f"{FULL[:6]}************" in page and FULL[-4:] not in page
