"""Who may see which application or draft: loaded and checked against the area of the grant in one call."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doudi.cases.models import Application, Draft
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Missing
from doudi.registry.logic.areas import bounds


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """Applications of the actor's area."""
    rows = Application.objects.all()
    limits = bounds(actor.people_area)
    return rows if limits is None else rows.filter(area_code__gte=limits[0], area_code__lt=limits[1])


def application_for(actor: Actor, application: uuid.UUID) -> Application:
    """An application the actor may see; Forbidden alike where there is none and where it lies elsewhere."""
    found = (
        Application.objects.select_related("household__head", "applicant", "register_household")
        .filter(pk=application)
        .first()
    )
    if found is None or not actor.covers(found.area_code):
        raise elsewhere()
    return found


def elsewhere() -> Forbidden:
    """What is said of an application that is not there, and of one of another area: nobody can tell which."""
    return Forbidden(
        "cases.application_elsewhere",
        _("没有这份申请，或者它不在您的辖区。请从申请列表重新打开；如需查看别处的申请，请联系所在乡镇。"),
    )


def draft_for(actor: Actor, draft: uuid.UUID) -> Draft:
    """A draft of the actor's own; anybody else's is Missing."""
    found = Draft.objects.filter(pk=draft, account_id=actor.account_id).first()
    if found is None:
        raise Missing("cases.no_such_draft", _("没有这份草稿，可能已经提交。请从申请列表重新开始。"))
    return found
