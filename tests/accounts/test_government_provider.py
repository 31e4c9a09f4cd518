"""Signing in through a real OpenID Connect server in another process: for bound accounts only, nothing else is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django.fixtures import Settings

from doudi.accounts.actions import bind_subject, set_active, unbind_subject
from doudi.accounts.identity import PROVIDER
from doudi.accounts.models import AccountSession, ProvenSubject
from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.errors import DoudiError
from tests.accounts import identity_provider
from tests.accounts.conftest import AT, Make
from tests.accounts.signing_in import CODE, ENROL, LOGIN, enrol_app, fresh_code, give_code, give_password, sealed_secret
from tests.architecture.project import ROOT

START = "/accounts/government/"
SYSTEM = Actor.system()


@dataclass(frozen=True)
class Provider:
    """The server of this run."""

    address: str
    subjects: dict[str, str]

    def answers(self, client: Client, who: str) -> str:
        """The address the provider sends somebody back to, after they began at ours."""
        begun = client.post(START)
        assert begun.status_code == 302, begun.content.decode()
        asked = begun["Location"]
        assert asked.startswith(self.address) and "code_challenge_method=S256" in asked
        with requests.Session() as browser:
            root = self.address.removesuffix("/o")
            answer = browser.get(f"{root}/sign-in/?{urlencode({'as': who, 'next': asked})}", allow_redirects=False)
            assert answer.is_redirect, (answer.status_code, answer.text[:2000])
            answer = browser.get(answer.headers["Location"], allow_redirects=False)
            assert answer.is_redirect, (answer.status_code, answer.text[:2000])
        return answer.headers["Location"].removeprefix("http://testserver")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """The server, started once for this file."""
    folder = tmp_path_factory.mktemp("provider")
    command = [sys.executable, "-m", "tests.accounts.identity_provider", str(folder)]
    errors = (folder / "errors").open("wb")
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, cwd=ROOT, text=True)
    assert server.stdout is not None
    line = server.stdout.readline()
    assert line, (folder / "errors").read_text()
    yield Provider(**json.loads(line))
    server.terminate()
    server.wait()
    errors.close()


@pytest.fixture
def provider(served: Provider, settings: Settings, tmp_path: Path) -> Provider:
    """Our side set to it."""
    app = {
        "provider_id": PROVIDER, "name": "统一身份认证", "client_id": identity_provider.CLIENT,
        "secret": identity_provider.SECRET, "settings": {"server_url": served.address, "fetch_userinfo": False},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid"], "APPS": [app]}
    }
    return served


def test_a_bound_account_gets_in_and_nothing_more_than_its_subject_is_kept(
    client: Client, make: Make, provider: Provider
) -> None:
    account = make("zhou", "registrar")
    bind_subject(actor=SYSTEM, at=AT, account=account, provider=PROVIDER, subject=provider.subjects["zhou"])
    back = provider.answers(client, "zhou")
    assert client.get(back)["Location"] == "/"
    assert client.get("/").status_code == 200 and AccountSession.objects.get().account == account
    kept = SocialAccount.objects.get()
    assert set(kept.extra_data) <= {"iss", "sub", "acr", "amr", "auth_time"} and kept.extra_data["sub"] == kept.uid
    everything = json.dumps(kept.extra_data) + json.dumps(dict(client.session), default=str)
    assert "周敏" not in everything and "990101198001010017" not in everything


def test_nobody_else_gets_in_and_no_account_is_made(client: Client, make: Make, provider: Provider) -> None:
    make("wang", "registrar")
    answer = client.get(provider.answers(client, "wang"))
    assert answer.status_code == 403 and "还没有绑定账号" in answer.content.decode()
    assert not SocialAccount.objects.exists() and client.get("/").status_code == 302
    assert Entry.objects.get(verb="accounts.log_in").reason == "subject_not_bound"


def test_a_closed_account_and_an_unbound_one_stay_out(client: Client, make: Make, provider: Provider) -> None:
    account = make("zhou", "registrar")
    bind_subject(actor=SYSTEM, at=AT, account=account, provider=PROVIDER, subject=provider.subjects["zhou"])
    set_active(actor=SYSTEM, at=AT, account=account, active=False, reason="left")
    assert client.get(provider.answers(client, "zhou")).status_code == 403
    set_active(actor=SYSTEM, at=AT, account=account, active=True, reason="back")
    unbind_subject(actor=SYSTEM, at=AT, account=account, provider=PROVIDER)
    assert client.get(provider.answers(client, "zhou")).status_code == 403
    assert client.get("/").status_code == 302


def test_an_answer_is_good_once_for_who_began_and_unchanged(client: Client, make: Make, provider: Provider) -> None:
    account = make("zhou", "registrar")
    bind_subject(actor=SYSTEM, at=AT, account=account, provider=PROVIDER, subject=provider.subjects["zhou"])
    back = provider.answers(client, "zhou")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    path = urlsplit(back).path
    for wrong in ({"state": "x" * 16}, {"code": "x" * 30}, {"error": "access_denied"}):
        other = Client()
        provider.answers(other, "zhou")
        answer = other.get(f"{path}?{urlencode(asked | wrong)}")
        assert answer.status_code == 403 and "没有登录成功" in answer.content.decode()
        assert other.get("/").status_code == 302
    stranger = Client()
    assert stranger.get(back).status_code == 403, "somebody else's browser did not begin"
    assert client.get(back)["Location"] == "/"
    client.post("/accounts/logout/")
    assert client.get(back).status_code == 403, "again"


def test_a_sign_in_that_waits_for_its_code_ends_with_its_binding(make: Make, provider: Provider) -> None:
    account, subject = make("zhou", "registrar"), provider.subjects["zhou"]
    bind_subject(actor=SYSTEM, at=AT, account=account, provider=PROVIDER, subject=subject)
    give_password(own := Client(), "zhou")
    secret, _codes = enrol_app(own)
    for bound_again in (False, True):
        client = Client()
        assert client.get(provider.answers(client, "zhou"))["Location"] == CODE
        unbind_subject(actor=SYSTEM, at=AT, account=account, provider=PROVIDER)
        if bound_again:
            bind_subject(actor=SYSTEM, at=AT, account=account, provider=PROVIDER, subject=subject)
        assert give_code(client, fresh_code(secret, account)) == LOGIN
        assert "_auth_user_id" not in client.session
        if not bound_again:
            bind_subject(actor=SYSTEM, at=AT, account=account, provider=PROVIDER, subject=subject)
    client = Client()
    assert client.get(provider.answers(client, "zhou"))["Location"] == CODE
    give_code(client, fresh_code(secret, account))
    assert "_auth_user_id" in client.session


def test_the_second_factor_is_ours_unless_the_setting_takes_the_providers(
    make: Make, provider: Provider, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "required"
    accounts = {name: make(name, "registrar") for name in ("zhou", "li")}
    for name, account in accounts.items():
        bind_subject(actor=SYSTEM, at=AT, account=account, provider=PROVIDER, subject=provider.subjects[name])

    def leads_to(who: str) -> str:
        client = Client()
        answer = client.get(provider.answers(client, who))
        return str(client.get("/").get("Location", "in")) if answer["Location"] == "/" else answer["Location"]

    assert leads_to("zhou") == leads_to("li") == ENROL
    for said in ("amr=mfa", "acr=loa3"):
        settings.OIDC_SECOND_FACTOR = said
        assert (leads_to("zhou"), leads_to("li")) == (ENROL, ENROL), "its holder has not proved the binding yet"
    give_password(client := Client(), "zhou")
    secret, _codes = enrol_app(client)
    assert leads_to("zhou") == CODE, "an account with a code app shows it"
    assert not ProvenSubject.objects.exists(), "a sign-in by password proves no binding"
    client = Client()
    client.get(provider.answers(client, "zhou"))
    assert give_code(client, fresh_code(secret, accounts["zhou"])) == "/" and client.get("/").status_code == 200
    assert ProvenSubject.objects.get().bound.user == accounts["zhou"]
    for said in ("amr=mfa", "acr=loa3"):
        settings.OIDC_SECOND_FACTOR = said
        assert (leads_to("zhou"), leads_to("li")) == ("in", ENROL)
    settings.OIDC_SECOND_FACTOR = ""
    assert leads_to("zhou") == CODE
    ways = set(Entry.objects.filter(verb="accounts.log_in", outcome="done").values_list("reason", flat=True))
    assert {"government", "government+totp", "identity_provider+government"} <= ways, ways


def test_who_binds_an_account_does_not_get_into_it(make: Make, provider: Provider, settings: Settings) -> None:
    """The system administrator binds somebody's account to a subject of their own: its owner's factor stands before."""
    settings.SECOND_FACTOR, settings.OIDC_SECOND_FACTOR = "required", "amr=mfa"
    victim, keeper = make("victim", "handler"), make("keeper", "system_administrator")
    give_password(own := Client(), "victim")
    enrol_app(own)
    actor = Actor(str(keeper.id), "keeper", "system_administrator", "99")
    bind_subject(actor=actor, at=AT, account=victim, provider=PROVIDER, subject=provider.subjects["zhou"])
    for _again in range(2):
        thief = Client()
        assert thief.get(provider.answers(thief, "zhou"))["Location"] == CODE
        assert thief.get("/").status_code == 302
        give_password(own := Client(), "victim")
        assert give_code(own, fresh_code(sealed_secret(victim), victim)) == "/"
        assert own.get("/").status_code == 200, "the owner goes on, which proves nothing of the binding"


def test_one_subject_one_account_and_nobody_binds_themselves(make: Make) -> None:
    zhou, li = make("zhou", "registrar"), make("li", "security_administrator")
    bind_subject(actor=SYSTEM, at=AT, account=zhou, provider=PROVIDER, subject="77")
    own = Actor(str(li.id), "li", "security_administrator", "99")
    for account, subject, actor in ((li, "77", SYSTEM), (zhou, "78", SYSTEM), (li, " ", SYSTEM), (li, "79", own)):
        with pytest.raises(DoudiError):
            bind_subject(actor=actor, at=AT, account=account, provider=PROVIDER, subject=subject)
    assert SocialAccount.objects.count() == 1


def test_without_a_provider_its_addresses_say_so(client: Client, db: None) -> None:
    assert client.post(START).status_code == 404
    assert client.get("/accounts/government/government/callback/?code=x&state=y").status_code == 404
    assert "统一身份认证" not in client.get("/accounts/login/").content.decode()
