"""The pages of drafts: the list, a new one, one draft with everything that is known of it, and its simple acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from doudi.accounts.access import may
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.areas.queries import children
from doudi.core.access import permission
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Malformed, Refused, Stale
from doudi.engine.quantities import Rulebook
from doudi.rulebook import actions
from doudi.rulebook.access import draft_for, drafts_visible_to
from doudi.rulebook.forms import DayForm, OpenForm, ReasonForm
from doudi.rulebook.lifecycle import OPEN
from doudi.rulebook.logic.checking import Trial, try_examples
from doudi.rulebook.models import Draft
from doudi.rulebook.queries import files_with
from doudi.rulebook.queries.pages import DraftPage, definitions_for, draft_page
from doudi.rulebook.views.asking import actor_of, area_name, language, names_apart

READ, EDIT, APPROVE = (PERMISSIONS[f"rulebook.{name}"] for name in ("drafts", "edit", "approve"))
A_PAGE = 30
STANDARD_FILES = ("parameters.yaml", "rules.yaml", "programmes.yaml", "examples.yaml", "outputs.yaml")


@permission("rulebook.drafts", READ)
def listing(request: HttpRequest) -> HttpResponse:
    """Drafts of the reader's area: what waits first, then what has ended."""
    actor = actor_of(request)
    rows = drafts_visible_to(actor)
    open_ones = list(rows.filter(state__in=OPEN))
    page = Paginator(rows.exclude(state__in=OPEN), A_PAGE).get_page(request.GET.get("page"))
    for row in [*open_ones, *page]:
        row.place_name = area_name(row.place)  # type: ignore[attr-defined]
    context = {
        "troubled": [row for row in open_ones if row.problems],
        "open": [row for row in open_ones if not row.problems],
        "page": page,
        "may_edit": may(actor, "rulebook.edit"),
        "sees_drafts": True,
    }
    return render(request, "rulebook/drafts.html", context)


@permission("rulebook.edit", EDIT)
def begin(request: HttpRequest) -> HttpResponse:
    """A new draft on what is in force."""
    actor = actor_of(request)
    form = OpenForm(request.POST if request.method == "POST" else None, places=places_for(actor))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        draft = actions.open_draft(actor=actor, at=now(), place=said["place"], title=said["title"])
        wanted = request.GET.get("parameter", "")
        if wanted.isidentifier():
            return redirect("rulebook:value", draft.id, wanted)
        return redirect("rulebook:draft", draft.id)
    return render(request, "rulebook/draft_new.html", {"form": form}, status=400 if form.is_bound else 200)


@permission("rulebook.drafts", READ)
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """One draft: what it changes, whether it checks, what it would do, what comes next. `?try=1` runs the examples."""
    found = draft_for(actor_of(request), draft_id)
    return shown(request, found, DayForm(initial=_said(found)), tried=request.GET.get("try") == "1")


def shown(
    request: HttpRequest, found: Draft, day_form: DayForm, *, tried: bool = False, reason_form: ReasonForm | None = None
) -> HttpResponse:
    """The page of a draft, with what was typed into its forms."""
    page = draft_page(found, actor_of(request), language(), area_name, names_apart)
    trial: Trial | None = None
    if tried and not page.faults:
        trial = try_examples(files_with(found), found.place)
    context = {
        "page": page,
        "draft": found,
        "place_name": area_name(found.place),
        "not_reckoned": list(names_apart(page.not_reckoned).values()),
        "area_names": names_apart(one.area for one in page.values),
        "lang": language(),
        "labels": _labels(found),
        "standard_files": STANDARD_FILES,
        "may_ask": found.state in OPEN and may(actor_of(request), "rulebook.drafts"),
        "day_form": day_form,
        "reason_form": reason_form or ReasonForm(),
        "trial": trial,
        **_tried_from(found, page, trial),
    }
    wrong = day_form.is_bound or (reason_form is not None and reason_form.is_bound)
    return render(request, "rulebook/draft.html", context, status=400 if wrong else 200)


def _tried_from(found: Draft, page: DraftPage, trial: Trial | None) -> dict[str, object]:
    """From which day the change is felt, and how many examples are dated then or later."""
    days = [day for day in (found.effective_on, page.changes and page.changes.first_day) if day]
    if trial is None or found.effective_on is None or not days:
        return {}
    felt = found.effective_on if page.changes and page.changes.words else max(days)
    only_figures = bool(page.changes and page.changes.values and not page.changes.words)
    return {"felt_from": felt, "tried_after": trial.dated_from(felt), "only_figures": only_figures}


