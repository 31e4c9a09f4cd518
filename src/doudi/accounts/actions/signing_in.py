"""Sign-ins that worked or not: an account is locked after five failures, an address after fifty, whatever the names."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.actions.accounts import administers
from doudi.accounts.logic.password_profiles import GIVEN_HOLDS
from doudi.accounts.models import Account, AddressFailures
from doudi.audit.actions import record_act, record_look
from doudi.core.actor import Actor
from doudi.core.errors import Stale
from doudi.lib.per_minute import PerMinute

MOST_FAILURES = 5
MOST_FROM_ADDRESS = 50
"""A whole office comes in from one address in the morning: its honest mistakes stay well below this."""
LOCK = WINDOW = timedelta(minutes=15)
_refused = PerMinute()


def note_failure(*, actor: Actor, at: datetime, username: str, address: str = "", reason: str = "") -> None:
    """A failed sign-in; the fifth in a row locks the account for a quarter of an hour."""
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(username__iexact=username).first()
        if account is not None:
            account.failures += 1
            if account.failures >= MOST_FAILURES:
                account.locked_until, account.failures = at + LOCK, 0
            account.save(update_fields=["failures", "locked_until"])
    _count_address(address, at)
    subjects = [("account", account.id)] if account is not None else []
    record_look(actor=actor, verb="accounts.log_in", subjects=subjects, at=at, outcome="refused", reason=reason)


def note_address_refused(*, actor: Actor, at: datetime, address: str) -> None:
    """A sign-in from a locked address: one entry a minute, and no more of it; it is not worth a write each."""
    if _refused.count(address, at.timestamp()) == 1:
        record_look(actor=actor, verb="accounts.log_in", subjects=[], at=at, outcome="refused", reason="address locked")


def is_address_locked(address: str, at: datetime) -> bool:
    """Whether nobody may sign in now from this address, whatever the name."""
    return bool(address) and AddressFailures.objects.filter(address=address, locked_until__gt=at).exists()


def note_locked_out(*, actor: Actor, at: datetime, username: str, address: str = "") -> None:
    """A sign-in that was not even tried, because the account or the address is locked."""
    account = Account.objects.filter(username__iexact=username).first()
    _count_address(address, at)
    subjects = [("account", account.id)] if account is not None else []
    record_look(actor=actor, verb="accounts.log_in", subjects=subjects, at=at, outcome="refused", reason="locked")


@transaction.atomic
def note_login(*, actor: Actor, at: datetime, account: Account, way: str) -> None:
    """A sign-in that worked, and by what: `password`, `password+totp`, `government` and so on."""
    account.failures, account.locked_until = 0, None
    account.save(update_fields=["failures", "locked_until"])
    record_act(actor=actor, verb="accounts.log_in", subjects=[("account", account.id)], at=at, reason=way)


def is_locked(username: str, at: datetime, address: str = "") -> bool:
    """Whether nobody may sign in now by this name or from this address; a first password holds for some days only."""
    if is_address_locked(address, at):
        return True
    account = Account.objects.filter(username__iexact=username).first()
    if account is None:
        return False
    if account.locked_until is not None and account.locked_until > at:
        return True
    given = account.password_set_at if account.must_change_password else None
    return given is not None and at - given >= GIVEN_HOLDS


def is_held_up(account: Account, at: datetime, address: str = "") -> bool:
    """Whether no proof of this account is even looked at now: it is locked, or the address is."""
    fresh = Account.objects.filter(id=account.id, locked_until__gt=at).exists()
    return fresh or is_address_locked(address, at)


@transaction.atomic
def lift_lock(*, actor: Actor, at: datetime, account: Account) -> None:
    """Ends the lock of an account before its time, when its holder is known to have forgotten or mistyped."""
    administers(actor)
    if account.locked_until is None or account.locked_until <= at:
        raise Stale("accounts.not_locked", _("这个账号现在没有锁定。"))
    account.failures, account.locked_until = 0, None
    account.save(update_fields=["failures", "locked_until"])
    record_act(actor=actor, verb="accounts.lift_lock", subjects=[("account", account.id)], at=at)


@transaction.atomic
def lift_address_lock(*, actor: Actor, at: datetime, address: str) -> None:
    """Ends the lock of an address before its time."""
    administers(actor)
    if not _is_address(address) or not AddressFailures.objects.filter(address=address, locked_until__gt=at).delete()[0]:
        raise Stale("accounts.not_locked", _("这个地址现在没有锁定。"))
    record_act(actor=actor, verb="accounts.lift_address_lock", subjects=[("address", address)], at=at)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _count_address(address: str, at: datetime) -> None:
    """One more failure from an address; the fiftieth within a quarter of an hour locks it for as long."""
    if not address:
        return
    with transaction.atomic():
        AddressFailures.objects.get_or_create(address=address, defaults={"since": at})
        row = AddressFailures.objects.select_for_update().get(address=address)
        if at - row.since >= WINDOW:
            row.failures, row.since = 0, at
        row.failures += 1
        if row.failures >= MOST_FROM_ADDRESS:
            row.locked_until, row.failures, row.since = at + LOCK, 0, at
        row.save()
