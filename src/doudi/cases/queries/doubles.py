"""Members of an application who are in another open application too: a warning, never a refusal by itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from doudi.areas.queries import name_path
from doudi.cases.access import applications_visible_to
from doudi.cases.lifecycle import OPEN
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.registry.models import Membership
from doudi.registry.queries import holds_on

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
    people = Membership.objects.filter(household_id=application.household_id).values("person_id")
    units = Membership.objects.filter(person_id__in=people, kind="unit").values("household_id")
    others = Application.objects.filter(household_id__in=units).filter(state__in=OPEN).exclude(pk=application.pk)
    visible = set((others & applications_visible_to(actor)).values_list("pk", flat=True))
    lines = [
        _double(one, ("、" if lang == "zh" else ", ").join(names), one.pk in visible, lang)
        for one in others.order_by("-applied_on", "-number")
        if (names := _shared(application, one))
    ]
    return tuple(sorted(lines, key=lambda line: line.application is None))


def _shared(one: Application, other: Application) -> list[str]:
    """Who belongs to both families on the day of the later application: whoever has left one by then is in one only."""
    on = max(one.applied_on, other.applied_on)
    own = Membership.objects.filter(holds_on(on), household_id=one.household_id).values("person_id")
    rows = Membership.objects.filter(holds_on(on), household_id=other.household_id, person_id__in=own)
    return [row.person.name or row.person.number_masked for row in rows.select_related("person").order_by("seq")]


def _double(other: Application, names: str, is_visible: bool, lang: str) -> Double:
    if not is_visible:
        return Double(None, "", "", names)
    place = name_path(other.area_code[:TOWNSHIP], lang) if other.area_code else ""
    return Double(other.id, other.number, place, names)
