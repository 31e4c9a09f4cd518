"""The page of a family: boxes the apps fill, only within the area, never without its entry in the log."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from doudi.audit.models import Entry, EntrySubject
from doudi.desk import views
from doudi.registry.models import Household
from tests.desk.conftest import Family, Make
from tests.registry.conftest import number

pytestmark = pytest.mark.django_db


@pytest.fixture
def near(family: Family) -> Household:
    return family("张桂兰", sequence=1)


def test_the_boxes_stand_on_one_page_and_numbers_are_masked(client: Client, make: Make, near: Household) -> None:
    client.force_login(make("zhou", "registrar"))
    page = client.get(f"/households/{near.id}/").content.decode()
    for expected in ("张桂兰 户", "YX000001", "家庭成员", "救助标识", "申报情况", "住址", "2 人"):
        assert expected in page, expected
    assert number("19800101", 10) not in page


def test_opening_it_is_logged_before_the_answer(
    client: Client, make: Make, near: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(make("zhou", "registrar"))
    client.get(f"/households/{near.id}/")
    look = Entry.objects.get(verb="desk.open_household")
    assert EntrySubject.objects.get(entry_id=look.id).subject == str(near.id)

    def broken(**_: object) -> None:
        raise RuntimeError("the log does not answer")

    monkeypatch.setattr(views, "record_look", broken)
    client.raise_request_exception = False
    answer = client.get(f"/households/{near.id}/")
    assert answer.status_code == 500 and "张桂兰" not in answer.content.decode(), "no entry, no answer"


def test_a_family_elsewhere_is_forbidden_and_says_whom_to_ask(client: Client, make: Make, family: Family) -> None:
    far = family("马远方", area="990102001001", sequence=2)
    client.force_login(make("zhou", "registrar"))
    answer = client.get(f"/households/{far.id}/")
    assert answer.status_code == 403 and "请联系所在乡镇" in answer.content.decode()
    assert "马远方" not in answer.content.decode()


def test_a_family_that_is_not_there_is_a_page_that_says_so(client: Client, make: Make, db: None) -> None:
    client.force_login(make("zhou", "registrar"))
    assert client.get(f"/households/{uuid4()}/").status_code == 403, "nobody can tell it from one elsewhere"
    assert client.get("/households/1/").status_code == 404


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "audit_administrator"])
def test_administrators_see_no_family(client: Client, make: Make, near: Household, role: str) -> None:
    client.force_login(make("zhou", role, area="99"))
    assert client.get(f"/households/{near.id}/").status_code == 403
