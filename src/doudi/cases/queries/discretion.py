"""Choices that stand, by application."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from doudi.cases.logic.discretion import Chosen
from doudi.cases.models import Discretion


def discretion_of(applications: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Chosen, ...]]:
    """The standing choices of each application that has any."""
    rows = Discretion.objects.filter(application__in=list(applications), replaced_at__isnull=True)
    found: dict[uuid.UUID, tuple[Chosen, ...]] = {}
    for row in rows.order_by("chosen_at", "id"):
        one = Chosen(row.fact, row.person_id, row.choice, row.reason)
        found[row.application_id] = (*found.get(row.application_id, ()), one)
    return found
