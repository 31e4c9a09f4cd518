"""A page of a roll."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.core.actor import Actor
from doudi.core.clock import day_of
from doudi.core.errors import Refused, Unavailable
from doudi.exchange.actions.allowing import require, use_people, use_quota
from doudi.exchange.actions.noting import Call, note
from doudi.exchange.logic.products import ROWS, Product
from doudi.exchange.queries.answering import ledger_day, opened_cursor, rows_after, sealed_cursor


@transaction.atomic
def read_rows(
    *, actor: Actor, at: datetime, product: Product, purpose: str, cursor: UUID | None, limit: int
) -> Mapping[str, Any]:
    """{rows, next, data_as_of}: as many rows as the day has people left, at `next` it goes on another day. Unavailable
    while the ledger is too old: an old roll is not given as a new one.
    """
    require(actor, product, purpose)
    if product.answers != ROWS:
        raise Refused("exchange.answers_only", _("这项数据只答是或否，不给名册。"))
    ledger, today = ledger_day(product), day_of(at)
    if ledger is None or (today - ledger).days > product.max_age_days:
        raise Unavailable("exchange.ledger_too_old", _("台账还没有收到，或者太旧。请过几天再取。"))
    left = 1 + use_quota(actor, product, at, 1)  # before the register is asked: beyond the quota nothing is worked out
    after = opened_cursor(cursor, actor.department) if cursor else None
    rows, following, people = rows_after(product, actor, after, min(limit, product.page, left), today)
    use_people(actor, product, at, len(rows) - 1)
    place = sealed_cursor(following, actor.department) if following else None
    response = {
        "product": product.name, "rows": rows, "next": str(place) if place else None,
        "data_as_of": ledger.isoformat(), "keep_days": product.keep_days,
    }  # fmt: skip
    note(actor, at, Call(product, "rows", purpose, "rows", response, people, len(rows)))
    return response
