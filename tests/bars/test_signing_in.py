"""S-10 to S-14: guessing, the second factor, its abuse, sessions, tokens."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.conf import settings as global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from doudi.accounts.access import actor_of_token
from doudi.accounts.actions import (
    LOCK,
    MOST_FAILURES,
    MOST_FROM_ADDRESS,
    change_password,
    create_service,
    end_session,
    issue_token,
    new_service_secret,
    withdraw_service,
    withdraw_service_secret,
)
from doudi.accounts.adapter import NOT_IN
from doudi.accounts.logic.totp import code_of, step_of
from doudi.accounts.models import Account, AccountSession, AddressFailures, ServiceSecret, ServiceToken
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import Forbidden, Refused
from tests.accounts.conftest import PASSWORD
from tests.accounts.signing_in import (
    APP,
    CODE,
    ENROL,
    LOGIN,
    OPEN,
    PROVE,
    enrol_app,
    enrol_passkey,
    fresh_code,
    give_code,
    give_password,
    options_of,
)
from tests.accounts.soft_key import SoftKey
from tests.bars.conftest import Bar
from tests.bars.signing_in import account, routes

pytestmark = pytest.mark.django_db
SESSION = global_settings.SESSION_COOKIE_NAME
OTHER = "Ganz-anders-gesetzt-9"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"


class Quicker(PBKDF2PasswordHasher):
    """The real hasher with fewer rounds, counted: a missing one is what tells names apart by time."""

    iterations = 60_000
    hashed = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        type(self).hashed += 1
        return str(super().encode(password, salt, iterations))


@pytest.fixture(autouse=True)
def unhurried() -> Iterator[None]:
    """Counts in the cache begin anew."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def demanded(settings: Settings) -> None:
    """A real house: nobody gets in without a second factor."""
    settings.SECOND_FACTOR = "required"


@pytest.mark.bar("S-10", "guessing one password for everybody, or many for one, is stopped by address and by account")
def test_spraying(bar: Bar) -> None:
    tries = bar.size(120, 1000)
    hashed = make_password(PASSWORD)
    Account.objects.bulk_create(
        Account(username=f"clerk{n}", password=hashed if n == tries - 1 else make_password(OTHER)) for n in range(tries)
    )
    for n in range(tries):
        give_password(Client(), f"clerk{n}", PASSWORD)
    tried = Account.objects.filter(failures__gt=0).count()
    got_in = AccountSession.objects.count()
    victim = account("victim", "registrar")
    for n in range(tries):
        give_password(Client(), "victim", OTHER, REMOTE_ADDR=f"10.9.{n // 250}.{n % 250 + 1}")
    victim.refresh_from_db()
    right = give_password(Client(), "victim", PASSWORD, REMOTE_ADDR="10.8.0.1")
    locked = AddressFailures.objects.filter(locked_until__gt=now()).count()
    bar.says(
        f"{tries} passwords sprayed from one address: {tried} reached an account, {got_in} got in; "
        f"{tries} at one account from as many addresses: {MOST_FAILURES} reached it"
    )
    assert tried <= MOST_FROM_ADDRESS and got_in == 0 and locked == 1
    assert victim.locked_until and victim.locked_until - now() <= LOCK and str(NOT_IN) in right


