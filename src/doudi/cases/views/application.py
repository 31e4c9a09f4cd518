"""The page of an application with its course, and the acts that move it along before there is an opinion."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from doudi.accounts.access import about, may, may_reveal
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.audit.actions import record_look
from doudi.cases.access import application_for
from doudi.cases.actions import (
    accept_application,
    assess,
    return_application,
    supplement_application,
    verify_application,
)
from doudi.cases.forms import FactsForm, ReasonForm
from doudi.cases.logic.wizard import FACT_TOPICS, asked_in, asked_of_person
from doudi.cases.models import Application
from doudi.cases.queries.obligors import obliged_of
from doudi.cases.queries.pages import ApplicationPage, application_page
from doudi.cases.queries.said import in_words
from doudi.cases.views.asking import actor_of, language, posted, rulebook_for
from doudi.core.access import permission
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import Missing
from doudi.engine.vocabulary import FactDefinition
from doudi.registry.queries import declared_of_persons, declared_on, members
from doudi.verification.queries import latest_check

READ = PERMISSIONS["cases.read"]
PROBLEMS = {
    "cases.household_not_given": gettext_lazy("没有填户号，户主和所在村居不清楚。"),
    "cases.household_unknown": gettext_lazy("户籍里查不到所填的户号，户主和所在村居不清楚。请核对户口簿。"),
    "cases.household_disagrees": gettext_lazy("所填户号里没有这家的人，户籍把他们登记在别的户。请核对户口簿。"),
    "cases.head_unknown": gettext_lazy("户籍里这一户没有户主，适用哪条标准定不下来。"),
    "cases.address_unknown": gettext_lazy("户籍里这一户没有地址区划。"),
    "cases.register_later": gettext_lazy("户籍数据晚于申请日，按户籍最早的登记。"),
    "cases.signer_no_member": gettext_lazy("有签授权书的人不是家庭成员，没有算进去。"),
}
MOVE_LABELS = {
    "enter": gettext_lazy("申请登记"),
    "accept": gettext_lazy("受理"),
    "verify": gettext_lazy("家庭经济状况核对"),
    "propose": gettext_lazy("提出拟办意见"),
    "agree": gettext_lazy("复核同意"),
    "send_back": gettext_lazy("复核退回"),
    "return": gettext_lazy("退回补正"),
}


@permission("cases.read", READ)
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One application: what it needs next, its course, its people."""
    actor = actor_of(request)
    found = application_for(actor, application_id)
    looked(request, found, "cases.open_application")
    page = application_page(found, actor, today(), language())
    check = latest_check(found.household_id, found.number) if may(actor, "verification.read") else None
    context = {
        "page": page,
        "problems": [PROBLEMS[code] for code in found.problems if code in PROBLEMS],
        "course": [(step, MOVE_LABELS.get(step.move, step.move)) for step in page.course],
        "check": check,
        "asks_choice": page.may_choose and any(lack.remedy == "choose" for lack, _names in page.lacks),
        **_asked(found, actor, page),
        "may_reveal": may_reveal(actor, "identity_number") and may(actor, "registry.read"),
        "may_open_family": actor.covers(found.household.area_code) and may(actor, "registry.read"),
    }
    return render(request, "cases/application.html", context)


def _asked(found: Application, actor: Actor, page: ApplicationPage) -> dict[str, object]:
    """What is asked of the members one by one here: their obligors, their own circumstances."""
    if not page.may_supplement:
        return {}
    try:
        rulebook = rulebook_for(found)
    except Missing:
        return {}
    obliged = obliged_of(found, actor, rulebook, language())
    return {"obliged": obliged, "asks_persons": bool(asked_of_person(rulebook))}


