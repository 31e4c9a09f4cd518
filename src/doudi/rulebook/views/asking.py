"""What the pages of rulebook ask of a request: who acts, in which language, at which place and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.areas.queries import name_path
from doudi.core.actor import Actor
from doudi.core.clock import today
from doudi.core.errors import Malformed, Missing
from doudi.rulebook.queries import Edition, current_edition, editions


def actor_of(request: HttpRequest) -> Actor:
    """The actor; views are guarded, so there is one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def language() -> str:
    """zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def area_name(code: str) -> str:
    """The area's name in the reader's language; the nation for an empty code."""
    return name_path(code, language()) if code else str(_("全国"))


def names_apart(codes: Iterable[str]) -> dict[str, str]:
    """The names of several areas; where two are called the same, with their codes."""
    named = {code: area_name(code) for code in codes if code}
    often = Counter(named.values())
    return {code: f"{name} {code}" if often[name] > 1 and name != code else name for code, name in named.items()}


def day_in(text: str) -> date | None:
    """A day written 2026-07-01; none if nothing is written."""
    if not text:
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Malformed("rulebook.bad_day", _("日期要写成 2026-07-01。"))


def asked(request: HttpRequest) -> tuple[str, date, Edition]:
    """The place (`?place=`, else the reader's), the day (`?on=`, else today) and the edition in force there then."""
    place = request.GET.get("place") or _own_place(request)
    if not (place.isascii() and place.isdigit()):
        raise Malformed("rulebook.bad_place", _("地区要写区划代码。"))
    on = day_in(request.GET.get("on", "")) or today()
    return place, on, current_edition(place, on)


def frame(place: str, on: date, edition: Edition) -> dict[str, object]:
    """What every page about a place and day shows."""
    return {"place": place, "place_name": area_name(place), "on": on, "edition": edition}


def sees_drafts(request: HttpRequest) -> bool:
    """Whether drafts are among the reader's pages."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor is not None and may(actor, "rulebook.drafts")


def _own_place(request: HttpRequest) -> str:
    """The reader's area; for a reader without one, the place of the newest edition."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None and actor.area:
        return actor.area
    newest = editions()[:1]
    if not newest:
        raise Missing("rulebook.nothing_published", _("还没有发布过规则。"))
    return newest[0].place
