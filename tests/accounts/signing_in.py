"""Steps of signing in, through the real pages: password, code, passkey, enrolment."""

from __future__ import annotations

import base64
import json
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from doudi.accounts.actions import give_enrolment_code
from doudi.accounts.logic.totp import SECONDS, code_of, step_of
from doudi.accounts.models import Account, TotpSecret
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.vault import vault
from tests.accounts.conftest import PASSWORD
from tests.accounts.soft_key import SoftKey

LOGIN, CODE, PROVE = "/accounts/login/", "/accounts/login/second-factor/", "/accounts/prove/"
ENROL, OPEN, APP, PASSKEY, CODES = (
    "/accounts/second-factor/", "/accounts/second-factor/open/", "/accounts/second-factor/app/",
    "/accounts/second-factor/passkey/", "/accounts/second-factor/codes/",
)  # fmt: skip


def give_password(client: Client, username: str, password: str = PASSWORD, **more: str) -> str:
    """Where the password leads to, or the words of its refusal."""
    answer = client.post(LOGIN, {"login": username, "password": password}, **more)
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def give_code(client: Client, code: str, page: str = CODE) -> str:
    """Where a code leads to, or the words of its refusal."""
    answer = client.post(page, {"code": code})
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def secret_shown(text: str) -> bytes:
    """The secret of the enrolment page, as a person would copy it."""
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', text)
    assert found, "the page shows the secret"
    plain = found[1].replace(" ", "")
    return base64.b32decode(plain + "=" * (-len(plain) % 8))


def open_enrolment(client: Client) -> None:
    """What the security administrator gives in person, typed where it is asked for."""
    if 'action="/accounts/second-factor/open/"' in client.get(ENROL).content.decode():
        account = Account.objects.get(id=client.session["_auth_user_id"])
        code = give_enrolment_code(actor=Actor.system(), at=now(), account=account, random=secrets.token_bytes(10))
        assert client.post(OPEN, {"code": code})["Location"] == ENROL


def enrol_app(client: Client) -> tuple[bytes, list[str]]:
    """Sets a code app up: its secret, and the recovery codes that came with it."""
    open_enrolment(client)
    secret = secret_shown(client.get(APP).content.decode())
    answer = client.post(APP, {"code": code_of(secret, step_of(now()))})
    assert answer.status_code == 302, answer.content.decode()
    shown = client.get(CODES).content.decode()
    codes = re.findall(r"<li><code>([a-z2-7-]+)</code></li>", shown)
    client.post(CODES, {"kept": "1"})
    return secret, codes


def options_of(text: str) -> dict[str, Any]:
    """What a page asks of a passkey."""
    found = re.search(r'<script id="passkey-options" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found, "the page asks for a passkey"
    told: dict[str, Any] = json.loads(found[1])
    return told


def enrol_passkey(client: Client, key: SoftKey) -> None:
    """Adds a passkey."""
    open_enrolment(client)
    options = options_of(client.get(PASSKEY).content.decode())
    answer = client.post(PASSKEY, {"name": "key", "credential": json.dumps(key.create(options))})
    assert answer.status_code == 302, answer.content.decode()


def fresh_code(secret: bytes, account: Account) -> str:
    """A code nobody has used: the steps used so far are forgotten, as if time had gone on."""
    TotpSecret.objects.filter(authenticator__user=account).update(last_step=0)
    return code_of(secret, step_of(now()))


def sealed_secret(account: Account) -> bytes:
    """The secret as it is kept, opened."""
    row = TotpSecret.objects.get(authenticator__user=account)
    return vault().decrypt(f"accounts_totp_secret|sealed|{row.id}", bytes(row.sealed))


def at_step(step: int) -> datetime:
    """The middle of a time step."""
    return datetime.fromtimestamp(step * SECONDS, UTC) + timedelta(seconds=SECONDS // 2)
