"""What a password must be: twelve characters of three kinds, not like the name, none of the last five."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from doudi.accounts.actions import change_password, create_account
from doudi.accounts.logic.password_profiles import profile, validators
from doudi.accounts.models import Account
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Forbidden, Refused
from tests.accounts.conftest import AT, PASSWORD, Make, holder_of


@pytest.mark.parametrize(
    "password",
    ["Kurz-1", "nur-kleine-zeichen", "NURGROSSEUND123", "123456789012345", "zhouzhou-Zhou-1", "Password1234"],
)
def test_weak_passwords_are_refused(make: Make, password: str) -> None:
    account = make("zhouzhou-Zhou")
    with pytest.raises(Refused) as refused:
        change_password(actor=Actor.system(), at=AT, account=account, password=password)
    assert refused.value.code == "accounts.password_refused"


def test_none_of_the_last_five_may_come_again(make: Make) -> None:
    account = make("zhou")
    own = Actor(str(account.id), account.name, "account", "")
    for n in range(4):
        change_password(actor=own, at=AT + timedelta(days=n + 1), account=account, password=f"Immer-neues-Wort-{n}")
    with pytest.raises(Refused):
        change_password(actor=own, at=AT + timedelta(days=9), account=account, password=PASSWORD)
    change_password(actor=own, at=AT + timedelta(days=9), account=account, password="Immer-neues-Wort-9")
    change_password(actor=own, at=AT + timedelta(days=10), account=account, password=PASSWORD)


def test_who_sets_somebody_elses_is_not_told_what_it_was(make: Make) -> None:
    account = make("zhou")
    change_password(actor=Actor.system(), at=AT, account=account, password=PASSWORD)
    account.refresh_from_db()
    assert account.must_change_password
    own = Actor(str(account.id), account.name, "account", "")
    with pytest.raises(Refused) as refused:
        change_password(actor=own, at=AT + timedelta(days=1), account=account, password=PASSWORD)
    assert "最近五次" in str(refused.value.message)


def test_one_own_page_asks_for_the_password_in_use(client: Client, make: Make) -> None:
    client.force_login(make("zhou", "registrar"))
    given = {"current": "not-the-one-in-use", "password": "Ganz-neu-gesetzt-9", "again": "Ganz-neu-gesetzt-9"}
    text = client.post("/accounts/password/", given).content.decode()
    assert "现在的密码不对，" in text and 'href="#id_current"' in text
    given |= {"current": PASSWORD, "again": "Ganz-anders-gesetzt-9"}
    assert "两次写的不一样" in client.post("/accounts/password/", given).content.decode()
    given |= {"again": given["password"]}
    assert client.post("/accounts/password/", given).status_code == 302
    assert client.get("/").status_code == 200, "the session goes on"


def test_only_the_system_administrator_sets_somebody_elses(make: Make) -> None:
    account = make("zhou")
    for role in ("registrar", "security_administrator", "audit_administrator"):
        other = Actor("another", "another", role, "99")
        with pytest.raises(Forbidden):
            change_password(actor=other, at=AT, account=account, password="Ganz-neu-gesetzt-9")
        with pytest.raises(Forbidden):
            create_account(actor=other, at=AT, username="x", name="x", password=PASSWORD, holder=holder_of("x"))


def test_names_that_differ_in_capitals_only_are_one(make: Make) -> None:
    make("zhou")
    with pytest.raises(Refused):
        make("Zhou")


def test_dengbao_wants_a_new_password_after_ninety_days(client: Client, make: Make, settings: Settings) -> None:
    settings.PASSWORD_PROFILE = "dengbao"
    account = make("zhou", "registrar")
    client.force_login(account)
    Account.objects.filter(id=account.id).update(password_set_at=now() - timedelta(days=90))
    assert client.get("/")["Location"] == "/accounts/password/"
    assert "90 天" in client.get("/accounts/password/").content.decode()
    given = {"current": PASSWORD, "password": "Ganz-neu-gesetzt-9", "again": "Ganz-neu-gesetzt-9"}
    client.post("/accounts/password/", given)
    assert client.get("/").status_code == 200


def test_asvs_wants_length_and_no_change(client: Client, make: Make, settings: Settings) -> None:
    account = make("zhou", "registrar")
    settings.PASSWORD_PROFILE, settings.AUTH_PASSWORD_VALIDATORS = "asvs", validators("asvs")
    own = Actor(str(account.id), account.name, "account", "")
    for refused in ("Kurz-aber-A1!x", "short one", "123456789123456789"):
        with pytest.raises(Refused):
            change_password(actor=own, at=AT, account=account, password=refused)
    for accepted in ("only small letters here", "only small letters here"):
        change_password(actor=own, at=AT, account=account, password=accepted)
    Account.objects.filter(id=account.id).update(password_set_at=now() - timedelta(days=900))
    client.force_login(account)
    assert client.get("/").status_code == 200
    assert "好记的一句话" in client.get("/accounts/password/").content.decode()


def test_profiles_have_a_name_or_the_house_does_not_start() -> None:
    with pytest.raises(ValueError, match="dengbao, asvs"):
        profile("none")


def test_a_given_password_holds_for_a_week(client: Client, make: Make) -> None:
    account = make("zhou", "registrar", must_change=True)
    for days, leads in ((8, False), (6, True)):
        Account.objects.filter(id=account.id).update(password_set_at=now() - timedelta(days=days), failures=0)
        answer = client.post("/accounts/login/", {"login": "zhou", "password": PASSWORD})
        assert (answer.status_code == 302) is leads
