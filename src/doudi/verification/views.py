"""Checks: the list, the report on screen and on paper, asking again, concluding; authorisations of a household."""

from __future__ import annotations

import datetime
import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doudi.accounts.access import about, asks_purpose, may
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.areas.queries import name_path
from doudi.audit.actions import record_look
from doudi.core.access import permission
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import Refused
from doudi.documents.queries import pdf
from doudi.exports.access import PERSONAL, Export, Prepared, export
from doudi.exports.logic.marks import Mark
from doudi.registry.access import household_for
from doudi.registry.models import Household
from doudi.rulebook.queries import current
from doudi.verification.access import (
    OFFICER,
    TOWNSHIP,
    authorisation_for,
    check_for,
    checks_visible_to,
    level_of,
    open_check,
)
from doudi.verification.actions import conclude_check, run_check, sign_authorisations, withdraw_authorisation
from doudi.verification.forms import CheckForm, ConcludeForm, SignForm, WithdrawForm
from doudi.verification.models import Check
from doudi.verification.queries import authorisations_of, newer_than, report
from doudi.verification.queries.listed import SHOWN, lines_of, listed
from doudi.verification.queries.printed import TEMPLATE, printed

LINES_A_PAGE = 50


@permission("verification.read", PERMISSIONS["verification.read"])
def checks(request: HttpRequest) -> HttpResponse:
    """Checks of the reader's area: those waiting for a conclusion, concluded ones, all."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else SHOWN[0]
    rows = checks_visible_to(actor)
    page = Paginator(listed(rows, shown), LINES_A_PAGE).get_page(request.GET.get("page"))
    subjects = [*(("check", row.id) for row in page), *{("household", row.household_id) for row in page}]
    record_look(actor=actor, verb="verification.list_checks", subjects=subjects, at=now())
    counts = {name: listed(rows, name).count() for name in SHOWN}
    context = {"page": page, "lines": lines_of(page), "shown": shown, "counts": counts}
    return render(request, "verification/checks.html", context)


@permission("verification.read", PERMISSIONS["verification.read"])
def check(request: HttpRequest, check: uuid.UUID) -> HttpResponse:
    """The report of a check; every opening is an entry in the log."""
    actor, found = _opened(request, check)
    return render(request, "verification/check.html", _context(actor, found))


def _opened(request: HttpRequest, check: uuid.UUID, verb: str = "verification.read_report") -> tuple[Actor, Check]:
    """The check, its opening on record with the purpose stated for the family, and the actor who sees by it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor = about(request, check_for(actor, check).household_id)
    return actor, open_check(actor, check, now(), verb=verb)


def _context(actor: Actor, found: Check) -> dict[str, object]:
    newer = newer_than(found)
    waits = found.state == "answered" and newer is None
    return {
        "report": report(found.id, level=level_of(actor), lang=_lang()),
        "place": name_path(found.area_code),
        "may_conclude": may(actor, "verification.conclude") and waits,
        "may_request": may(actor, "verification.request") and newer is None,
        "may_authorise": may(actor, "verification.authorise"),
        "is_officer": level_of(actor) == OFFICER,
        "asks_purpose": asks_purpose(actor),
        "form": ConcludeForm(),
    }


