"""One's own second factors: set up at the first sign-in, used at every other, changed after a fresh proof only."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django.fixtures import Settings

from doudi.accounts.actions import add_totp, remove_factor, take_factors_away
from doudi.accounts.logic import totp
from doudi.accounts.models import Account, TotpSecret
from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import DoudiError, Forbidden
from tests.accounts.conftest import AT, PASSWORD, Make
from tests.accounts.signing_in import (
    APP,
    CODE,
    CODES,
    ENROL,
    PROVE,
    at_step,
    enrol_app,
    enrol_passkey,
    fresh_code,
    give_code,
    give_password,
    open_enrolment,
    sealed_secret,
)
from tests.accounts.soft_key import SoftKey


@pytest.fixture(autouse=True)
def demanded(settings: Settings) -> None:
    settings.SECOND_FACTOR = "required"


def test_the_published_examples_of_the_standard() -> None:
    """RFC 6238, appendix B (SHA-1), cut to six digits."""
    secret = b"12345678901234567890"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037"), (20000000000, "353130")):
        assert totp.code_of(secret, seconds // 30) == code


def test_a_code_belongs_to_this_step_or_the_one_before_and_is_never_used_again() -> None:
    secret, here = b"x" * 20, 58_000_000
    at = at_step(here)
    accepted = {away: totp.accepted_step(secret, totp.code_of(secret, here + away), at, 0) for away in range(-3, 4)}
    assert {away for away, step in accepted.items() if step} == {-1, 0}
    assert totp.accepted_step(secret, totp.code_of(secret, here), at, here) is None
    assert totp.accepted_step(secret, totp.code_of(secret, here - 1), at, here) is None, (
        "an older one after a newer one"
    )


def test_the_first_sign_in_leads_through_enrolment_then_the_password_then_in(client: Client, make: Make) -> None:
    account = make("zhou", "registrar", must_change=True)
    give_password(client, "zhou")
    for page in ("/", "/search/", "/accounts/password/", "/accounts/grant/"):
        assert client.get(page)["Location"] == ENROL
    text = client.get(ENROL).content.decode()
    assert "只凭密码不够" in text and "我的工作" not in text
    assert client.post("/language/", {"language": "en", "next": ENROL}).status_code == 302
    secret, codes = enrol_app(client)
    assert len(set(codes)) == 10 and client.get("/")["Location"] == "/accounts/password/"
    given = {"current": PASSWORD, "password": "Ganz-neu-gesetzt-9", "again": "Ganz-neu-gesetzt-9"}
    assert client.post("/accounts/password/", given)["Location"] == "/" and client.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert give_password(client, "zhou", "Ganz-neu-gesetzt-9") == CODE and client.get("/").status_code == 302
    assert give_code(client, fresh_code(secret, account)) == "/" and client.get("/").status_code == 200
    ways = Entry.objects.filter(verb="accounts.log_in").order_by("at").values_list("reason", flat=True)
    assert list(ways) == ["password", "password+totp"]
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"accounts.add_second_factor", "accounts.make_recovery_codes", "accounts.use_second_factor"} <= verbs


def test_what_is_kept_is_sealed_or_a_digest(client: Client, make: Make) -> None:
    account = make("zhou", "registrar")
    give_password(client, "zhou")
    secret, codes = enrol_app(client)
    row = TotpSecret.objects.get()
    assert sealed_secret(account) == secret and secret not in bytes(row.sealed)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_the_page_of_a_code_app_draws_its_picture_without_inline_style(client: Client, make: Make) -> None:
    make("zhou", "registrar")
    give_password(client, "zhou")
    open_enrolment(client)
    text = client.get(APP).content.decode()
    assert "<svg" in text and "style=" not in text and "<path" in text
    wrong = client.post(APP, {"code": "000000"}).content.decode()
    assert "验证码不对" in wrong and not Authenticator.objects.exists()


def test_recovery_codes_are_shown_until_they_are_written_down(client: Client, make: Make) -> None:
    make("zhou", "registrar")
    give_password(client, "zhou")
    _secret, codes = enrol_app(client)
    assert codes[0] not in client.get(CODES).content.decode()
    client.post(CODES)
    fresh = client.get(CODES).content.decode()
    assert codes[0] not in fresh and "我已抄好" in fresh
    other = Client()
    give_password(other, "zhou")
    assert give_code(other, codes[0]) != "/", "the old ones are good for nothing"


def test_changing_them_wants_a_fresh_proof_by_the_strongest_there_is(client: Client, make: Make) -> None:
    account = make("zhou", "registrar")
    give_password(client, "zhou")
    secret, _codes = enrol_app(client)
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] = time.time() - 700
    session.save()
    assert client.get("/accounts/second-factor/passkey/")["Location"].startswith(PROVE)
    assert client.post(CODES)["Location"].startswith(PROVE)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/second-factor/passkey/")["Location"].startswith(PROVE), "a password does not do"
    assert give_code(client, fresh_code(secret, account), f"{PROVE}?next=/accounts/second-factor/") == ENROL
    assert client.get("/accounts/second-factor/passkey/").status_code == 200


def test_a_session_that_began_without_one_proves_it_and_goes_on(client: Client, make: Make, settings: Settings) -> None:
    account = make("zhou", "registrar")
    give_password(client, "zhou")
    secret, _codes = enrol_app(client)
    other = Client()
    other.force_login(account)
    assert other.get("/")["Location"] == PROVE
    assert give_code(other, fresh_code(secret, account), PROVE) == "/" and other.get("/").status_code == 200


def test_the_last_one_stays_and_nobody_touches_anothers(client: Client, make: Make) -> None:
    account, other = make("zhou", "registrar"), make("li", "registrar")
    give_password(client, "zhou")
    enrol_app(client)
    factor = Authenticator.objects.get(type="totp")
    assert client.post(f"/accounts/second-factor/{factor.id}/remove/").status_code == 409
    with pytest.raises(Forbidden):
        remove_factor(actor=Actor(str(other.id), "", "account", ""), at=AT, account=account, factor=factor)
    enrol_passkey(client, SoftKey())
    assert client.post(f"/accounts/second-factor/{factor.id}/remove/")["Location"] == ENROL
    assert not TotpSecret.objects.exists() and Authenticator.objects.filter(type="webauthn").count() == 1


def test_who_lost_everything_is_let_in_anew_by_the_security_administrator(client: Client, make: Make) -> None:
    account, chief = make("zhou", "registrar"), make("chief", "security_administrator")
    give_password(client, "zhou")
    enrol_app(client)
    actor = Actor(str(chief.id), "chief", "security_administrator", "99")
    take_factors_away(actor=actor, at=now(), account=account, reason="lost")
    assert "ended=administrator" in client.get("/")["Location"] and not Authenticator.objects.exists()
    give_password(client, "zhou")
    assert client.get("/")["Location"] == ENROL
    with pytest.raises(Forbidden):
        take_factors_away(actor=actor, at=now(), account=chief, reason="mine")


def test_two_apps_are_not_added_and_a_locked_account_takes_no_code(make: Make, client: Client) -> None:
    account = make("zhou", "registrar")
    give_password(client, "zhou")
    secret, _codes = enrol_app(client)
    own = Actor(str(account.id), "", "account", "")
    with pytest.raises(DoudiError):
        add_totp(actor=own, at=now(), account=account, secret=secret, code=totp.code_of(secret, totp.step_of(now())))
    give_password(other := Client(), "zhou")
    Account.objects.filter(id=account.id).update(locked_until=now() + timedelta(minutes=5))
    assert give_code(other, fresh_code(secret, account)) != "/"


def test_an_account_with_one_shows_it_where_none_is_demanded(client: Client, make: Make, settings: Settings) -> None:
    settings.SECOND_FACTOR = "optional"
    make("zhou", "registrar")
    give_password(client, "zhou")
    assert "演示" in client.get("/").content.decode()
    enrol_app(client)
    assert give_password(Client(), "zhou") == CODE