@permission("cases.enter", PERMISSIONS["cases.enter"])
def entered(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """What was handed in, its number, and what happens next."""
    found = application_for(actor_of(request), application_id)
    looked(request, found, "cases.open_application")
    return render(
        request,
        "cases/entered.html",
        {"application": found, "problems": [PROBLEMS[c] for c in found.problems if c in PROBLEMS]},
    )


@require_POST
@permission("cases.accept", PERMISSIONS["cases.accept"])
def accept(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Accept today: the clock starts."""
    found = application_for(actor_of(request), application_id)
    accept_application(actor=actor_of(request), at=now(), application=found.id, on=max(today(), found.applied_on))
    messages.success(request, _("已受理。工作日从明天算起。"))
    return redirect("cases:application", found.id)


@require_POST
@permission("cases.verify", PERMISSIONS["cases.verify"])
def verify(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Ask every source about the family."""
    found = application_for(actor_of(request), application_id)
    verify_application(actor=actor_of(request), at=now(), application=found.id, rulebook=rulebook_for(found))
    messages.success(request, _("核对完成。下一步：计算系统建议。"))
    return redirect("cases:application", found.id)


@require_POST
@permission("cases.assess", PERMISSIONS["cases.assess"])
def calculate(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Ask the engine, and show what it proposes."""
    found = application_for(actor_of(request), application_id)
    assess(actor=actor_of(request), at=now(), application=found.id, rulebook=rulebook_for(found))
    return redirect("cases:decision", found.id)


@permission("cases.return", PERMISSIONS["cases.return"])
def send_back(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Return for what is missing: everything named at once."""
    found = application_for(actor_of(request), application_id)
    form = ReasonForm(
        posted(request),
        label=_("缺什么、怎么补"),
        help_text=_("一次写全。申请人会看到这段话。"),
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return_application(actor=actor_of(request), at=now(), application=found.id, reason=reason)
        messages.success(request, _("已退回补正。补齐后可以继续办理，期限不重新计算。"))
        return redirect("cases:application", found.id)
    looked(request, found, "cases.open_application")
    return render(request, "cases/return.html", {"application": found, "form": form})


@permission("cases.enter", PERMISSIONS["cases.enter"])
def supplement(request: HttpRequest, application_id: UUID, person_id: UUID | None = None) -> HttpResponse:
    """What the family has told since the application, of itself or of one member: the declared facts, asked again."""
    found = application_for(actor_of(request), application_id)
    rulebook = rulebook_for(found)
    whose = _member(found, person_id) if person_id is not None else ""
    household = [fact for topic in FACT_TOPICS for fact in asked_in(rulebook, topic)]
    facts = asked_of_person(rulebook) if person_id is not None else household
    form = FactsForm(posted(request), facts=facts, lang=language(), partial=True)
    if request.method == "POST" and form.is_valid():
        declared = form.declared()
        supplement_application(
            actor=actor_of(request), at=now(), application=found.id, declared=declared, person=person_id
        )
        messages.success(request, _("已补充。请重新计算系统建议。"))
        return redirect("cases:application", found.id)
    looked(request, found, "cases.open_application")
    context = {"application": found, "form": form, "whose": whose, "held": _held(found, facts, person_id)}
    return render(request, "cases/supplement.html", context)


def _held(found: Application, facts: Sequence[FactDefinition], person: UUID | None) -> list[tuple[str, str]]:
    """What is on record of these facts, in words."""
    if person is None:
        said = declared_on(found.household_id, found.applied_on, found.number)
    else:
        asking = (person, found.number)
        said = declared_of_persons([asking], found.applied_on).get(asking, {})
    return [
        (fact.label[language()], in_words(fact, said[fact.qualified], language())[0])
        for fact in facts
        if fact.qualified in said
    ]


def _member(found: Application, person: UUID) -> str:
    """The member's name; Missing for anybody else."""
    for row in members(found.household_id, found.applied_on):
        if row.person_id == person:
            return row.person.name or row.person.number_masked
    raise Missing("cases.no_such_member", _("这份申请里没有这个人。请从申请页重新打开。"))


def looked(request: HttpRequest, found: Application, verb: str) -> None:
    """The look goes on record before anything is answered."""
    subjects = [("application", found.id), ("household", found.household_id)]
    record_look(actor=about(request, found.household_id), verb=verb, subjects=subjects, at=now())