@permission("verification.read", PERMISSIONS["verification.read"])
@export(Export("verification.print_report", PERSONAL, ("pdf",)))
def print_report(request: HttpRequest, check: uuid.UUID) -> Prepared:
    """The report on paper at the township's level; the officer may ask for the full form (`?full=1`)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = check_for(actor, check)
    actor = about(request, found.household_id)
    level = level_of(actor) if request.GET.get("full") == "1" else TOWNSHIP
    made = report(found.id, level=level, lang=_lang())

    def make(mark: Mark) -> bytes:
        authority = _("%(county)s社会救助家庭经济状况核对中心") % {"county": name_path(found.area_code[:6])}
        data = printed(made, actor=actor, at=now(), authority=authority, place=name_path(found.area_code))
        return pdf(TEMPLATE, data, _lang(), mark=mark.line())

    return Prepared(
        label=_("核对报告"), file_name=f"verification-{str(found.id)[:8]}.pdf", media="application/pdf", make=make,
        back=reverse("verification:check", args=[found.id]), persons=max(len(made.people), 1),
        subjects=(("check", found.id), ("household", found.household_id)), full=level == OFFICER, inline=True,
    )  # fmt: skip


@permission("verification.request", PERMISSIONS["verification.request"])
def run(request: HttpRequest, household: uuid.UUID) -> HttpResponse:
    """Check a household: which day, then the report."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = household_for(actor, household)
    record_look(actor=actor, verb="verification.prepare_check", subjects=[("household", found.id)], at=now())
    form = CheckForm(_posted(request), initial={"as_of": today()})
    if request.method == "POST" and form.is_valid():
        return _run(request, actor, found, form.cleaned_data["as_of"], "")
    context = {"form": form, "household": found, "lines": authorisations_of(found.id, today())}
    return render(request, "verification/run.html", context)


@permission("verification.request", PERMISSIONS["verification.request"])
def run_again(request: HttpRequest, check: uuid.UUID) -> HttpResponse:
    """The same question once more, with what has been delivered and signed since."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_check(actor, check, now())
    if request.method != "POST":
        return redirect("verification:check", check=found.id)
    return _run(request, actor, found.household, found.as_of, found.application)


def _run(
    request: HttpRequest, actor: Actor, household: Household, as_of: datetime.date, application: str
) -> HttpResponse:
    made = run_check(
        actor=actor,
        at=now(),
        household=household.id,
        as_of=as_of,
        rulebook=current(household.area_code, as_of),
        application=application,
    )
    messages.success(request, _("核对已完成。"))
    return redirect("verification:check", check=made.id)


@permission("verification.conclude", PERMISSIONS["verification.conclude"])
def conclude(request: HttpRequest, check: uuid.UUID) -> HttpResponse:
    """The officer signs the conclusion."""
    actor, found = _opened(request, check)
    form = ConcludeForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            conclude_check(actor=actor, at=now(), check=found.id, remark=form.cleaned_data["remark"])
        except Refused as refusal:
            form.add_error("remark", str(refusal.message))
        else:
            messages.success(request, _("核对结论已签署。"))
            return redirect("verification:check", check=found.id)
    return render(request, "verification/check.html", _context(actor, found) | {"form": form})


@permission("verification.authorise", PERMISSIONS["verification.authorise"])
def authorise(request: HttpRequest, household: uuid.UUID) -> HttpResponse:
    """Record who signed the authorisation, and see who still has to."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = household_for(actor, household)
    record_look(actor=actor, verb="verification.read_authorisations", subjects=[("household", found.id)], at=now())
    lines = authorisations_of(found.id, today())
    unsigned = [line for line in lines if not line.is_minor and line.standing is None]
    form = SignForm(_posted(request), lines=unsigned, today=today())
    if request.method == "POST" and form.is_valid():
        try:
            sign_authorisations(
                actor=actor, at=now(), household=found.id, signed=form.signed, to_on=form.cleaned_data["to_on"]
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("授权已登记，相应来源可以查询了。"))
            return redirect("verification:authorise", household=found.id)
    context = {"form": form, "household": found, "lines": lines, "unsigned": unsigned}
    return render(request, "verification/authorise.html", context)


@permission("verification.authorise", PERMISSIONS["verification.authorise"])
def withdraw(request: HttpRequest, authorisation: uuid.UUID) -> HttpResponse:
    """The person takes the authorisation back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = authorisation_for(actor, authorisation)
    record_look(
        actor=actor, verb="verification.read_authorisations", subjects=[("household", found.household_id)], at=now()
    )
    form = WithdrawForm(_posted(request), initial={"on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_authorisation(actor=actor, at=now(), authorisation=found.id, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("授权已撤回，相应来源不再查询。"))
            return redirect("verification:authorise", household=found.household_id)
    return render(request, "verification/withdraw.html", {"form": form, "authorisation": found})


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; an empty form sent counts as sent."""
    return request.POST if request.method == "POST" else None


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"
