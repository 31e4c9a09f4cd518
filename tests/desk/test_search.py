"""Finding a family: what was typed never stands in an address or in plain in the database; every look is logged."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from doudi.audit.models import Entry, EntrySubject
from tests.desk.conftest import Family, Make
from tests.registry.conftest import number

pytestmark = pytest.mark.django_db


def found(client: Client, text: str) -> str:
    return client.post("/search/", {"q": text}, follow=True).content.decode()


@pytest.fixture
def registrar(client: Client, make: Make, family: Family) -> Client:
    family("张桂兰", sequence=1)
    family("马远方", area="990102001001", sequence=2)
    client.force_login(make("zhou", "registrar"))
    return client


@pytest.mark.parametrize(
    "text", ["张桂兰", "桂兰", "zgl", "zhangguilan", number("19800101", 10), "YX000001", "yx000001"]
)
def test_by_name_pinyin_initials_number_and_household_number(registrar: Client, text: str) -> None:
    page = found(registrar, text)
    assert "<b>张桂兰</b>" in page and "YX000001" in page


def test_numbers_are_masked(registrar: Client) -> None:
    page = found(registrar, "张桂兰")
    assert number("19800101", 10) not in page and "********" in page


def test_people_of_another_area_are_not_found(registrar: Client) -> None:
    page = found(registrar, "马远方")
    assert "没有找到" in page and "YX000002" not in page


def test_what_was_typed_is_in_no_address_and_not_in_plain_in_the_session(registrar: Client) -> None:
    secret = number("19800101", 10)
    address = registrar.post("/search/", {"q": secret})["Location"]
    assert secret not in address and address.startswith("/search/?t=")
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert kept and all(secret not in str(data) for data in kept)
    assert "张桂兰" in registrar.get(address).content.decode(), "the way back works"


def test_somebody_elses_token_says_nothing(registrar: Client, make: Make) -> None:
    address = registrar.post("/search/", {"q": "张桂兰"})["Location"]
    other = Client()
    other.force_login(make("wang", "registrar"))
    page = other.get(address).content.decode()
    assert "张桂兰" not in page and "请再写一遍" in page


def test_the_oldest_searches_are_forgotten(registrar: Client) -> None:
    first = registrar.post("/search/", {"q": "张桂兰"})["Location"]
    for n in range(12):
        registrar.post("/search/", {"q": f"another {n}"})
    assert "请再写一遍" in registrar.get(first).content.decode()


def test_a_look_is_logged_with_whom_it_showed_and_without_what_was_typed(registrar: Client) -> None:
    found(registrar, "张桂兰")
    look = Entry.objects.get(verb="desk.search")
    assert look.outcome == "seen" and EntrySubject.objects.filter(entry_id=look.id, kind="person").count() == 2
    assert "张桂兰".encode() not in bytes(look.canonical)


def test_an_empty_search_says_what_to_write(registrar: Client) -> None:
    page = found(registrar, "   ")
    assert "请写姓名" in page and 'href="#id_q"' in page and not Entry.objects.filter(verb="desk.search").exists()


@pytest.mark.parametrize("text", ["%", "'; DROP TABLE x; --", "<script>alert(1)</script>", "张\x00", "９９", "x" * 61])
def test_odd_texts_are_no_failure(registrar: Client, text: str) -> None:
    answer = registrar.post("/search/", {"q": text}, follow=True)
    assert answer.status_code == 200 and "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "audit_administrator"])
def test_administrators_find_nobody(client: Client, make: Make, role: str) -> None:
    client.force_login(make("zhou", role))
    assert client.get("/search/").status_code == 403 and client.post("/search/", {"q": "张"}).status_code == 403
