"""Logging in and out through the real pages: same words for all failures, the lock of one account, what comes first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from doudi.accounts.adapter import NOT_IN
from doudi.accounts.models import Account
from doudi.audit.models import Entry
from doudi.core.clock import now
from tests.accounts.conftest import PASSWORD, Make

LOGIN = "/accounts/login/"


def log_in(client: Client, username: str, password: str = PASSWORD) -> str:
    """Where the login leads to, or the words of its refusal."""
    answer = client.post(LOGIN, {"login": username, "password": password})
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def test_whoever_is_not_logged_in_is_led_to_the_login_and_back(client: Client, make: Make) -> None:
    make("zhou", "registrar")
    answer = client.get("/search/")
    assert answer.status_code == 302 and answer["Location"] == "/accounts/login/?next=%2Fsearch%2F"
    answer = client.post(answer["Location"], {"login": "zhou", "password": PASSWORD, "next": "/search/"})
    assert answer["Location"] == "/search/"
    assert client.get("/search/").status_code == 200


def test_the_same_words_for_an_unknown_name_a_wrong_password_and_a_locked_account(client: Client, make: Make) -> None:
    make("zhou", "registrar")
    locked = make("wang", "registrar")
    Account.objects.filter(id=locked.id).update(locked_until=now() + timedelta(minutes=5))
    answers = [log_in(client, "nobody"), log_in(client, "zhou", "wrong-Password-1"), log_in(client, "wang")]
    assert all(str(NOT_IN) in text for text in answers)


def test_five_failures_lock_for_a_quarter_of_an_hour_even_with_the_right_password(client: Client, make: Make) -> None:
    account = make("zhou", "registrar")
    for _ in range(5):
        log_in(client, "zhou", "wrong-Password-1")
    assert str(NOT_IN) in log_in(client, "zhou")
    account.refresh_from_db()
    assert account.locked_until and timedelta(minutes=14) < account.locked_until - now() <= timedelta(minutes=15)
    Account.objects.filter(id=account.id).update(locked_until=now() - timedelta(seconds=1))
    assert log_in(client, "zhou") == "/"
    account.refresh_from_db()
    assert account.locked_until is None and account.failures == 0


def test_a_locked_account_costs_as_much_hashing_as_an_unknown_name(
    client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the time of an answer would tell which names exist."""
    from django.contrib.auth import hashers

    hashed: list[str] = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode

    def counted(self: object, password: str, *arguments: object) -> str:
        hashed.append(password)
        return str(encode(self, password, *arguments))

    locked = make("wang", "registrar")
    Account.objects.filter(id=locked.id).update(locked_until=now() + timedelta(minutes=5))
    monkeypatch.setattr(hasher, "encode", counted)
    log_in(client, "nobody", "wrong-Password-1")
    unknown = len(hashed)
    log_in(client, "wang", "wrong-Password-1")
    assert unknown and len(hashed) == 2 * unknown


def test_capitals_do_not_get_around_the_lock(client: Client, make: Make) -> None:
    make("zhou", "registrar")
    for name in ("zhou", "ZHOU", "Zhou", "zhoU", " zhou "):
        log_in(client, name, "wrong-Password-1")
    assert str(NOT_IN) in log_in(client, "ZHOU")


def test_a_login_that_works_forgets_the_failures_before_it(client: Client, make: Make) -> None:
    make("zhou", "registrar")
    for _ in range(4):
        log_in(client, "zhou", "wrong-Password-1")
    assert log_in(client, "zhou") == "/"
    client.post("/accounts/logout/")
    log_in(client, "zhou", "wrong-Password-1")
    assert log_in(client, "zhou") == "/"


def test_every_try_is_in_the_log(client: Client, make: Make) -> None:
    make("zhou", "registrar")
    for _ in range(5):
        log_in(client, "zhou", "wrong-Password-1")
    log_in(client, "zhou")
    log_in(client, "nobody")
    found = list(Entry.objects.filter(verb="accounts.log_in").values_list("outcome", "reason"))
    assert found.count(("refused", "")) == 6 and found.count(("refused", "locked")) == 1


def test_leaving_needs_a_click_and_ends_the_session(client: Client, make: Make) -> None:
    make("zhou", "registrar")
    log_in(client, "zhou")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert client.get("/").status_code == 302


def test_nobody_signs_up(client: Client, db: None) -> None:
    answer = client.post(
        "/accounts/signup/", {"username": "new", "password1": PASSWORD, "password2": PASSWORD}, follow=True
    )
    assert not Account.objects.exists() and "不能自己注册" in answer.content.decode()


def test_a_form_without_the_token_of_its_page_is_refused(make: Make) -> None:
    make("zhou", "registrar")
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(LOGIN, {"login": "zhou", "password": PASSWORD})
    assert answer.status_code == 403 and "页面已过期" in answer.content.decode()


def test_a_given_password_must_be_changed_first_and_nothing_loops(client: Client, make: Make) -> None:
    make("zhou", "registrar", must_change=True)
    assert log_in(client, "zhou") == "/"
    for address in ("/", "/search/", "/accounts/grant/"):
        assert client.get(address)["Location"] == "/accounts/password/"
    assert client.get("/accounts/password/").status_code == 200
    assert client.post("/language/", {"language": "en", "next": "/accounts/password/"}).status_code == 302
    given = {"current": PASSWORD, "password": "Ganz-neu-gesetzt-9", "again": "Ganz-neu-gesetzt-9"}
    assert client.post("/accounts/password/", given)["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/accounts/password/", "/accounts/roles/"])
def test_personal_pages_are_not_kept_by_the_browser(client: Client, make: Make, path: str) -> None:
    make("zhou", "registrar")
    log_in(client, "zhou")
    assert client.get(path)["Cache-Control"] == "no-store"


def test_no_open_redirect_after_login_or_language(client: Client, make: Make) -> None:
    make("zhou", "registrar")
    answer = client.post(LOGIN, {"login": "zhou", "password": PASSWORD, "next": "https://example.org/"})
    assert answer["Location"] == "/"
    for target in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        assert client.post("/language/", {"language": "en", "next": target})["Location"] == "/"
