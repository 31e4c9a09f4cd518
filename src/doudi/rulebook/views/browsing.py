"""Policy pages for signed-in readers: the programmes in force at a place on a day, one programme, one rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from doudi.core.access import signed_in
from doudi.core.errors import Missing
from doudi.rulebook.logic.figures import BETWEEN
from doudi.rulebook.logic.policy_page import programme_groups, programme_page
from doudi.rulebook.logic.rule_page import rule_page
from doudi.rulebook.queries import by_hash
from doudi.rulebook.views.asking import area_name, asked, frame, language, sees_drafts


@signed_in
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes in force at the reader's place (or `?place=`) today (or `?on=`)."""
    place, on, edition = asked(request)
    context = frame(place, on, edition)
    context["sees_drafts"] = sees_drafts(request)
    context["groups"] = programme_groups(by_hash(edition.hash), language())
    return render(request, "rulebook/programmes.html", context)


@signed_in
def programme(request: HttpRequest, name: str) -> HttpResponse:
    """One programme's page: conditions, figures, what is needed, days, articles."""
    place, on, edition = asked(request)
    rulebook = by_hash(edition.hash)
    if name not in rulebook.programmes:
        raise Missing("rulebook.unknown_programme", _("这个地区没有这个救助项目。"), programme=name)
    context = frame(place, on, edition)
    context["between"] = BETWEEN[language()]
    context["page"] = programme_page(rulebook, name, place=place, on=on, lang=language(), area_name=area_name)
    return render(request, "rulebook/programme.html", context)


@signed_in
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """One rule or fact: its formula in words and as written, what it reads, who reads it, where it is set."""
    place, on, edition = asked(request)
    page = rule_page(by_hash(edition.hash), name, language(), area_name)
    if page is None:
        raise Missing("rulebook.unknown_rule", _("这个地区没有这条规则。"), rule=name)
    return render(request, "rulebook/rule.html", frame(place, on, edition) | {"page": page})
