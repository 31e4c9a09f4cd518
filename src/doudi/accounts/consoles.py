"""The boxes of accounts: what waits for the system administrator; the security administrator's whole console."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.models import Account, Grant, ServiceAccount, ServiceSecret
from doudi.accounts.queries import (
    grants_due,
    locked_addresses,
    open_sessions,
    review_state,
    services_wanting_secret,
    without_factor,
    without_grant,
)
from doudi.accounts.second_factor import is_required
from doudi.accounts.sessions import rules
from doudi.core.actor import Actor
from doudi.core.clock import day_of
from doudi.core.consoles import SECURITY, SYSTEM, ConsoleBox, ConsoleLine, consoles

SOON = timedelta(days=30)


@consoles.fill
def security(actor: Actor, at: datetime) -> Iterable[ConsoleBox]:
    """Who may get in, who is in, and who cannot."""
    if actor.role != SECURITY:
        return
    accounts, sessions = reverse("accounts:list"), reverse("accounts:sessions")
    yield ConsoleBox("accounts", _("账号与授权"), _accounts(at), 10, accounts, _("管理账号和授权"))
    yield ConsoleBox("sessions", _("登录与锁定"), _sessions(at), 20, sessions, _("看谁在登录"))
    yield ConsoleBox("services", _("其他系统"), _services(at), 30, reverse("accounts:services"), _("管理系统账号"))


@consoles.fill
def kept(actor: Actor, at: datetime) -> Iterable[ConsoleBox]:
    """What waits for who makes accounts, passwords and systems' secrets."""
    if actor.role != SYSTEM:
        return
    active = Account.objects.filter(is_active=True)
    nobody, wanted = active.filter(holder_key=None).count(), services_wanting_secret().count()
    lines = (
        ConsoleLine(_("在用的账号"), str(active.count())),
        ConsoleLine(_("没有登记持有人"), str(nobody), "soon" if nobody else "ok"),
        ConsoleLine(_("等本人改初始密码"), str(active.filter(must_change_password=True).count())),
        ConsoleLine(
            _("等做的系统密钥"), str(wanted), "soon" if wanted else "ok", reverse("accounts:services") if wanted else ""
        ),
    )
    yield ConsoleBox("kept", _("账号和系统密钥"), lines, 30, reverse("accounts:list"), _("管理账号"))


def _accounts(at: datetime) -> tuple[ConsoleLine, ...]:
    bare, today = without_factor().count(), day_of(at)
    bare_of_grants = without_grant(today).count()
    states = [review_state(grant, today) for grant in grants_due(today)]
    late = any(state != "soon" for state in states)
    ending = Grant.objects.filter(withdrawn_at=None, to_on__gt=today, to_on__lte=today + SOON).count()
    return (
        ConsoleLine(_("在用的账号"), str(Account.objects.filter(is_active=True).count())),
        ConsoleLine(
            _("建好了还没有授权"), str(bare_of_grants), "soon" if bare_of_grants else "ok", reverse("accounts:list")
        ),
        ConsoleLine(_("等本人改初始密码"), str(Account.objects.filter(must_change_password=True).count())),
        ConsoleLine(_("没有第二种验证"), str(bare), "soon" if bare else "ok"),
        ConsoleLine(
            _("登录必须两种验证"), _("是") if is_required() else _("否（演示）"), "ok" if is_required() else "late"
        ),
        ConsoleLine(_("30 天内到期的授权"), str(ending), "soon" if ending else "ok"),
        ConsoleLine(
            _("等复核的授权"),
            str(len(states)),
            "late" if late else "soon" if states else "ok",
            reverse("accounts:reviews"),
        ),
    )


def _sessions(at: datetime) -> tuple[ConsoleLine, ...]:
    locked, addresses = Account.objects.filter(locked_until__gt=at).count(), locked_addresses(at).count()
    return (
        ConsoleLine(_("正在登录"), str(open_sessions(at - rules().idle).count())),
        ConsoleLine(_("锁定的账号"), str(locked), "soon" if locked else "ok"),
        ConsoleLine(_("锁定的地址"), str(addresses), "late" if addresses else "ok"),
    )


def _services(at: datetime) -> tuple[ConsoleLine, ...]:
    today = day_of(at)
    held = ServiceSecret.objects.filter(until_at__gt=at, service__withdrawn_at=None)
    ending = held.filter(until_at__lte=at + SOON).count()
    return (
        ConsoleLine(_("在用的系统"), str(ServiceAccount.objects.filter(withdrawn_at=None, to_on__gt=today).count())),
        ConsoleLine(_("30 天内到期的密钥"), str(ending), "soon" if ending else "ok"),
    )
