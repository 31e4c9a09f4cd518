"""The application form: one topic a page, kept in an encrypted draft, checked before it is handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from doudi.accounts.logic.roles import PERMISSIONS
from doudi.audit.access import note_caught
from doudi.audit.actions import record_look
from doudi.cases.access import draft_for
from doudi.cases.actions import discard_draft, save_draft, submit_draft
from doudi.cases.forms import ApplicantForm, AuthorisationsForm, FactsForm, MembersForm
from doudi.cases.forms.facts import initial_of
from doudi.cases.logic.wizard import FACT_TOPICS, TOPICS, Answers, Someone, asked_in, entry_of, to_data
from doudi.cases.models import Draft
from doudi.cases.queries.doubles import Double, doubles_of_form
from doudi.cases.queries.drafts import answers_of, drafts_of, household_of_number, named_in, somebody
from doudi.cases.queries.said import in_words
from doudi.cases.views.asking import actor_of, language, posted
from doudi.core.access import permission
from doudi.core.clock import now, today
from doudi.core.errors import DoudiError, Missing, Refused
from doudi.registry.access import household_for
from doudi.rulebook.queries import current, current_edition

TITLES = {
    "applicant": gettext_lazy("谁来申请"),
    "members": gettext_lazy("和谁一起生活"),
    "income": gettext_lazy("有哪些收入"),
    "spending": gettext_lazy("有哪些支出"),
    "obligors": gettext_lazy("有没有义务人"),
    "authorisations": gettext_lazy("谁签了授权书"),
    "check": gettext_lazy("核对一遍"),
}
Saved = tuple[django_forms.Form, Answers | None]
ENTER = PERMISSIONS["cases.enter"]


@permission("cases.enter", ENTER)
def begin(request: HttpRequest) -> HttpResponse:
    """What is needed, forms begun earlier; POST begins a new one."""
    actor = actor_of(request)
    if request.method == "POST":
        draft = save_draft(actor=actor, at=now(), draft=None, answers=to_data(Answers()))
        return redirect("cases:topic", draft.id, TOPICS[0])
    kept = [(draft, answers_of(draft)) for draft in drafts_of(actor)[:20]]
    subjects = [*(("draft", draft.id) for draft, _answers in kept), *named_in(answers for _draft, answers in kept)]
    record_look(actor=actor, verb="cases.list_drafts", subjects=subjects, at=now())
    return render(request, "cases/begin.html", {"drafts": kept})


@require_POST
@permission("cases.enter", ENTER)
def begin_for(request: HttpRequest, household: UUID) -> HttpResponse:
    """Begin a form for a register household; Forbidden where the actor does not see it."""
    actor = actor_of(request)
    found = household_for(actor, household)
    if found.kind != "hukou" or not found.number:
        raise Refused("cases.no_household_number", _("这一家庭没有户号，不能从这里登记。请在申请里点“登记新申请”。"))
    record_look(actor=actor, verb="cases.find_household", subjects=[("household", found.id)], at=now())
    begun = Answers(household_number=found.number)
    draft = save_draft(actor=actor, at=now(), draft=None, answers=to_data(begun))
    return redirect("cases:topic", draft.id, TOPICS[0])


@permission("cases.enter", ENTER)
def topic(request: HttpRequest, draft_id: UUID, topic: str) -> HttpResponse:
    """One topic; POST keeps its answers and goes on to the next."""
    actor = actor_of(request)
    draft = draft_for(actor, draft_id)
    if topic not in TOPICS:
        raise Missing("cases.no_such_topic", _("申请表没有这一页。请从申请列表重新打开。"))
    answers = answers_of(draft)
    is_due = all(name in answers.done for name in TOPICS[: TOPICS.index(topic)])
    doubles = doubles_of_form(answers, actor, language()) if topic == "check" and is_due else ()
    subjects = [("draft", draft.id), *named_in([answers]), *(("application", one.application) for one in doubles)]
    record_look(actor=actor, verb="cases.open_draft", subjects=subjects, at=now())
    if not is_due:
        return redirect("cases:topic", draft.id, answers.next_topic())
    if topic == "check":
        return _check(request, draft, answers, doubles)
    form, kept = PAGES[topic](request, answers, topic)
    if kept is not None:
        kept = replace(kept, done=tuple(dict.fromkeys([*kept.done, topic])))
        save_draft(actor=actor, at=now(), draft=draft, answers=to_data(kept))
        return redirect("cases:topic", draft.id, kept.next_topic())
    return render(request, "cases/topic.html", _context(draft, answers, topic) | {"form": form})


@require_POST
@permission("cases.enter", ENTER)
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw a form away."""
    actor = actor_of(request)
    discard_draft(actor=actor, at=now(), draft=draft_for(actor, draft_id))
    messages.success(request, _("草稿已删除，什么也没有提交。"))
    return redirect("cases:list")


def _check(request: HttpRequest, draft: Draft, answers: Answers, doubles: tuple[Double, ...]) -> HttpResponse:
    """All answers on one page, with open applications that name the same people; POST hands the form in."""
    fault = ""
    if request.method == "POST":
        try:
            made = submit_draft(actor=actor_of(request), at=now(), draft=draft, entry=entry_of(answers))
        except DoudiError as error:
            note_caught(request, error)
            fault = str(error.message)
        else:
            return redirect("cases:entered", made.id)
    context = _context(draft, answers, "check") | {
        "facts": _facts_said(request, answers), "fault": fault, "doubles": doubles,
    }  # fmt: skip
    return render(request, "cases/check.html", context, status=409 if fault else 200)


