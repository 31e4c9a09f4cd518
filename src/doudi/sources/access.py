"""Who may see deliveries: county roles, for the whole house; feeds are not divided by township."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import asks_purpose, may, may_see
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden
from doudi.sources.models import Delivery
from doudi.sources.queries.agreements import feeds
from doudi.sources.queries.deliveries import delivery_report

COUNTY = 6
"""Digits of a county's code: a file is about the whole county, not for a grant below it."""


def delivery_for(actor: Actor, delivery: uuid.UUID) -> Delivery:
    """One delivery for somebody who may read deliveries; Forbidden or Missing."""
    if not may(actor, "sources.read"):
        raise Forbidden("sources.not_yours", _("您现在的身份看不到部门的交付。请切换身份。"))
    return delivery_report(delivery)


def may_fetch_original(actor: Actor, delivery: Delivery) -> bool:
    """Whether somebody may have the sender's file, which holds raw values: of banks who sees bank data in full alone,
    after saying what for.
    """
    seen = may_see(actor, "bank") if _has_bank_values(delivery) else True
    return _is_countys(actor) and seen and not actor.reads_only


def must_say_what_for(actor: Actor, delivery: Delivery) -> bool:
    """Whether somebody could have the file if a purpose were stated."""
    return _is_countys(actor) and _has_bank_values(delivery) and asks_purpose(actor, ["bank"])


def _is_countys(actor: Actor) -> bool:
    return may(actor, "sources.receive") and len(actor.area) <= COUNTY


def _has_bank_values(delivery: Delivery) -> bool:
    feed = feeds().get(delivery.feed)
    return feed is None or any(column.sensitivity == "bank" for column in feed.columns)


def original_for(actor: Actor, delivery: uuid.UUID) -> Delivery:
    """A delivery whose file is about to be given back; Forbidden or Missing."""
    found = delivery_for(actor, delivery)
    if not may_fetch_original(actor, found):
        raise Forbidden("sources.raw_values", _("这份文件里有银行等原始数据，只有县级核对员可以取回。请联系核对员。"))
    return found
