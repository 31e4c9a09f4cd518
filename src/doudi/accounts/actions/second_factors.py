"""Second factors: code app, passkey and recovery codes are added, used, and taken away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.actions.accounts import administers
from doudi.accounts.actions.sessions import end_sessions
from doudi.accounts.actions.signing_in import is_held_up, note_failure
from doudi.accounts.logic import recovery_codes, totp
from doudi.accounts.models import Account, EnrolmentCode, ProvenSubject, TotpSecret
from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Refused, Stale
from doudi.core.vault import vault

Type = Authenticator.Type
CODE_HOLDS = timedelta(days=7)
WRONG = _("验证码不对、已经用过，或账号暂时锁定。请等应用显示下一个验证码再试。")
WRONG_KEY = _("这把安全密钥没有通过。请再试一次，或换一种办法。")


@transaction.atomic
def give_enrolment_code(*, actor: Actor, at: datetime, account: Account, random: bytes) -> str:
    """A code with which somebody sets up their first second factor; told once, in person. The one before is void."""
    administers(actor)
    if str(account.id) == actor.account_id:
        raise Forbidden("accounts.own_account", _("不能重置自己的验证办法。请由另一位管理员在服务器上办理。"))
    if _strong(account):
        raise Refused("accounts.factor_there", _("本人已经有验证办法，不用开通码。丢了的，请先清除。"))
    code = recovery_codes.written(random)
    known = {"digest": recovery_codes.digest(str(account.id), code), "until_at": at + CODE_HOLDS}
    EnrolmentCode.objects.update_or_create(account=account, defaults=known)
    _record(actor, "accounts.give_enrolment_code", account, at, "")
    return code


def use_enrolment_code(*, actor: Actor, at: datetime, account: Account, code: str, address: str = "") -> None:
    """The code is used up; a wrong one counts as a failed sign-in and locks the account like one."""
    _own(actor, account)
    with transaction.atomic():
        Account.objects.select_for_update().get(id=account.id)
        is_open = not is_held_up(account, at, address)
        given = recovery_codes.digest(str(account.id), code)
        held = EnrolmentCode.objects.filter(account=account, digest=given, until_at__gt=at)
        if is_open and held.delete()[0]:
            _record(actor, "accounts.use_enrolment_code", account, at, "")
            return
    note_failure(actor=actor, at=at, username=account.username, address=address, reason="enrolment_code")
    raise Refused(
        "accounts.enrolment_code_refused", _("开通码不对、已经用过、已经过期，或账号暂时锁定。请找安全管理员。")
    )


@transaction.atomic
def add_totp(*, actor: Actor, at: datetime, account: Account, secret: bytes, code: str) -> Authenticator:
    """A code app for an account, proved by a first code, which is used up by that."""
    _own(actor, account)
    Account.objects.select_for_update().get(id=account.id)
    if Authenticator.objects.filter(user=account, type=Type.TOTP).exists():
        raise Stale("accounts.totp_there", _("已经有一个验证码应用。要换手机，请先移除原来的。"))
    step = totp.accepted_step(secret, code, at, 0)
    if step is None:
        raise Refused("accounts.code_refused", WRONG)
    made = Authenticator.objects.create(user=account, type=Type.TOTP, data={}, created_at=at)
    row = uuid4()
    sealed = vault().encrypt(_context(row), secret)
    TotpSecret.objects.create(id=row, authenticator=made, sealed=sealed, last_step=step)
    _record(actor, "accounts.add_second_factor", account, at, made.type)
    return made


@transaction.atomic
def add_passkey(
    *, actor: Actor, at: datetime, account: Account, name: str, credential: dict[str, Any], counter: int
) -> Authenticator:
    """A passkey for an account; the ceremony was checked by the caller's form."""
    _own(actor, account)
    data = {"name": name.strip()[:40] or "passkey", "credential": credential, "counter": counter}
    made = Authenticator.objects.create(user=account, type=Type.WEBAUTHN, data=data, created_at=at)
    _record(actor, "accounts.add_second_factor", account, at, made.type)
    return made