def _facts_said(request: HttpRequest, answers: Answers) -> list[tuple[str, str, str]]:
    """(topic, question, answer in words) of the facts asked."""
    lang, said = language(), []
    rulebook = current(actor_of(request).area, answers.applied_on or today())
    for name in FACT_TOPICS:
        for fact in asked_in(rulebook, name):
            said.append((name, fact.label[lang], in_words(fact, answers.facts.get(fact.qualified), lang)[0]))
    return said


def _context(draft: Draft, answers: Answers, topic: str) -> dict[str, object]:
    place = TOPICS.index(topic)
    return {
        "draft": draft,
        "answers": answers,
        "topic": topic,
        "title": TITLES[topic],
        "place": place + 1,
        "of": len(TOPICS),
        "before": TOPICS[place - 1] if place else "",
        "topics": [(name, TITLES[name], name in answers.done) for name in TOPICS],
    }


def _applicant(request: HttpRequest, answers: Answers, topic: str) -> Saved:
    day = today()
    initial = {"applied_on": answers.applied_on or day, "household_number": answers.household_number}
    form = ApplicantForm(posted(request), initial=initial, today=day, known=answers.applicant)
    if request.method != "POST" or not form.is_valid():
        return form, None
    data = form.cleaned_data
    applicant = somebody(data["applicant"]) if data["applicant"] else answers.applicant
    register = _looked_up(request, data["household_number"], form)
    _is_ruled(request, form)
    if form.errors or applicant is None:
        return form, None
    if (applicant, data["household_number"]) == (answers.applicant, answers.household_number):
        return form, replace(answers, applied_on=data["applied_on"], register=register)
    return form, replace(
        answers,
        applied_on=data["applied_on"],
        household_number=data["household_number"],
        applicant=applicant,
        register=register,
        members=(),
        signed=(),
        done=tuple(name for name in answers.done if name not in ("members", "authorisations")),
    )


def _is_ruled(request: HttpRequest, form: ApplicantForm) -> None:
    """A day before any rules in force is said here: the pages after this one ask what those rules need."""
    try:
        current_edition(actor_of(request).area, form.cleaned_data["applied_on"])
    except Missing:
        form.add_error("applied_on", _("这一天这里还没有施行的规则。请核对申请日期；日期没错就请系统管理员发布规则。"))


def _looked_up(request: HttpRequest, number: str, form: ApplicantForm) -> tuple[Someone, ...]:
    """The household's people, so that nothing is entered twice; one that cannot be found is said."""
    if not number:
        return ()
    actor = actor_of(request)
    found = household_of_number(actor, number, form.cleaned_data["applied_on"])
    subjects = [("household", found.household)] if found else []
    record_look(actor=actor, verb="cases.find_household", subjects=subjects, at=now())
    if found is None:
        form.add_error("household_number", _("您的辖区里没有这个户号。请核对户口簿；确实没有就空着。"))
    return found.people if found else ()


def _members(request: HttpRequest, answers: Answers, topic: str) -> Saved:
    people = _choices(answers)
    chosen = answers.members or people
    ticked = [str(place) for place, one in enumerate(people) if one in chosen]
    form = MembersForm(posted(request), initial={"members": ticked}, people=people)
    if request.method != "POST" or not form.is_valid():
        return form, None
    kept = [people[int(place)] for place in form.cleaned_data["members"]]
    known = {one.number for one in kept}
    kept += [somebody(number) for number in form.cleaned_data["others"] if number not in known]
    signed = tuple(number for number in answers.signed if number in {one.number for one in kept})
    done = tuple(name for name in answers.done if name != "authorisations")
    return form, replace(answers, members=tuple(kept), signed=signed, done=done)


def _choices(answers: Answers) -> tuple[Someone, ...]:
    """The applicant, the register household, and whoever was added by number."""
    people = {one.number: one for one in (*answers.register, *answers.members)}
    if answers.applicant is not None and answers.applicant.number not in people:
        people = {answers.applicant.number: answers.applicant} | people
    return tuple(people.values())


def _facts(request: HttpRequest, answers: Answers, topic: str) -> Saved:
    lang = language()
    facts = asked_in(current(actor_of(request).area, answers.applied_on or today()), topic)
    initial = initial_of(facts, answers.facts)
    form = FactsForm(posted(request), initial=initial, facts=facts, lang=lang)
    if request.method != "POST" or not form.is_valid():
        return form, None
    return form, replace(answers, facts={**answers.facts, **form.declared()})


def _authorisations(request: HttpRequest, answers: Answers, topic: str) -> Saved:
    adults = answers.adults()
    ticked = [str(place) for place, one in enumerate(adults) if one.number in answers.signed]
    form = AuthorisationsForm(posted(request), initial={"signed": ticked}, people=adults)
    if request.method != "POST" or not form.is_valid():
        return form, None
    return form, replace(answers, signed=tuple(adults[int(place)].number for place in form.cleaned_data["signed"]))


PAGES: dict[str, Callable[[HttpRequest, Answers, str], Saved]] = {
    "applicant": _applicant,
    "members": _members,
    "income": _facts,
    "spending": _facts,
    "obligors": _facts,
    "authorisations": _authorisations,
}
