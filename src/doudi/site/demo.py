"""What `make run` lays out in a fresh house: the country's areas, the demo county, one account a role.

Loading, verifying and proposing are the commands anyone may use. HOME/demo.json (0600) remembers what is done and holds
the printed passwords; an interrupted lay-out is taken up where it stands. A demo house signs in by password alone
(`DOUDI_SECOND_FACTOR=optional`, said by a banner on every page); a house with accounts of its own gets no demo.
"""

from __future__ import annotations

import json
import os
import secrets
import string
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from doudi.accounts.actions import create_account, give_grant
from doudi.accounts.models import Account
from doudi.areas.actions import load_divisions
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import Refused
from doudi.lib.identity_number import check_character
from doudi.site.flow.deciding import decide_verified
from doudi.site.flow.loading import load
from doudi.site.flow.verifying import verify_accepted
from doudi.site.house import Say

FOLDER = Path(__file__).resolve().parents[3] / "demo"
CITY, COUNTY, TOWNSHIP = "9901", "990101", "990101001"


@dataclass(frozen=True, slots=True)
class Demonstrator:
    """One demo account; its user name is its role, unless it says otherwise."""

    role: str
    name: str
    title: str
    area: str
    department: str = "civil_affairs"
    called: str = ""

    @property
    def username(self) -> str:
        """What it logs in as."""
        return self.called or self.role


ACCOUNTS = (
    Demonstrator("registrar", "周敏", "登记员 registrar", TOWNSHIP),
    Demonstrator("handler", "陈立", "经办人 handler", TOWNSHIP),
    Demonstrator("reviewer", "吴芳", "复核人 reviewer", TOWNSHIP),
    Demonstrator("township_leader", "郑国强", "乡镇负责人 township leader", TOWNSHIP),
    Demonstrator("county_officer", "林晓燕", "县级经办 county officer", COUNTY),
    Demonstrator("verification_officer", "何静", "核对员 verification officer", COUNTY),
    Demonstrator("county_leader", "赵永安", "县级负责人 county leader", COUNTY),
    Demonstrator("auditor", "孙伟", "审计 auditor", COUNTY, "audit"),
    Demonstrator("system_administrator", "钱进", "系统管理员 system administrator", COUNTY),
    Demonstrator("security_administrator", "冯洁", "安全管理员 security administrator", COUNTY),
    Demonstrator("audit_administrator", "沈明", "审计管理员 audit administrator", COUNTY, "audit"),
    Demonstrator("county_officer", "许文", "市级经办（定标准） city officer, standards", CITY, called="city_officer"),
    Demonstrator("county_leader", "白桦", "市级负责人（批准标准） city leader, approves", CITY, called="city_leader"),
)


def lay_out(say: Say) -> list[str]:
    """The lines to print: one per account. Steps that were done are not repeated."""
    note = settings.HOME / "demo.json"
    if not note.exists() and Account.objects.exists():
        raise Refused("site.no_demo_here", "这里已有真实账号，不摆演示数据 · this house has accounts: no demo here")
    known: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {"passwords": {}, "done": False}
    if not known["done"] or not Application.objects.exists():
        _county(say)
    for person in ACCOUNTS:
        known["passwords"].setdefault(person.username, _password())
    _keep(note, known)
    _accounts(known["passwords"])
    _keep(note, known | {"done": True})
    return [_line(person, known["passwords"][person.username]) for person in ACCOUNTS]


def _county(say: Say) -> None:
    """Areas, policy, deliveries, applications of the demo folder; verified and with proposals."""
    actor = Actor.system()
    say("全国区划 · areas of the country")
    load_divisions(actor=actor, at=now())
    load(FOLDER, actor=actor, at=now(), today=today(), place=COUNTY, say=say)
    say("核对 · verification")
    verify_accepted(actor=actor, at=now(), progress=lambda _done, _of: None)
    say("系统建议 · proposals")
    decide_verified(actor=actor, at=now(), progress=lambda _done, _of: None)


def _accounts(passwords: dict[str, str]) -> None:
    """Accounts and grants that are not there yet."""
    actor, at = Actor.system(), now()
    there = set(Account.objects.filter(username__in=passwords).values_list("username", flat=True))
    for person in ACCOUNTS:
        if person.username in there:
            continue
        with transaction.atomic():
            account = create_account(
                actor=actor, at=at, username=person.username, name=person.name, password=passwords[person.username],
                must_change=False, holder=_holder(person),
            )  # fmt: skip
            give_grant(
                actor=actor, at=at, account=account, role=person.role, area=person.area, department=person.department,
                from_on=today(), to_on=today() + timedelta(days=365),
            )  # fmt: skip


def _holder(person: Demonstrator) -> str:
    """A number nobody has (prefix 99): administrators' holders are known, three of them are three."""
    first = f"990101198001{ACCOUNTS.index(person) + 1:02d}001"
    return first + check_character(first)


def _keep(note: Path, known: dict[str, Any]) -> None:
    partial = note.with_suffix(".partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(known, file)
    partial.replace(note)


def _password() -> str:
    """16 characters of three classes."""
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(13)) + "Aa7"


def _line(person: Demonstrator, password: str) -> str:
    return f"  {person.username:<24} {password}  {person.name} · {person.title}"
