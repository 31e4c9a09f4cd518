"""The engine's proposal with its reasons, and the handler's opinion on it; the reviewer's page of both."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from doudi.accounts.access import about, asks_purpose
from doudi.accounts.logic.policy import OFFICER
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.cases.access import application_for
from doudi.cases.actions import propose_opinion, review_opinion
from doudi.cases.forms import DepartForm, ReasonForm
from doudi.cases.models import Application
from doudi.cases.queries.alternatives import alternatives_page
from doudi.cases.queries.pages import ApplicationPage, DecisionPage, application_page, decision_page
from doudi.cases.views.application import looked
from doudi.cases.views.asking import actor_of, language, posted
from doudi.core.access import permission
from doudi.core.clock import now, today
from doudi.core.errors import Missing, Refused, Stale

READ = PERMISSIONS["cases.read"]


@permission("cases.read", READ)
def decision(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The proposal in a sentence, then every number opened; beside it what the handler may do."""
    _found, page, shown = _opened(request, application_id, "cases.open_decision")
    return _decision(request, page, shown)


@permission("cases.read", READ)
def alternatives(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """What fits the family besides: the chain's way, packages that are opened, every other programme."""
    actor = actor_of(request)
    found = application_for(actor, application_id)
    looked(request, found, "cases.open_alternatives")
    page = application_page(found, actor, today(), language())
    assessment = page.opinion.assessment if page.opinion else page.assessment
    if assessment is None:
        raise Missing("cases.not_assessed", _("还没有系统建议。请先计算建议。"))
    context = {"page": page, "shown": alternatives_page(assessment, page.names, language())}
    return render(request, "cases/alternatives.html", context)


@permission("cases.propose", PERMISSIONS["cases.propose"])
def propose(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """An opinion: POST agrees or departs; what is wrong with it is said beside what was typed."""
    if request.method != "POST":
        return redirect("cases:decision", application_id)
    found, page, shown = _opened(request, application_id, "cases.open_decision")
    agrees = request.POST.get("act") == "agree"
    form = _opinion_form(request, shown, agrees)
    if form.is_valid():
        data = form.cleaned_data
        try:
            propose_opinion(
                actor=actor_of(request),
                at=now(),
                application=found.id,
                agrees=agrees,
                outcome=data.get("outcome", ""),
                programme=data.get("programme") or "",
                amount=data.get("amount"),
                reason=data.get("reason", ""),
                assessment=_seen(request),
            )
        except (Refused, Stale) as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已提出拟办意见，等另一位同事复核。"))
            return redirect("cases:opinion", found.id)
    return _decision(request, page, shown, form, agrees)


@permission("cases.review", PERMISSIONS["cases.review"])
def review(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The second person's page: the opinion, what it rests on, agree or send back."""
    found, page, shown = _opened(request, application_id, "cases.open_review")
    if page.opinion is None:
        raise Missing("cases.no_opinion", _("还没有拟办意见，不用复核。请从申请页看进展。"))
    agrees = request.POST.get("act") == "agree"
    form = ReasonForm(posted(request), required=not agrees, label=_("退回的理由") if not agrees else _("说明"))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            review_opinion(actor=actor_of(request), at=now(), application=found.id, agrees=agrees, reason=reason)
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            done = _("已复核同意。") if agrees else _("已退回，经办人会看到您的理由。")
            messages.success(request, done)
            return redirect("cases:opinion" if agrees else "cases:application", found.id)
    context = _context(page, shown) | {"form": form, "tried_to": "agree" if agrees else "send_back"}
    return render(request, "cases/review.html", context, status=400 if form.is_bound and form.errors else 200)


def _opened(request: HttpRequest, application_id: UUID, verb: str) -> tuple[Application, ApplicationPage, DecisionPage]:
    """The application, its page and its proposal with reasons; the look is recorded first."""
    found = application_for(actor_of(request), application_id)
    looked(request, found, verb)
    actor = about(request, found.household_id)
    page = application_page(found, actor, today(), language())
    assessment = page.opinion.assessment if page.opinion else page.assessment
    if assessment is None:
        raise Missing("cases.not_assessed", _("还没有系统建议。请先计算建议。"))
    return found, page, decision_page(page, assessment, actor, language())


def _decision(
    request: HttpRequest,
    page: ApplicationPage,
    shown: DecisionPage,
    form: DepartForm | ReasonForm | None = None,
    agrees: bool = False,
) -> HttpResponse:
    admits = shown.proposal["outcome"] != "undetermined"
    context = _context(page, shown) | {
        "asks_purpose": asks_purpose(about(request, page.application.household_id)),
        "form": form,
        "agree_form": form if form is not None and agrees else ReasonForm(required=False, auto_id="agree_%s"),
        "depart_form": form
        if form is not None and not agrees
        else DepartForm(programmes=shown.programmes, admits=admits),
        "departing": form is not None and not agrees,
        "may_agree": admits,
    }
    return render(request, "cases/decision.html", context, status=400 if form is not None else 200)


def _context(page: ApplicationPage, shown: DecisionPage) -> dict[str, object]:
    return {
        "page": page,
        "shown": shown,
        "reasons": shown.reasons,
        "officer": shown.level == OFFICER,
        "programme": shown.opinion_programme,
    }


def _opinion_form(request: HttpRequest, shown: DecisionPage, agrees: bool) -> DepartForm | ReasonForm:
    if agrees:
        return ReasonForm(request.POST, required=False, auto_id="agree_%s")
    admits = shown.proposal["outcome"] != "undetermined"
    return DepartForm(request.POST, programmes=shown.programmes, admits=admits)


def _seen(request: HttpRequest) -> UUID | None:
    """The proposal the handler had before them."""
    try:
        return UUID(request.POST.get("assessment", ""))
    except ValueError:
        return None