@transaction.atomic
def make_recovery_codes(*, actor: Actor, at: datetime, account: Account, random: list[bytes]) -> list[str]:
    """New recovery codes; the old ones are good for nothing. Returned once, only digests are kept."""
    _own(actor, account)
    if not _strong(account):
        raise Refused("accounts.no_second_factor", _("请先设置验证码应用或安全密钥。"))
    codes = [recovery_codes.written(part) for part in random]
    digests = [recovery_codes.digest(str(account.id), code) for code in codes]
    Authenticator.objects.filter(user=account, type=Type.RECOVERY_CODES).delete()
    Authenticator.objects.create(user=account, type=Type.RECOVERY_CODES, data={"unused": digests}, created_at=at)
    _record(actor, "accounts.make_recovery_codes", account, at, "")
    return codes


def accept_code(*, actor: Actor, at: datetime, account: Account, code: str, address: str = "") -> Authenticator:
    """The second factor whose code this is; a wrong one counts as a failed sign-in and locks the account like one."""
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(id=account.id)
        is_open = not is_held_up(account, at, address)
        found = (_by_totp(locked, code, at) or _by_recovery_code(locked, code)) if is_open else None
        if found is not None:
            _record(actor, "accounts.use_second_factor", account, at, found.type)
            return found
    note_failure(actor=actor, at=at, username=account.username, address=address, reason="second_factor")
    raise Refused("accounts.code_refused", WRONG)


@transaction.atomic
def accept_passkey(*, actor: Actor, at: datetime, account: Account, key: Authenticator, counter: int) -> None:
    """A passkey whose signature was checked: its counter must have gone on, or it is a copy of the key."""
    held = Authenticator.objects.select_for_update().get(id=key.id)
    known = int(held.data.get("counter", 0))
    if (known or counter) and counter <= known:
        raise Refused("accounts.passkey_refused", WRONG_KEY)
    held.data["counter"] = counter
    held.save(update_fields=["data"])
    _record(actor, "accounts.use_second_factor", account, at, key.type)


@transaction.atomic
def remove_factor(*, actor: Actor, at: datetime, account: Account, factor: Authenticator) -> None:
    """One's own second factor; the last one stays, another comes first."""
    _own(actor, account)
    Account.objects.select_for_update().get(id=account.id)
    if factor.user_id != account.id or factor.type == Type.RECOVERY_CODES or _strong(account) < 2:
        raise Refused("accounts.last_second_factor", _("这是最后一种验证办法，不能移除。请先加上另一种。"))
    factor.delete()
    _record(actor, "accounts.remove_second_factor", account, at, factor.type)


@transaction.atomic
def take_factors_away(*, actor: Actor, at: datetime, account: Account, reason: str) -> None:
    """Somebody lost phone and key: the security administrator takes all away, sessions end, they enrol anew."""
    administers(actor)
    if str(account.id) == actor.account_id:
        raise Forbidden("accounts.own_account", _("不能重置自己的验证办法。请由另一位管理员在服务器上办理。"))
    Authenticator.objects.filter(user=account).delete()
    ProvenSubject.objects.filter(bound__user=account).delete()
    end_sessions(account=account, at=at, why="administrator")
    _record(actor, "accounts.take_second_factors_away", account, at, reason)


def _by_totp(account: Account, code: str, at: datetime) -> Authenticator | None:
    held = TotpSecret.objects.select_for_update().filter(authenticator__user=account).first()
    if held is None:
        return None
    secret = vault().decrypt(_context(held.id), bytes(held.sealed))
    step = totp.accepted_step(secret, code, at, held.last_step)
    if step is None:
        return None
    held.last_step = step
    held.save(update_fields=["last_step"])
    return Authenticator.objects.get(id=held.authenticator_id)


def _by_recovery_code(account: Account, code: str) -> Authenticator | None:
    held = Authenticator.objects.select_for_update().filter(user=account, type=Type.RECOVERY_CODES).first()
    digest = recovery_codes.digest(str(account.id), code)
    if held is None or digest not in held.data["unused"]:
        return None
    held.data["unused"] = [one for one in held.data["unused"] if one != digest]
    held.save(update_fields=["data"])
    return held


def _strong(account: Account) -> int:
    return int(Authenticator.objects.filter(user=account).exclude(type=Type.RECOVERY_CODES).count())


def _own(actor: Actor, account: Account) -> None:
    if actor.account_id != str(account.id):
        raise Forbidden("accounts.not_own", _("验证办法只能由本人设置。"))


def _context(row: object) -> str:
    return f"accounts_totp_secret|sealed|{row}"


def _record(actor: Actor, verb: str, account: Account, at: datetime, reason: str) -> None:
    record_act(actor=actor, verb=verb, subjects=[("account", account.id)], at=at, reason=reason)
