"""`doudi bootstrap` makes three persons three administrators, once; `doudi let-in` is the way back for one of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from doudi.accounts.actions import NewAdministrator, bootstrap, create_account, give_entry, give_grant
from doudi.accounts.logic import recovery_codes
from doudi.accounts.logic.roles import ADMINISTRATORS
from doudi.accounts.models import Account, Grant
from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import DoudiError, Forbidden, Refused, Stale
from doudi.site.commands.bootstrap import _from_file, one_time_password
from tests.accounts.conftest import holder_of
from tests.accounts.signing_in import APP, ENROL, OPEN, enrol_app, give_password

SYSTEM = Actor.system()
NAMES = ("qian", "feng", "shen")


def three(*holders: str) -> list[NewAdministrator]:
    numbers = holders or tuple(map(holder_of, NAMES))
    return [
        NewAdministrator(role, name, name, number, one_time_password(), number.encode())
        for role, name, number in zip(ADMINISTRATORS, NAMES, numbers, strict=True)
    ]


def made(people: list[NewAdministrator], actor: Actor = SYSTEM) -> list[Account]:
    return bootstrap(actor=actor, at=now(), administrators=people, area="990101", today=today())


def let_in(account: Account, actor: Actor = SYSTEM) -> tuple[str, str]:
    """A fresh password and the code to set a second factor up."""
    fresh = one_time_password()
    code = give_entry(
        actor=actor, at=now(), account=account, password=fresh, random=b"0123456789", reason="lost", today=today()
    )
    return fresh, code


@pytest.mark.django_db
def test_three_persons_with_one_time_passwords_that_lead_to_enrolment(settings: Settings) -> None:
    settings.SECOND_FACTOR = "required"
    people = three()
    made(people)
    assert dict(Grant.objects.values_list("role", "account__username")) == dict(zip(ADMINISTRATORS, NAMES, strict=True))
    for person in people:
        client = Client()
        assert give_password(client, person.username, person.password) == "/"
        assert client.get("/")["Location"] == ENROL and client.get(APP)["Location"] == ENROL
        assert client.post(OPEN, {"code": recovery_codes.written(person.random)})["Location"] == ENROL
        enrol_app(client)
        assert client.get("/")["Location"] == "/accounts/password/"
    assert Entry.objects.get(verb="accounts.bootstrap").account_id == "system"


@pytest.mark.django_db
def test_a_second_time_is_refused_whatever_became_of_the_first() -> None:
    made(three())
    Grant.objects.update(withdrawn_at=now())
    with pytest.raises(Stale) as refused:
        made(three())
    assert refused.value.code == "accounts.bootstrap_done" and Account.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("holders", [("a", "b", "c"), (holder_of("x"), holder_of("y"), holder_of("x"))])
def test_not_three_persons_is_nothing_at_all(holders: tuple[str, ...]) -> None:
    with pytest.raises(DoudiError):
        made(three(*holders))
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_only_the_command_line_does_it() -> None:
    somebody = Actor("x", "x", "security_administrator", "99")
    with pytest.raises(Forbidden):
        made(three(), somebody)
    feng = made(three())[1]
    with pytest.raises(Forbidden):
        let_in(feng, somebody)


@pytest.mark.django_db
def test_one_who_lost_everything_is_let_in_again(settings: Settings) -> None:
    settings.SECOND_FACTOR = "required"
    people = three()
    feng = made(people)[1]
    give_password(client := Client(), "feng", people[1].password)
    enrol_app(client)
    fresh, code = let_in(feng)
    assert client.get("/").status_code == 302
    assert give_password(client, "feng", fresh) == "/" and client.get("/")["Location"] == ENROL
    assert client.post(OPEN, {"code": code})["Location"] == ENROL and client.get(APP).status_code == 200


@pytest.mark.django_db
def test_nobody_but_an_administrator_is_let_in_from_the_server() -> None:
    """One person at the server is not both administrators: everybody else is helped on the pages, by two."""
    made(three())
    clerk = create_account(
        actor=SYSTEM, at=now(), username="clerk", name="clerk", password=one_time_password(), holder=holder_of("clerk")
    )
    give_grant(actor=SYSTEM, at=now(), account=clerk, role="handler", area="990101003", from_on=today())
    with pytest.raises(Refused) as refused:
        let_in(clerk)
    assert refused.value.code == "accounts.not_an_administrator"


def test_the_file_holds_three_lines(tmp_path: Path) -> None:
    import typer

    file = tmp_path / "three.csv"
    file.write_text("qian,钱进,1\nfeng，冯洁，2\n\nshen,沈明,3\n", encoding="utf-8")
    assert _from_file(file) == [("qian", "钱进", "1"), ("feng", "冯洁", "2"), ("shen", "沈明", "3")]
    file.write_text("qian,钱进\n", encoding="utf-8")
    with pytest.raises(typer.BadParameter):
        _from_file(file)
