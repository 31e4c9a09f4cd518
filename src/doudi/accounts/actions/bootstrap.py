"""The first three administrators of a house, made once by command line; and a way back in for who lost everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.actions.accounts import change_password, create_account, give_grant
from doudi.accounts.actions.second_factors import give_enrolment_code, take_factors_away
from doudi.accounts.logic.roles import ADMINISTRATORS
from doudi.accounts.models import Account
from doudi.accounts.queries import grants_of
from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Refused, Stale

LOCK = 4_051_601  # an advisory lock of PostgreSQL: two bootstraps at once are one


@dataclass(frozen=True, slots=True)
class NewAdministrator:
    """One of the three: role, user name, name, identity number; password and enrolment code of the first sign-in."""

    role: str
    username: str
    name: str
    number: str
    password: str
    random: bytes


@transaction.atomic
def bootstrap(
    *, actor: Actor, at: datetime, administrators: list[NewAdministrator], area: str, today: date
) -> list[Account]:
    """Three accounts for three persons, one a role. Refused where there is any account already."""
    if actor.role != "system":
        raise Forbidden("accounts.bootstrap_by_command", _("只能在服务器上用命令建立最初的三个管理员。"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if Account.objects.exists():
        raise Stale("accounts.bootstrap_done", _("这里已经有账号，不能再建立最初的管理员。请由系统管理员建账号。"))
    if [one.role for one in administrators] != list(ADMINISTRATORS):
        raise Malformed("accounts.bootstrap_three", _("要建立三个管理员：系统、安全、审计，各一人。"))
    made = []
    for one in administrators:
        account = create_account(
            actor=actor, at=at, username=one.username, name=one.name, password=one.password, holder=one.number
        )
        give_grant(actor=actor, at=at, account=account, role=one.role, area=area, from_on=today)
        give_enrolment_code(actor=actor, at=at, account=account, random=one.random)
        made.append(account)
    record_act(actor=actor, verb="accounts.bootstrap", subjects=[("account", account.id) for account in made], at=at)
    return made


@transaction.atomic
def give_entry(
    *, actor: Actor, at: datetime, account: Account, password: str, random: bytes, reason: str, today: date
) -> str:
    """A fresh first password, no second factors and the code to set one up, by command line: when an administrator is
    locked out. Everybody else is helped by the two administrators. The code is told once.
    """
    if actor.role != "system":
        raise Forbidden("accounts.bootstrap_by_command", _("只能在服务器上用命令办理。"))
    if not grants_of(account, today).filter(role__in=ADMINISTRATORS).exists():
        raise Refused(
            "accounts.not_an_administrator", _("这不是管理员的账号。请系统管理员设初始密码，安全管理员清除验证办法。")
        )
    take_factors_away(actor=actor, at=at, account=account, reason=reason)
    change_password(actor=actor, at=at, account=account, password=password)
    return give_enrolment_code(actor=actor, at=at, account=account, random=random)