@pytest.mark.bar("S-10", "no name is told apart by text, status or time")
def test_no_name_is_told(bar: Bar, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Quicker"]
    known, locked, closed = account("known", "registrar"), account("locked", "registrar"), account("closed")
    Account.objects.filter(id=locked.id).update(locked_until=now() + timedelta(hours=9))
    Account.objects.filter(id=closed.id).update(is_active=False)
    spent: dict[str, list[float]] = {name: [] for name in ("known", "locked", "closed", "nobody", "KNOWN ")}
    said: set[tuple[int, str]] = set()
    hashes: set[int] = set()
    for turn in range(bar.size(15, 60)):
        for name, times in spent.items():
            Account.objects.filter(id__in=(known.id, closed.id)).update(failures=0, locked_until=None)
            AddressFailures.objects.all().delete()
            cache.clear()
            client = Client(REMOTE_ADDR=f"10.7.0.{turn % 250 + 1}")
            Quicker.hashed, begun = 0, time.perf_counter()
            answer = client.post(LOGIN, {"login": name, "password": OTHER})
            times.append(time.perf_counter() - begun)
            hashes.add(Quicker.hashed)
            said.add((answer.status_code, answer.content.decode().replace(name.strip(), "")[-400:]))
            assert str(NOT_IN) in answer.content.decode()
    medians = {name: median(times) * 1000 for name, times in spent.items()}
    apart = max(medians.values()) - min(medians.values())
    told = ", ".join(f"{name.strip()} {found:.1f}" for name, found in medians.items())
    bar.says(
        f"medians apart by {apart:.1f} ms over {len(spent['known'])} tries a kind ({told}); "
        f"{len(said)} text, {len(hashes)} number of hashes"
    )
    assert len(said) == 1 and len(hashes) == 1
    # milliseconds are read where nothing else runs: in the full form; the work is the same in both
    assert apart < 10 or not bar.full


@pytest.mark.bar("S-11", "without the second factor no route is reached but enrolment, leaving and what is public")
def test_every_route_demands_it(bar: Bar, demanded: None) -> None:
    bare, held = account("bare", "registrar"), account("held", "county_leader")
    give_password(client := Client(), "held")
    enrol_app(client)
    reached, before, walked = [], set(), 0
    methods = ("get", "post", "head", "put", "delete") if bar.full else ("get", "post")
    for who, leads_to in ((bare, ENROL), (held, PROVE)):
        client = Client()
        client.force_login(who)
        for route in routes():
            if route.is_public:
                continue
            if route.comes_before:
                before.add(route.path)
                continue
            for method in methods:
                answer = getattr(client, method)(route.path)
                walked += 1
                if answer.status_code != 302 or answer["Location"] != leads_to:
                    reached.append(f"{method} {route.path}: {answer.status_code}")
    bar.says(f"{walked} requests over {len(routes())} routes: {len(reached)} reached; {len(before)} come before it")
    assert not reached, "\n".join(reached)
    assert before == {
        ENROL, OPEN, APP, "/accounts/second-factor/passkey/", "/accounts/second-factor/codes/",
        "/accounts/second-factor/7/remove/", "/accounts/reauthenticate/", PROVE, "/accounts/prove/passkey/",
        "/accounts/back/",
    }  # fmt: skip


@pytest.mark.bar("S-12", "a code is good once and for a minute at most; a recovery code is good once")
def test_codes_are_good_once(bar: Bar, demanded: None) -> None:
    person = account("coded", "registrar")
    give_password(client := Client(), "coded")
    secret, codes = enrol_app(client)
    refused, tried = 0, 0

    def tries(code: str) -> bool:
        nonlocal tried
        tried += 1
        Account.objects.filter(id=person.id).update(failures=0, locked_until=None)
        one = Client()
        assert give_password(one, "coded") == CODE
        return give_code(one, code) == "/" and one.get("/").status_code == 200

    here = step_of(now())
    refused += not tries(code_of(secret, here))  # used by the enrolment itself
    good = fresh_code(secret, person)
    assert tries(good), "a right code lets in"
    wrong = [
        good,
        *(code_of(secret, here + away) for away in (-2, -3, -20, 2, 3, 20)),
        "",
        "000000",
        "１２３４５６",
        codes[0][:-1],
    ]
    refused += sum(not tries(code) for code in wrong)
    assert tries(codes[0]) and tries(codes[1].upper().replace("-", " ")), "a recovery code lets in"
    refused += sum(not tries(code) for code in codes[:2])
    bar.says(f"{refused} of {tried - 3} replayed, old, future and wrong codes refused")
    assert refused == tried - 3


@pytest.mark.bar("S-12", "wrong codes lock the account like wrong passwords")
def test_codes_are_not_guessed(bar: Bar, demanded: None) -> None:
    person = account("guessed", "registrar")
    give_password(client := Client(), "guessed")
    secret, _codes = enrol_app(client)
    give_password(client := Client(), "guessed")
    for _ in range(MOST_FAILURES):
        give_code(client, "000000")
    right = give_code(client, fresh_code(secret, person))
    bar.says(f"locked after {MOST_FAILURES} wrong codes")
    assert right != "/" and str(NOT_IN) in give_password(Client(), "guessed")


@pytest.mark.bar("S-12", "a passkey's answer for another site, challenge, key or from a copied key is refused")
def test_passkeys_are_not_fooled(bar: Bar, demanded: None) -> None:
    person, key = account("keyed", "registrar"), SoftKey()
    give_password(client := Client(), "keyed")
    enrol_passkey(client, key)
    stranger = SoftKey()
    account("stranger", "registrar")
    give_password(client := Client(), "stranger")
    enrol_passkey(client, stranger)

    def tries(answered_by: SoftKey = key, replay: str = "", **false: object) -> tuple[bool, str]:
        Account.objects.filter(id=person.id).update(failures=0, locked_until=None)
        one = Client()
        assert give_password(one, "keyed") == CODE
        options = options_of(one.get(CODE).content.decode())
        sent = replay or json.dumps(answered_by.answer(options, **false))  # type: ignore[arg-type]
        answer = one.post(CODE, {"credential": sent})
        return answer.status_code == 302 and one.get("/").status_code == 200, sent

    good, sent = tries()
    assert good, "a right answer lets in"
    wrong = [
        tries(origin="https://testserver.example.org"), tries(origin="http://testserver"),
        tries(origin="https://evil.example"), tries(wrong_challenge=True), tries(signed_by=SoftKey()),
        tries(stranger), tries(replay=sent),
        tries(replay="[]"), tries(replay='{"id": 7}'), tries(replay="{"), tries(replay='{"response": {}}'),
    ]  # fmt: skip
    key.counter = 99
    assert tries()[0], "the key itself goes on"
    for behind in (0, -1, -99):  # a copy of the key does not know how often the other one answered
        key.counter = 100
        wrong.append(tries(advance=behind))
    refused = sum(not good for good, _sent in wrong)
    bar.says(f"{refused} of {len(wrong)} false answers refused")
    assert refused == len(wrong)


@pytest.mark.bar("S-13", "a session begins anew at sign-in, ends for good, idles out, and is one a kind of device")
def test_sessions(bar: Bar) -> None:
    person = account("seated", "registrar")
    held = []

    client = Client()
    client.get(LOGIN)
    client.session["planted"] = "by somebody else"
    planted = client.session
    planted["planted"] = "x"
    planted.save()
    client.cookies[SESSION] = planted.session_key
    give_password(client, "seated")
    old = Client()
    old.cookies[SESSION] = planted.session_key
    held.append(("fixation", client.session.session_key != planted.session_key and not _is_in(old) and _is_in(client)))

    thief = Client()
    thief.cookies[SESSION] = client.cookies[SESSION].value
    held.append(("the same cookie is the same session", _is_in(thief)))
    client.post("/accounts/logout/")
    held.append(("reuse after leaving", not _is_in(thief)))

    give_password(client := Client(), "seated")
    row = AccountSession.objects.get(ended_at=None)
    AccountSession.objects.filter(id=row.id).update(seen_at=now() - timedelta(minutes=14, seconds=45))
    held.append(("not yet idle", _is_in(client)))
    AccountSession.objects.filter(id=row.id).update(seen_at=now() - timedelta(minutes=14))
    told = client.get("/accounts/session/").json()["left"]
    held.append(("asking is no activity", 30 <= told <= 60))
    AccountSession.objects.filter(id=row.id).update(seen_at=now() - timedelta(minutes=15))
    answer = client.post("/search/", {"q": "x"})
    held.append(("idle", answer.status_code == 302 and "ended=idle" in answer["Location"] and not _is_in(client)))

    give_password(one := Client(), "seated")
    give_password(phone := Client(HTTP_USER_AGENT=PHONE), "seated")
    held.append(("window and phone side by side", _is_in(one) and _is_in(phone)))
    give_password(two := Client(), "seated")
    answer = one.get("/")
    held.append(("the newest wins, the older is told", "ended=newer" in answer["Location"] and _is_in(two)))
    held.append(("the phone stays", _is_in(phone) and AccountSession.objects.filter(ended_at=None).count() == 2))

    own = Actor(str(person.id), "", "account", "")
    change_password(actor=own, at=now(), account=person, password=OTHER)
    held.append(("a changed password ends all", not _is_in(two) and not _is_in(phone)))

    give_password(client := Client(), "seated", OTHER)
    row = AccountSession.objects.get(ended_at=None)
    AccountSession.objects.filter(id=row.id).update(started_at=now() - timedelta(hours=12))
    held.append(("a day is enough", not _is_in(client)))

    give_password(client := Client(), "seated", OTHER)
    row = AccountSession.objects.get(ended_at=None)
    end_session(actor=Actor.system(), at=now(), session=row, why="administrator")
    held.append(("ended by the administrator", "ended=administrator" in client.get("/")["Location"]))
    good = [name for name, is_so in held if is_so]
    bar.says(f"{len(good)} of {len(held)} hold")
    assert len(good) == len(held), [name for name, is_so in held if not is_so]


@pytest.mark.bar("S-14", "another system gets in with its secret and scopes only, and no longer than both hold")
def test_tokens(bar: Bar) -> None:
    system, at = Actor.system(), now()
    service = create_service(
        actor=system, at=at, name="医保结算", department="medical_insurance", area="990101", purpose="settlement",
        scopes=["products.dibao_today", "products.members"], to_on=date(2999, 1, 1),
    )  # fmt: skip
    secret = new_service_secret(actor=system, at=at, service=service, random="r" * 43).text
    second = new_service_secret(actor=system, at=at, service=service, random="s" * 43).text

    def asks(name: object = service.id, word: str = secret, **more: str) -> tuple[int, dict[str, object]]:
        basic = b64encode(f"{name}:{word}".encode()).decode()
        given = {"grant_type": "client_credentials"} | more
        answer = Client(enforce_csrf_checks=True).post(
            "/accounts/token/", given, headers={"authorization": f"Basic {basic}"}
        )
        assert answer["Cache-Control"] == "no-store"
        return answer.status_code, answer.json()

    status, told = asks(scope="products.dibao_today")
    token = str(told["access_token"])
    actor = actor_of_token(token, "products.dibao_today")
    row = ServiceToken.objects.get()
    assert status == 200 and (actor.role, actor.area, actor.grant_id) == ("service", "990101", str(row.id))
    refused = [
        asks(word="wrong")[0] == 401, asks(name=service.id.int)[0] == 401, asks(name=UUID(int=0))[0] == 401,
        asks(scope="products.all")[0] == 400, asks(grant_type="password")[0] == 400,
        Client().get("/accounts/token/").status_code == 405,
        _is_refused(token, "products.members"), _is_refused("ddt_" + "x" * 43), _is_refused(""), _is_refused(secret),
    ]  # fmt: skip
    for changed in ({"until_at": now()}, {"until_at": now() - timedelta(days=1)}):
        ServiceToken.objects.filter(id=row.id).update(**changed)
        refused.append(_is_refused(token))
    fresh = str(asks()[1]["access_token"])
    withdraw_service_secret(
        actor=system, at=now(), secret=ServiceSecret.objects.order_by("made_at", "id").get(digest=_digest(secret))
    )
    refused += [_is_refused(fresh), asks()[0] == 401]
    status, told = asks(word=second)
    assert status == 200, "the other secret goes on while the first is changed"
    last = str(told["access_token"])
    withdraw_service(actor=system, at=now(), service=service, reason="agreement ended")
    refused += [_is_refused(last), asks(word=second)[0] == 401]
    with pytest.raises((Forbidden, Refused)):
        issue_token(at=at, today=today(), client_id=None, secret="", scopes=[], random="t", actor=system)
    bar.says(f"{sum(refused)} of {len(refused)} refused; kept are digests: {_kept_plain(secret, token)} plain")
    assert all(refused) and not _kept_plain(secret, token)


def _is_in(client: Client) -> bool:
    answer = client.get("/")
    return answer.status_code == 200 or urlsplit(answer.get("Location", LOGIN)).path != LOGIN


def _is_refused(token: str, *scopes: str) -> bool:
    try:
        actor_of_token(token, *scopes)
    except Forbidden:
        return True
    return False


def _digest(secret: str) -> bytes:
    from doudi.accounts.logic.scopes import digest

    return digest(secret)


def _kept_plain(*texts: str) -> int:
    """How many of the texts stand in any column of the accounts' tables."""
    from django.db import connection

    found = 0
    with connection.cursor() as cursor:
        for table in ("accounts_service", "accounts_service_secret", "accounts_service_token", "audit_entry"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ~ %s", ["|".join(texts)])
            found += cursor.fetchone()[0]
    return found
