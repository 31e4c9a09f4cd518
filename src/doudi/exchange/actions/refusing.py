"""A call that was refused is on record, too: on the board and in the log, whatever becomes of its transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from doudi.audit.actions import record_look
from doudi.core.actor import Actor
from doudi.exchange.models import Use

A_MINUTE = timedelta(minutes=1)


def note_refusal(*, actor: Actor, at: datetime, product: str, kind: str, purpose: str, code: str) -> None:
    """An entry of the log for each, and a row of the board for the first of its kind in a minute. What was asked about
    is not kept: nothing was answered. How many there can be is bounded before (`count_call`).
    """
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


def _plain(text: str) -> str:
    """Another system's text as the database takes it."""
    return "".join(character for character in text if character.isprintable())
