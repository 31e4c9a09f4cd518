"""A sign-in that waits for its second factor rests on what it began with; nobody guesses on, by turns or elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from doudi.accounts.actions import MOST_FAILURES, change_password, set_active
from doudi.accounts.models import Account, AddressFailures
from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.clock import now
from tests.accounts.conftest import PASSWORD, Make
from tests.accounts.signing_in import CODE, LOGIN, enrol_app, fresh_code, give_code, give_password

FRESH = "Ganz-neu-gesetzt-1"


def waiting(make: Make) -> tuple[Client, Account, bytes]:
    """A sign-in at the code page, of an account with a code app."""
    account = make("zhou", "handler")
    give_password(own := Client(), "zhou")
    secret, _codes = enrol_app(own)
    client = Client()
    assert give_password(client, "zhou") == CODE
    return client, Account.objects.get(id=account.id), secret


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def own_change(account: Account) -> None:
    own = Actor(str(account.id), account.name, "account", "")
    change_password(actor=own, at=now(), account=account, password=FRESH)


def reset(account: Account) -> None:
    change_password(actor=Actor.system(), at=now(), account=account, password=FRESH)


def close(account: Account) -> None:
    set_active(actor=Actor.system(), at=now(), account=account, active=False, reason="left")


@pytest.mark.parametrize("change", [own_change, reset, close])
def test_it_ends_when_what_it_rests_on_is_changed(make: Make, change: Callable[[Account], None]) -> None:
    client, account, secret = waiting(make)
    change(account)
    assert give_code(client, fresh_code(secret, account)) == LOGIN
    assert not is_in(client)
    assert not Entry.objects.filter(verb="accounts.use_second_factor").exists(), "no code was looked at"
    assert give_code(client, fresh_code(secret, account)) == LOGIN, "there is no way back to it"


def test_it_goes_on_otherwise(make: Make) -> None:
    client, account, secret = waiting(make)
    assert client.get(CODE).status_code == 200
    give_code(client, fresh_code(secret, account))
    assert is_in(client)


def test_the_system_administrator_lifts_no_lock_with_a_fresh_password(make: Make) -> None:
    client, account, _secret = waiting(make)
    keeper = Client()
    keeper.force_login(make("chief", "system_administrator", area="990101"))
    for _one in range(MOST_FAILURES):
        give_code(client, "000000")
    assert keeper.post(f"/accounts/{account.id}/password/", {"password": FRESH}).status_code == 302
    account.refresh_from_db()
    assert account.check_password(FRESH) and account.locked_until is not None
    assert give_password(Client(), "zhou", FRESH) != CODE, "locked still"
    assert keeper.post(f"/accounts/{account.id}/lock/").status_code == 403


def test_a_locked_address_guesses_no_codes(make: Make) -> None:
    client, account, secret = waiting(make)
    AddressFailures.objects.create(address="127.0.0.1", since=now(), locked_until=now() + timedelta(minutes=15))
    give_code(client, fresh_code(secret, account))
    assert not is_in(client)
    AddressFailures.objects.all().delete()
    give_code(client, fresh_code(secret, account))
    assert is_in(client)


def test_whoever_finds_an_open_browser_guesses_no_password(client: Client, make: Make) -> None:
    account = make("zhou", "registrar")
    client.force_login(account)
    given = {"password": FRESH, "again": FRESH}
    for turn in range(MOST_FAILURES):
        assert client.post("/accounts/password/", given | {"current": f"guess-{turn}"}).status_code == 200
    account.refresh_from_db()
    assert account.locked_until is not None
    assert Entry.objects.filter(verb="accounts.log_in", outcome="refused", reason="change_password").count() == 5
    assert "暂时锁定" in client.post("/accounts/password/", given | {"current": PASSWORD}).content.decode()
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
