"""Cliffs: choosing a family, and its curve before and after a reform."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from doudi.accounts.access import level_of
from doudi.accounts.logic.policy import LIMITS
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.areas.queries import names_of
from doudi.audit.actions import record_look
from doudi.cases.access import application_for, applications_visible_to
from doudi.cases.models import Assessment
from doudi.cases.queries.applications import application_by_number
from doudi.core.access import permission, reading
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Forbidden
from doudi.insight.forms import CurveForm, FindForm
from doudi.insight.logic.chart import chart_of
from doudi.insight.logic.drops import worst_drop
from doudi.insight.logic.points import points_of
from doudi.insight.queries import Curves, Shipped, curve_people, curves_of, shipped_reforms, start_of

ROLES = PERMISSIONS["insight.cliff"]
LINES_A_PAGE = 20
OUTCOMES = {
    "eligible": gettext_lazy("符合"),
    "not_eligible": gettext_lazy("不符合"),
    "undetermined": gettext_lazy("待定"),
    "gap": gettext_lazy("本地没有规定数额"),
}
USUAL = ("gradual_exit", "earned_income_exemption")


@permission("insight.cliff", ROLES)
@reading
def listing(request: HttpRequest) -> HttpResponse:
    """Applications with a proposal, newest first; POST finds one by its number."""
    actor = _actor(request)
    form = FindForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = application_by_number(form.cleaned_data["number"].strip())
        if found is not None and actor.covers(found.area_code):
            return redirect("insight:cliff", found.id)
        form.add_error("number", _("您的辖区里没有这个编号的申请。"))
    rows = (
        applications_visible_to(actor)
        .filter(Exists(Assessment.objects.filter(application=OuterRef("pk"), superseded_at__isnull=True)))
        .select_related("applicant")
        .order_by("-applied_on", "-number")
    )
    page = Paginator(rows, LINES_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    record_look(actor=actor, verb="insight.list_cliffs", subjects=[("application", row.id) for row in shown], at=now())
    areas = names_of(row.area_code for row in shown)
    context = {"page": page, "form": form, "lines": [(row, areas.get(row.area_code, "")) for row in shown]}
    return render(request, "insight/cliffs.html", context)


@permission("insight.cliff", ROLES)
def curve(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """What the family has in a month against what one of its people earns."""
    actor, lang = _actor(request), _lang()
    application = application_for(actor, application_id)
    if level_of(actor) == LIMITS:
        raise Forbidden("insight.no_figures", _("您现在只能看是否超过标准，看不到收入的数。"))
    subjects = [("application", application.id), ("household", application.household_id)]
    record_look(actor=actor, verb="insight.open_cliff", subjects=subjects, at=now())
    people = curve_people(application, lang)
    start = start_of(application.area_code, application.applied_on)
    shipped = [one for one in shipped_reforms(start.policy) if one.name in USUAL]
    form = CurveForm(
        request.GET if "person" in request.GET else {"person": 0, "reform": "all", "limit": 6000},
        people=[(one.number, one.name) for one in people],
        reforms=[(one.name, one.label[lang]) for one in shipped],
    )
    context: dict[str, Any] = {"application": application, "form": form, "lang": lang, "people": people}
    if people and form.is_valid():
        person = people[form.cleaned_data["person"]]
        limit = Decimal(form.cleaned_data["limit"])
        found = curves_of(application, person.id, _chosen(shipped, form.cleaned_data["reform"]), limit)
        context |= _drawn(found, lang) | {"person": person}
    return render(request, "insight/cliff.html", context)


def _chosen(shipped: list[Shipped], name: str) -> list[Shipped]:
    return [one for one in shipped if name in ("all", "", one.name)]


def _drawn(found: Curves, lang: str) -> dict[str, Any]:
    cliffs = [line.cliff for line in found.lines]
    chart = chart_of(cliffs)
    number, flips = 0, []
    for line in found.lines:
        own = []
        for flip in line.cliff.flips:
            number += 1
            own.append((number, flip))
        flips.append((line, own))
    first = cliffs[0]
    worst, hidden = worst_drop(first.flips)
    return {
        "chart": chart,
        "drawn": list(zip(found.lines, chart.curves, strict=True)),
        "lines": flips,
        "points": points_of(found.lines),
        "first": first,
        "unsure": any(stretch.kept is None for stretch in first.stretches),
        "worst": worst,
        "hidden": hidden,
        "refused": [label[lang] for label in found.refused],
        "once": sorted({c.labels[n][lang] for c in cliffs for n in c.once}),
        "left_out": sorted({c.labels[n][lang] for c in cliffs for n in c.left_out}),
        "outcome_words": OUTCOMES,
        "counted": [first.labels[n][lang] for n in first.counted],
    }


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"
