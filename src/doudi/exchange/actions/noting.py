"""One call on record: the row of the board, the sealed answer for repeats, the entry of the log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Stale
from doudi.core.vault import vault
from doudi.exchange.logic.products import Product
from doudi.exchange.models import Use

INDEX = "exchange_use.request"


@dataclass(frozen=True, slots=True)
class Call:
    """What is noted of a call. `question` is everything that was asked, to tell a repeat from another question."""

    product: Product
    kind: str
    purpose: str
    outcome: str
    response: Mapping[str, Any]
    people: Sequence[UUID] = ()
    persons: int = 0
    reason: str = ""
    request_id: UUID | None = None
    question: str = ""


def repeated(actor: Actor, request_id: UUID, question: str) -> Mapping[str, Any] | None:
    """The answer given before to the same request; Stale when the same id now asks something else. Of two at once the
    second waits for the end of the first's transaction, and gets its answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"{actor.account_id}{request_id}"])
    held = Use.objects.filter(account_id=actor.account_id, request_id=request_id).first()
    if held is None:
        return None
    if held.response_enc is None or bytes(held.request_index or b"") != vault().blind_index(INDEX, question):
        raise Stale("exchange.request_id_used", _("这个请求编号已经问过别的事。请换一个新的编号。"))
    answer: Mapping[str, Any] = json.loads(vault().decrypt(_context(held.id), bytes(held.response_enc)))
    return answer


def note(actor: Actor, at: datetime, call: Call) -> Use:
    """Row and entry, in the caller's transaction."""
    number, content = uuid4(), json.dumps(call.response, ensure_ascii=False, sort_keys=True).encode()
    keeps = call.request_id is not None
    made = Use.objects.create(
        id=number, product=call.product.name, kind=call.kind, department=actor.department, account_id=actor.account_id,
        account_name=actor.name, area_code=actor.area, purpose=call.purpose, outcome=call.outcome, reason=call.reason,
        persons=call.persons, at=at, request_id=call.request_id,
        request_index=vault().blind_index(INDEX, call.question) if keeps else None,
        response_enc=vault().encrypt(_context(number), content) if keeps else None,
    )  # fmt: skip
    record_act(
        actor=actor, verb=f"exchange.{call.kind}", at=at, reason=call.purpose, count=call.persons,
        subjects=[("product", call.product.name), ("use", number), *(("person", person) for person in call.people)],
        digest=sha256(content).hexdigest(),
    )  # fmt: skip
    return made


def _context(use: UUID) -> str:
    return f"exchange_use|response|{use}"
