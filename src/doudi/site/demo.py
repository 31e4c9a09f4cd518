"""What `make run` lays out in a fresh house: the demo county, and one account a role with a random password.

The steps are the commands anyone may use. Done once: HOME/demo.json remembers, and holds the printed passwords (0600).
"""

from __future__ import annotations

import json
import os
import secrets
import string
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from doudi.site.house import Say

FOLDER = Path(__file__).resolve().parents[3] / "demo"
PLACE = "990101"
STEPS = (
    ("区划、规则、各部门数据 · areas, policy, deliveries", ("load", str(FOLDER))),
    ("核对 · verification", ("verify",)),
    ("拟办意见 · proposals", ("decide",)),
)


def lay_out(say: Say) -> list[str]:
    """The lines to print: one per account. Steps that were done are not repeated."""
    note = settings.HOME / "demo.json"
    if note.exists():
        return _lines(json.loads(note.read_text()))
    for text, command in STEPS:
        say(text)
        subprocess.run([sys.executable, "-c", "from doudi.site.cli import main; main()", *command], check=True)
    say("账户 · accounts")
    accounts = _create_accounts()
    with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(accounts, file)
    return _lines(accounts)


def _create_accounts() -> dict[str, str]:
    from doudi.accounts.actions import create_account, give_grant
    from doudi.accounts.logic.permissions import ROLES
    from doudi.core.actor import Actor
    from doudi.core.clock import now, today

    actor, at, made = Actor.system(), now(), {}
    with transaction.atomic():
        for role in ROLES:
            made[role] = _password()
            account = create_account(actor=actor, at=at, username=role, name=role, password=made[role])
            give_grant(
                actor=actor, at=at, account=account, role=role, area=PLACE, department="民政",
                purpose="demo", from_on=today(), to_on=today() + timedelta(days=365),
            )  # fmt: skip
    return made


def _password() -> str:
    """16 characters of three classes."""
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(13)) + "Aa7"


def _lines(accounts: dict[str, str]) -> list[str]:
    return [f"  {role:<24} {password}" for role, password in accounts.items()]
