"""Who may see deliveries: county roles, for the whole house; feeds are not divided by township."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden
from doudi.sources.models import Delivery
from doudi.sources.queries.deliveries import delivery_report


def delivery_for(actor: Actor, delivery: uuid.UUID) -> Delivery:
    """One delivery for somebody who may read deliveries; Forbidden or Missing."""
    if not may(actor, "sources.read"):
        raise Forbidden("sources.not_yours", _("您现在的身份看不到部门的交付。请切换身份。"))
    return delivery_report(delivery)
