"""Members of an application who are in another open application too: a warning, never a refusal by itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from doudi.areas.queries import name_path
from doudi.cases.access import applications_visible_to
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.registry.models import Membership

CLOSED = "reviewed"
TOWNSHIP = 9


@dataclass(frozen=True, slots=True)
class Double:
    """Another open application with the members it shares. One the viewer may not see has neither number nor place."""

    application: uuid.UUID | None
    number: str
    place: str
    names: str = field(repr=False)


def doubles_of(application: Application, actor: Actor, lang: str) -> tuple[Double, ...]:
    """Open applications that share a member with this one, the newest first; those seen before those not seen."""
    own = Membership.objects.filter(household_id=application.household_id).values("person_id")
    shared: dict[uuid.UUID, dict[uuid.UUID, str]] = {}
    rows = Membership.objects.filter(person_id__in=own, kind="unit").exclude(household_id=application.household_id)
    for row in rows.select_related("person").order_by("seq"):
        held = shared.setdefault(row.household_id, {})
        held.setdefault(row.person_id, row.person.name or row.person.number_masked)
    if not shared:
        return ()
    others = Application.objects.filter(household_id__in=shared).exclude(state=CLOSED).exclude(pk=application.pk)
    visible = set(others & applications_visible_to(actor))
    lines = [
        _double(one, ("、" if lang == "zh" else ", ").join(shared[one.household_id].values()), one in visible, lang)
        for one in others.order_by("-applied_on", "-number")
    ]
    return tuple(sorted(lines, key=lambda line: line.application is None))


def _double(other: Application, names: str, is_visible: bool, lang: str) -> Double:
    if not is_visible:
        return Double(None, "", "", names)
    place = name_path(other.area_code[:TOWNSHIP], lang) if other.area_code else ""
    return Double(other.id, other.number, place, names)
