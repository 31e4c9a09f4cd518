"""A call that was refused is on record, too, whatever becomes of its transaction; by product it is on the board."""

from __future__ import annotations

from datetime import datetime, timedelta

from doudi.audit.actions import record_look
from doudi.core.actor import Actor
from doudi.exchange.actions.allowing import AT_LEAST, count_refused
from doudi.exchange.logic.products import Product
from doudi.exchange.models import Use
from doudi.lib.per_minute import PerMinute

A_MINUTE = timedelta(minutes=1)
STRANGERS = 60
"""Entries a minute about callers whose account is not known, in this process, from however many addresses."""
_turned_away = PerMinute()


def note_refusal(
    *, actor: Actor, at: datetime, product: str, kind: str, purpose: str, code: str, counts: Product | None = None
) -> None:
    """An entry of the log for each, and a row of the board for the first of its kind in a minute. What was asked about
    is not kept: nothing was answered. How many there can be is bounded before (`count_call`). `counts`: of whose quota
    of calls it is one all the same.
    """
    if counts is not None:
        count_refused(actor, counts, at)
    named, reason = _plain(product)[:60], code.rpartition(".")[2][:40]
    subjects = [("product", named)] if named else []
    record_look(actor=actor, verb=f"exchange.{kind}", subjects=subjects, at=at, outcome="refused", reason=code)
    same = Use.objects.filter(account_id=actor.account_id, product=named, kind=kind, reason=reason)
    if same.filter(outcome="refused", at__gt=at - A_MINUTE).exists():
        return
    Use.objects.create(
        product=named, kind=kind, department=actor.department, account_id=actor.account_id, account_name=actor.name,
        area_code=actor.area, purpose=_plain(purpose)[:40], outcome="refused", reason=reason,
        at=at,
    )  # fmt: skip


def note_turned_away(*, actor: Actor | None, at: datetime, address: str, is_let_in: bool, code: str) -> None:
    """An entry for a call that came to no action: no token in force, a shape that does not fit, no such address.

    Each of an account that is let in, within its calls of a minute; one a minute and account or address else. Nothing
    of what was sent is kept, nor the address.
    """
    sender, most = actor.account_id if actor else address, AT_LEAST if is_let_in else 1
    if _turned_away.count(sender, at.timestamp()) > most:
        return
    if actor is None and _turned_away.count("", at.timestamp()) > STRANGERS:
        return
    caller = actor or Actor.system("visitor")
    record_look(actor=caller, verb="exchange.turn_away", subjects=[], at=at, outcome="refused", reason=code)


def _plain(text: str) -> str:
    """Another system's text as the database takes it."""
    return "".join(character for character in text if character.isprintable())
