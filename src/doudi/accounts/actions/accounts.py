"""Writes to accounts and grants."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.actions.sessions import end_sessions
from doudi.accounts.logic.policy import SYSTEM
from doudi.accounts.logic.roles import POLICY, ROLES
from doudi.accounts.models import Account, FormerPassword, Grant
from doudi.accounts.passwords import NotFormer
from doudi.areas.models import LEVELS
from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Refused, Stale
from doudi.core.vault import vault
from doudi.lib.identity_number import normalise


def administers(actor: Actor) -> None:
    """Forbidden for everybody but the security administrator and the command line."""
    if actor.role != SYSTEM and not POLICY.may(actor.role, "accounts.administer"):
        raise Forbidden("accounts.not_administrator", _("只有安全管理员可以管理授权和登录验证。"))


def keeps(actor: Actor) -> None:
    """Forbidden for everybody but the system administrator and the command line.

    Who sets passwords takes no second factor away, and the other way round: nobody alone can act as somebody else.
    """
    if actor.role != SYSTEM and not POLICY.may(actor.role, "accounts.keep"):
        raise Forbidden("accounts.not_keeper", _("只有系统管理员可以建账号、设初始密码。"))


def holder_key(number: str) -> UUID:
    """The key of an account's holder. It differs from the key the same person has in the lake: the two never meet."""
    return vault().person_key(f"holder|{number}")


@transaction.atomic
def create_account(
    *, actor: Actor, at: datetime, username: str, name: str, password: str, must_change: bool = True, holder: str
) -> Account:
    """A new account without any grant. `holder` is the identity number of the person: one person, one account."""
    keeps(actor)
    account = Account(username=username.strip(), name=name.strip(), must_change_password=must_change)
    account.password_set_at = at
    account.holder_key = _holder(holder)
    _validated(password, account)
    if not account.username or Account.objects.filter(username__iexact=account.username).exists():
        raise Refused("accounts.username_taken", _("用户名为空或已有人用。请换一个。"))
    if Account.objects.filter(holder_key=account.holder_key).exists():
        raise Refused("accounts.holder_known", _("这个人已经有账号。一人一号，请在原来的账号上加授权。"))
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
    administers(actor)
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
        raise _one_office(error) from error
    record_act(actor=actor, verb="accounts.give_grant", subjects=[("account", account.id), ("grant", grant.id)], at=at)
    return grant


@transaction.atomic
def withdraw_grant(*, actor: Actor, at: datetime, grant: Grant, reason: str) -> Grant:
    """Ends a grant now: the next request under it is refused."""
    administers(actor)
    if str(grant.account_id) == actor.account_id:
        raise Forbidden("accounts.own_grant", _("不能给自己授权，也不能收回自己的授权。"))
    if grant.withdrawn_at is not None:
        raise Stale("accounts.withdrawn_already", _("这项授权已经收回了。"))
    grant.withdrawn_at = at
    grant.save(update_fields=["withdrawn_at"])
    about = [("account", grant.account_id), ("grant", grant.id)]
    record_act(actor=actor, verb="accounts.withdraw_grant", subjects=about, at=at, reason=reason)
    return grant


@transaction.atomic
def change_password(*, actor: Actor, at: datetime, account: Account, password: str, keep: UUID | None = None) -> None:
    """A new password for one's own account, or by the system administrator (then it must be changed at login).

    All sessions of the account end, but the one in which its holder changed it. A lock stays where the system
    administrator set the password: it is the security administrator who lifts it, and a second factor is not guessed
    in turns with fresh passwords.
    """
    own = str(account.id) == actor.account_id
    if not own:
        keeps(actor)
    _validated(password, account, own=own)
    account.set_password(password)
    account.must_change_password, account.password_set_at = not own, at
    if own or actor.role == SYSTEM:
        account.failures, account.locked_until = 0, None
    account.save(update_fields=["password", "must_change_password", "password_set_at", "failures", "locked_until"])
    FormerPassword.objects.create(account=account, hash=account.password, at=at)
    end_sessions(account=account, at=at, why="password", keep=keep)
    record_act(actor=actor, verb="accounts.change_password", subjects=[("account", account.id)], at=at)


@transaction.atomic
def set_active(*, actor: Actor, at: datetime, account: Account, active: bool, reason: str) -> None:
    """Closes an account whose holder has left, or opens it again; closing ends its sessions."""
    administers(actor)
    if str(account.id) == actor.account_id:
        raise Forbidden("accounts.own_account", _("不能停用自己的账号。"))
    if account.is_active == active:
        raise Stale("accounts.active_already", _("账号已经是这个状态。"))
    account.is_active = active
    account.save(update_fields=["is_active"])
    if not active:
        end_sessions(account=account, at=at, why="administrator")
    verb = "accounts.open_account" if active else "accounts.close_account"
    record_act(actor=actor, verb=verb, subjects=[("account", account.id)], at=at, reason=reason)


@transaction.atomic
def name_holder(*, actor: Actor, at: datetime, account: Account, holder: str) -> None:
    """Says who holds an account that was made without it; it is said once and never changed."""
    keeps(actor)
    key = _holder(holder)
    if account.holder_key is not None:
        raise Stale("accounts.holder_named", _("这个账号已经登记了持有人，不能更改。"))
    if Account.objects.filter(holder_key=key).exists():
        raise Refused("accounts.holder_known", _("这个人已经有账号。一人一号，请在原来的账号上加授权。"))
    account.holder_key = key
    account.save(update_fields=["holder_key"])
    record_act(actor=actor, verb="accounts.name_holder", subjects=[("account", account.id)], at=at)


def _holder(number: str) -> UUID:
    """The key of a holder; Refused for what is no identity number."""
    found = normalise(number)
    if found is None:
        raise Refused("accounts.holder_number", _("持有人的身份证号不对。请检查 18 位号码。"))
    return holder_key(found)


def _one_office(error: Exception) -> Refused:
    """What the database refused, in words."""
    if "accounts_holder_unknown" in str(error):
        return Refused("accounts.holder_unknown", _("账号要先由系统管理员登记持有人的身份证号，才能授权：一人一号。"))
    return Refused(
        "accounts.three_administrators",
        _("系统、安全、审计三种管理员要由不同的人担任，也不能兼任别的角色。请先收回原来的授权。"),
    )


def _validated(password: str, account: Account, *, own: bool = False) -> None:
    """Refused for a password against the profile; that it was used before is told to its holder alone."""
    rules = [rule for rule in get_default_password_validators() if own or not isinstance(rule, NotFormer)]
    try:
        validate_password(password, account, rules)
    except ValidationError as error:
        raise Refused("accounts.password_refused", " ".join(error.messages)) from None