@permission("rulebook.edit", EDIT)
@require_POST
def day(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """What it is about and its first day."""
    actor = actor_of(request)
    found = draft_for(actor, draft_id)
    form = DayForm(request.POST)
    if not form.is_valid():
        return shown(request, found, form)
    said = form.cleaned_data
    try:
        actions.set_day(
            actor=actor, at=now(), draft=draft_id, title=said["title"], effective_on=said["effective_on"],
            past_reason=said["past_reason"], expected=request.POST.get("seen", ""),
        )  # fmt: skip
    except (Refused, Stale) as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("存好了。"))
    return redirect("rulebook:draft", draft_id)


@permission("rulebook.drafts", READ)
@require_POST
def impact(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Have the impact worked out; the answer comes in the background."""
    try:
        actions.ask_impact(actor=actor_of(request), at=now(), draft=draft_id)
    except Refused as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("正在测算。算好后这一页会显示结果，请过一会儿刷新。"))
    return redirect("rulebook:draft", draft_id)


SIMPLE: dict[str, tuple[Callable[..., object], Promise]] = {
    "submit": (actions.submit_draft, gettext_lazy("已提交，等另一位同事批准。")),
    "withdraw": (actions.withdraw_draft, gettext_lazy("已撤回，可以接着改。")),
    "discard": (actions.discard_draft, gettext_lazy("已作废。")),
    "take_over": (actions.take_over_draft, gettext_lazy("已接手，可以改了。")),
    "renew": (actions.renew_draft, gettext_lazy("已换到最新版本上。请再检查一遍。")),
}


@permission("rulebook.edit", EDIT)
@require_POST
def act(request: HttpRequest, draft_id: UUID, move: str) -> HttpResponse:
    """Submit, withdraw, discard, take over, bring onto the newest version."""
    if move not in SIMPLE:
        raise Malformed("rulebook.unknown_move", _("没有这个操作。请从草稿页重新办理。"))
    action, done = SIMPLE[move]
    options = {"seen": request.POST.get("seen", "")} if move == "submit" else {}
    try:
        action(actor=actor_of(request), at=now(), draft=draft_id, **options)
    except (Refused, Stale) as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, str(done))
    return redirect("rulebook:draft", draft_id)


@permission("rulebook.approve", APPROVE)
@require_POST
def decide(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The second person: approve and publish, or return with a reason."""
    actor, at = actor_of(request), now()
    found = draft_for(actor, draft_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return shown(request, found, DayForm(initial=_said(found)), reason_form=form)
    reason, approves = form.cleaned_data["reason"], request.POST.get("act") == "approve"
    try:
        if approves:
            actions.approve_draft(actor=actor, at=at, draft=draft_id, seen=request.POST.get("seen", ""), note=reason)
        else:
            actions.return_draft(actor=actor, at=at, draft=draft_id, reason=reason)
    except (Refused, Stale, Malformed) as error:
        of_reason = error.code in ("rulebook.reason_missing", "rulebook.impact_failed")
        form.add_error("reason" if of_reason else None, str(error.message))
        return shown(request, found, DayForm(initial=_said(found)), reason_form=form)
    messages.success(
        request, _("已批准。到施行日期起按新规则办。") if approves else _("已退回，起草人会看到您的理由。")
    )
    return redirect("rulebook:draft", draft_id)


def places_for(actor: Actor) -> list[tuple[str, str]]:
    """The places an officer may draft for: their own area, then those directly below."""
    below = [(one.code, one.name) for one in children(actor.area)]
    return [(actor.area, area_name(actor.area)), *below] if actor.area else below


def _labels(found: Draft) -> dict[str, str]:
    """What figures, rules, facts and the codes of facts are called."""
    rulebook = definitions_for(found)
    return words_of(rulebook) if rulebook is not None else {}


def words_of(rulebook: Rulebook) -> dict[str, str]:
    """What everything in a rulebook is called in the reader's language."""
    lang = language()
    named = {code: words[lang] for fact in rulebook.facts.values() for code, words in fact.codes.items()}
    named |= {name: fact.label[lang] for name, fact in rulebook.facts.items()}
    named |= {name: quantity.label[lang] for name, quantity in rulebook.quantities.items()}
    return named | {name: one.label[lang] for name, one in rulebook.parameters.items()}


def _said(found: Draft) -> dict[str, str | date | None]:
    return {"title": found.title, "effective_on": found.effective_on, "past_reason": found.past_reason}
