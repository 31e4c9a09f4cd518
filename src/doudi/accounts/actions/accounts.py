"""Every write to accounts and grants."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.policy import SYSTEM
from doudi.accounts.logic.roles import ADMINISTRATORS, POLICY, ROLES
from doudi.accounts.models import Account, FormerPassword, Grant
from doudi.areas.models import LEVELS
from doudi.audit.actions import record_act, record_look
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Refused, Stale

MOST_FAILURES = 5
LOCK = timedelta(minutes=15)


def _administers(actor: Actor) -> None:
    if actor.role != SYSTEM and not POLICY.may(actor.role, "accounts.administer"):
        raise Forbidden("accounts.not_administrator", _("只有安全管理员可以管理账号和授权。"))


@transaction.atomic
def create_account(
    *, actor: Actor, at: datetime, username: str, name: str, password: str, must_change: bool = True
) -> Account:
    """A new account without any grant."""
    _administers(actor)
    account = Account(username=username.strip(), name=name.strip(), must_change_password=must_change)
    _validated(password, account)
    if not account.username or Account.objects.filter(username__iexact=account.username).exists():
        raise Refused("accounts.username_taken", _("用户名为空或已有人用。请换一个。"))
    account.set_password(password)
    account.save()
    FormerPassword.objects.create(account=account, hash=account.password, at=at)
    record_act(actor=actor, verb="accounts.create_account", subjects=[("account", account.id)], at=at)
    return account


@transaction.atomic
def give_grant(
    *,
    actor: Actor,
    at: datetime,
    account: Account,
    role: str,
    area: str,
    department: str = "civil_affairs",
    purpose: str = "",
    from_on: date,
    to_on: date | None = None,
) -> Grant:
    """A grant; the system, security and audit administrators are three different people."""
    _administers(actor)
    if role not in ROLES or not (area.isascii() and area.isdigit()) or len(area) not in LEVELS:
        raise Malformed("accounts.grant_malformed", _("角色或区划不对。请从列表里选。"))
    if department not in POLICY.roles[role].departments:
        raise Malformed("accounts.grant_department", _("这个角色不能授权给这个部门。请从列表里选。"))
    if to_on is not None and to_on <= from_on:
        raise Malformed("accounts.grant_period", _("到期日要晚于今天。"))
    if str(account.id) == actor.account_id:
        raise Forbidden("accounts.own_grant", _("不能给自己授权，也不能收回自己的授权。"))
    try:
        with transaction.atomic():
            grant = Grant.objects.create(
                account=account,
                role=role,
                area_code=area,
                department=department,
                purpose=purpose,
                from_on=from_on,
                to_on=to_on,
            )
    except IntegrityError as error:
        if role in ADMINISTRATORS:
            raise Refused("accounts.three_administrators", _("系统、安全、审计三种管理员要由不同的人担任。")) from error
        raise
    record_act(actor=actor, verb="accounts.give_grant", subjects=[("account", account.id), ("grant", grant.id)], at=at)
    return grant


@transaction.atomic
def withdraw_grant(*, actor: Actor, at: datetime, grant: Grant, reason: str) -> Grant:
    """Ends a grant now: the next request under it is refused."""
    _administers(actor)
    if str(grant.account_id) == actor.account_id:
        raise Forbidden("accounts.own_grant", _("不能给自己授权，也不能收回自己的授权。"))
    if grant.withdrawn_at is not None:
        raise Stale("accounts.withdrawn_already", _("这项授权已经收回了。"))
    grant.withdrawn_at = at
    grant.save(update_fields=["withdrawn_at"])
    record_act(actor=actor, verb="accounts.withdraw_grant", subjects=[("grant", grant.id)], at=at, reason=reason)
    return grant


@transaction.atomic
def change_password(*, actor: Actor, at: datetime, account: Account, password: str) -> None:
    """A new password for one's own account, or by the security administrator (then it must be changed at login)."""
    own = str(account.id) == actor.account_id
    if not own:
        _administers(actor)
    _validated(password, account)
    account.set_password(password)
    account.must_change_password = not own
    account.failures, account.locked_until = 0, None
    account.save(update_fields=["password", "must_change_password", "failures", "locked_until"])
    FormerPassword.objects.create(account=account, hash=account.password, at=at)
    record_act(actor=actor, verb="accounts.change_password", subjects=[("account", account.id)], at=at)


def note_failure(*, actor: Actor, at: datetime, username: str) -> None:
    """A failed login; the fifth in a row locks the account for a quarter of an hour."""
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(username__iexact=username).first()
        if account is not None:
            account.failures += 1
            if account.failures >= MOST_FAILURES:
                account.locked_until, account.failures = at + LOCK, 0
            account.save(update_fields=["failures", "locked_until"])
    subjects = [("account", account.id)] if account is not None else []
    record_look(actor=actor, verb="accounts.log_in", subjects=subjects, at=at, outcome="refused")


def note_locked_out(*, actor: Actor, at: datetime, username: str) -> None:
    """A login that was not even tried, because the account is locked."""
    account = Account.objects.filter(username__iexact=username).first()
    subjects = [("account", account.id)] if account is not None else []
    record_look(actor=actor, verb="accounts.log_in", subjects=subjects, at=at, outcome="refused", reason="locked")


@transaction.atomic
def note_login(*, actor: Actor, at: datetime, account: Account) -> None:
    """A login that worked."""
    account.failures, account.locked_until = 0, None
    account.save(update_fields=["failures", "locked_until"])
    record_act(actor=actor, verb="accounts.log_in", subjects=[("account", account.id)], at=at)


def is_locked(username: str, at: datetime) -> bool:
    """Whether an account may not log in now."""
    return Account.objects.filter(username__iexact=username, locked_until__gt=at).exists()


def _validated(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused("accounts.password_refused", " ".join(error.messages)) from None
