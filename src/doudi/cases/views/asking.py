"""What every view of cases asks of a request: who acts, in which language, under which rulebook."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language

from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.engine.rulebook import Rulebook
from doudi.rulebook.queries import current


def actor_of(request: HttpRequest) -> Actor:
    """The actor; views are guarded, so there is one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def language() -> str:
    """zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def rulebook_for(application: Application) -> Rulebook:
    """The rulebook in force where and when the family applied."""
    return current(application.area_code, application.applied_on)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, an empty form included; None when a page is only opened."""
    return request.POST if request.method == "POST" else None
