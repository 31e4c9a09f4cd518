"""Policy pages for signed-in readers: the programmes in force at a place on a day, and one programme's page."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from doudi.areas.queries import name_path
from doudi.core.access import signed_in
from doudi.core.actor import Actor
from doudi.core.clock import today
from doudi.core.errors import Malformed, Missing
from doudi.rulebook.logic.policy_page import list_programmes, programme_page
from doudi.rulebook.queries import Edition, by_hash, current_edition, editions


@signed_in
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes in force at the reader's place (or `?place=`) today (or `?on=`)."""
    place, on, edition = _asked(request)
    context = _context(place, on, edition)
    context["programmes"] = list_programmes(by_hash(edition.hash), _lang())
    return render(request, "rulebook/programmes.html", context)


@signed_in
def programme(request: HttpRequest, name: str) -> HttpResponse:
    """One programme's page: conditions, figures, what is needed, days, articles."""
    place, on, edition = _asked(request)
    rulebook = by_hash(edition.hash)
    if name not in rulebook.programmes:
        raise Missing("rulebook.unknown_programme", _("这个地区没有这个救助项目。"), programme=name)
    context = _context(place, on, edition)
    context["page"] = programme_page(rulebook, name, place=place, on=on, lang=_lang(), area_name=_area_name)
    return render(request, "rulebook/programme.html", context)


def _asked(request: HttpRequest) -> tuple[str, date, Edition]:
    place = request.GET.get("place") or _own_place(request)
    if not (place.isascii() and place.isdigit()):
        raise Malformed("rulebook.bad_place", _("地区要写区划代码。"))
    on = _day(request.GET.get("on", "")) or today()
    return place, on, current_edition(place, on)


def _day(text: str) -> date | None:
    """A day written 2026-07-01; none if nothing is written."""
    if not text:
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Malformed("rulebook.bad_day", _("日期要写成 2026-07-01。"))


def _own_place(request: HttpRequest) -> str:
    """The reader's area; for a reader without one, the place of the newest edition."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None and actor.area:
        return actor.area
    newest = editions()[:1]
    if not newest:
        raise Missing("rulebook.nothing_published", _("还没有发布过规则。"))
    return newest[0].place


def _context(place: str, on: date, edition: Edition) -> dict[str, object]:
    return {"place": place, "place_name": _area_name(place), "on": on, "edition": edition}


def _area_name(code: str) -> str:
    """The area's name in the reader's language; the nation for an empty code."""
    return name_path(code, _lang()) if code else str(_("全国"))


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"
