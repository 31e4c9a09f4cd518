"""What comes before every answer: the department, the purpose, the quota. Counted behind a lock."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_look
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Refused
from doudi.exchange.logic.products import Product
from doudi.exchange.models import Allowance
from doudi.lib.per_minute import PerMinute

TOO_FAST = _("问得太快。请过一分钟再问。")
AT_LEAST = 600
"""Calls a minute of an account of any kind, answered or not, however little it has agreed to."""
_calls = PerMinute()


class Exhausted(Refused):
    """A quota is used up; `seconds` says when there is more. `counts`: the call itself was within its quota, and is
    counted although it is refused (`count_refused`).
    """

    def __init__(self, code: str, message: str | Promise, seconds: int, *, counts: bool = False) -> None:
        super().__init__(code, message)
        self.seconds, self.counts = seconds, counts


def count_call(*, actor: Actor, at: datetime, most: int) -> None:
    """Count a call of an account before anything else is done for it, repeats and refusals too, in this process.
    Exhausted when there are more than `most` (or AT_LEAST) in the minute; the first of them is on record.
    """
    count, most = _calls.count(actor.account_id, at.timestamp()), max(AT_LEAST, most)
    if count == most + 1:
        record_look(actor=actor, verb="exchange.too_fast", subjects=[], at=at, outcome="refused", reason="too_fast")
    if count > most:
        raise Exhausted("exchange.too_fast", TOO_FAST, 60 - localtime(at).second)


def require(actor: Actor, product: Product, purpose: str) -> None:
    """The product is for this department, and for this purpose."""
    if actor.department not in product.departments:
        raise Forbidden("exchange.not_your_product", _("贵单位没有订这项数据。请先和民政部门约定。"))
    if purpose not in product.purposes:
        raise Forbidden("exchange.purpose", _("这项数据不能用于这个目的。可用的目的写在数据目录里。"))


def use_people(actor: Actor, product: Product, at: datetime, persons: int) -> None:
    """Count people of a call that was counted already; Exhausted when the day's are used up."""
    held = _locked(actor, product, at)
    if held.persons + persons > product.quota.persons_a_day:
        raise _used_up(at, counts=True)
    held.persons += persons
    held.save(update_fields=["persons"])


def count_refused(actor: Actor, product: Product, at: datetime) -> None:
    """Count a call whose own count went with its transaction when its people were refused."""
    minute = _minute(at)
    with transaction.atomic():
        held = _locked(actor, product, at)
        in_minute = held.calls_in_minute if held.minute == minute else 0
        if held.minute != minute + 1:  # else the minute has ended meanwhile, and what is counted is of the next
            held.minute, held.calls_in_minute = minute, in_minute + 1
        held.calls += 1
        held.save(update_fields=["calls", "minute", "calls_in_minute"])


def _locked(actor: Actor, product: Product, at: datetime) -> Allowance:
    key = {"department": actor.department, "product": product.name, "day": localtime(at).date()}
    Allowance.objects.bulk_create([Allowance(**key)], ignore_conflicts=True)
    return Allowance.objects.select_for_update().get(**key)


def _minute(at: datetime) -> int:
    return localtime(at).hour * 60 + localtime(at).minute


def _used_up(at: datetime, *, counts: bool = False) -> Exhausted:
    here = localtime(at)
    left = 86_400 - (here.hour * 3600 + here.minute * 60 + here.second)
    return Exhausted(
        "exchange.quota_used_up", _("今天的额度用完了。明天再问，或请民政部门调整约定。"), left, counts=counts
    )


def use_quota(actor: Actor, product: Product, at: datetime, persons: int) -> int:
    """Count a call and its people: how many more people the day has. Exhausted when a minute's or the day's are used
    up; then nothing is counted, but the call where it was people that were too many.
    """
    minute, held = _minute(at), _locked(actor, product, at)
    if held.minute == minute + 1:  # the minute ended while it waited for the lock: what has begun stays counted
        minute = held.minute
    in_minute = held.calls_in_minute if held.minute == minute else 0
    if in_minute >= product.quota.calls_a_minute:
        raise Exhausted("exchange.too_fast", TOO_FAST, 60 - localtime(at).second)
    if held.calls >= product.quota.calls_a_day:
        raise _used_up(at)
    if held.persons + persons > product.quota.persons_a_day:
        raise _used_up(at, counts=True)
    held.calls, held.persons, held.minute, held.calls_in_minute = (
        held.calls + 1,
        held.persons + persons,
        minute,
        in_minute + 1,
    )
    held.save()
    return product.quota.persons_a_day - held.persons
