"""Pages of looking beyond the usual: saying what for, emergency looks and their review, the pages of a role."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.accounts.access import LOOKING_KEY, PURPOSES_KEY, actor_of, emergencies_for
from doudi.accounts.actions import begin_emergency, begin_viewing, end_emergency, end_viewing, review_emergency
from doudi.accounts.logic.policy import FULL
from doudi.accounts.logic.roles import POLICY
from doudi.accounts.looking_forms import EmergencyForm, FindingForm, ViewAsForm
from doudi.areas.queries import names_of
from doudi.audit.access import note_caught
from doudi.audit.actions import record_look
from doudi.audit.queries import looks_of
from doudi.audit.queries.words import WORDS
from doudi.core.access import permission, reading, signed_in
from doudi.core.actor import EMERGENCY, VIEWING, Actor
from doudi.core.clock import now
from doudi.core.errors import DoudiError, Forbidden, Malformed, Missing
from doudi.core.purpose_form import PurposeForm

MOST_KEPT = 40
LINES_A_PAGE = 30
FIELDS_OF = {
    "accounts.emergency_area": "area",
    "accounts.emergency_needless": "area",
    "accounts.emergency_fields": "fields_opened",
    "accounts.emergency_reason": "reason",
}


@signed_in
@reading
def purpose(request: HttpRequest) -> HttpResponse:
    """What for; on record before anything opens, good for this family (or department) and some minutes."""
    actor, family = actor_of(request), _family(request)
    names, minutes = _offered(actor, family) if not actor.mode else ((), 0)
    if not names:
        raise Forbidden("accounts.nothing_to_open", _("您现在的身份没有要说明用途才能看的内容。"))
    choices = [(name, POLICY.purposes[name][_lang()]) for name in names]
    form = PurposeForm(request.POST if request.method == "POST" else None, purposes=choices)
    if request.method == "POST" and form.is_valid():
        _state(request, actor, family, form.cleaned_data["purpose"], form.cleaned_data["note"], minutes)
        return redirect(_next(request))
    context = {"form": form, "family": family, "minutes": minutes, "next": _next(request)}
    return render(request, "accounts/purpose.html", context, status=400 if form.is_bound else 200)


def _offered(actor: Actor, family: UUID | None) -> tuple[tuple[str, ...], int]:
    """The purposes that open something for the actor, and for how many minutes."""
    if family is None:
        across = POLICY.is_across(actor.department)
        return (tuple(POLICY.purposes) if across else (), POLICY.across_minutes)
    fields = [one for one in POLICY.fields.values() if one.asks and POLICY.sight(actor.role, one.name) == FULL]
    names = tuple(name for name in POLICY.purposes if any(name in one.asks for one in fields))
    return names, min((one.minutes for one in fields), default=0)


def _state(request: HttpRequest, actor: Actor, family: UUID | None, name: str, note: str, minutes: int) -> None:
    at = now()
    subjects = [("household", family)] if family is not None else []
    record_look(
        actor=replace(actor, purpose=name), verb="accounts.state_purpose", subjects=subjects, at=at, reason=note
    )
    kept: dict[str, list[str]] = request.session.get(PURPOSES_KEY, {})
    kept.pop(f"{actor.grant_id}:{family or ''}", None)
    kept[f"{actor.grant_id}:{family or ''}"] = [name, (at + timedelta(minutes=minutes)).isoformat()]
    request.session[PURPOSES_KEY] = dict(list(kept.items())[-MOST_KEPT:])


def _family(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("about", ""))
    except ValueError:
        return None


def _next(request: HttpRequest) -> str:
    target = request.GET.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "/"


@permission("accounts.emergency", POLICY.holders("accounts.emergency"))
def begin(request: HttpRequest) -> HttpResponse:
    """The form of an emergency look: where, what, why. From here on the session sees there and writes nothing."""
    actor, lang = actor_of(request), _lang()
    fields = [(name, one.label[lang]) for name, one in POLICY.fields.items() if one.emergency]
    form = EmergencyForm(request.POST if request.method == "POST" else None, fields=fields)
    if request.method == "POST" and form.is_valid():
        try:
            look = begin_emergency(actor=actor, at=now(), **form.cleaned_data)
        except DoudiError as error:
            note_caught(request, error)
            form.add_error(FIELDS_OF.get(error.code), str(error.message))
        else:
            request.session[LOOKING_KEY] = {"mode": EMERGENCY, "grant": actor.grant_id, "look": str(look.id)}
            return redirect("/")
    context = {"form": form, "policy": POLICY.emergency}
    return render(request, "accounts/emergency.html", context, status=400 if form.is_bound else 200)


@permission("accounts.view_as", POLICY.holders("accounts.view_as"))
def view_as(request: HttpRequest) -> HttpResponse:
    """Choosing the role whose pages are to be seen."""
    actor = actor_of(request)
    form = ViewAsForm(request.POST if request.method == "POST" else None, roles=POLICY.view_as.roles)
    if request.method == "POST" and form.is_valid():
        role, at = form.cleaned_data["role"], now()
        begin_viewing(actor=actor, at=at, role=role)
        until = (at + timedelta(minutes=POLICY.view_as.minutes)).isoformat()
        request.session[LOOKING_KEY] = {"mode": VIEWING, "grant": actor.grant_id, "role": role, "until": until}
        return redirect("/")
    context = {"form": form, "minutes": POLICY.view_as.minutes}
    return render(request, "accounts/view_as.html", context, status=400 if form.is_bound else 200)


@require_POST
@signed_in
@reading
def end(request: HttpRequest) -> HttpResponse:
    """Back to one's own grant."""
    base: Actor | None = getattr(request, "base_actor", None)
    kept = request.session.pop(LOOKING_KEY, None)
    if base is not None and kept and kept["mode"] == EMERGENCY:
        end_emergency(actor=base, at=now(), look=UUID(kept["look"]))
    elif base is not None and kept:
        end_viewing(actor=base, at=now(), role=kept["role"])
    return redirect("/")


@permission("accounts.review_emergency", POLICY.holders("accounts.review_emergency"))
def emergencies_page(request: HttpRequest) -> HttpResponse:
    """Emergency looks at the reader's area (of all areas for who guards access), those to be reviewed first."""
    actor = actor_of(request)
    record_look(actor=actor, verb="accounts.list_emergencies", subjects=[], at=now())
    page = Paginator(emergencies_for(actor), LINES_A_PAGE).get_page(request.GET.get("page"))
    names = names_of(look.area_code for look in page)
    lines = [(look, names[look.area_code]) for look in page]
    return render(request, "accounts/emergencies.html", {"page": page, "lines": lines, "now": now()})


@permission("accounts.review_emergency", POLICY.holders("accounts.review_emergency"))
def emergency(request: HttpRequest, look: UUID) -> HttpResponse:
    """One emergency look: who, where, why, what was opened; POST closes it with a finding."""
    actor = actor_of(request)
    found = emergencies_for(actor).filter(pk=look).first()
    if found is None:
        raise Missing("accounts.no_such_emergency", _("没有这次应急查看，或者它不在您的辖区。"))
    record_look(actor=actor, verb="accounts.read_emergency", subjects=[("emergency", found.id)], at=now())
    form = FindingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            review_emergency(actor=actor, at=now(), look=found.id, **form.cleaned_data)
        except Malformed as error:
            form.add_error("remark", str(error.message))
        else:
            return redirect("accounts:emergencies")
    lang = _lang()
    context = {
        "look": found,
        "place": names_of([found.area_code])[found.area_code],
        "opened": [POLICY.fields[name].label[lang] for name in found.opened if name in POLICY.fields],
        "seen": looks_of(str(found.account_id), EMERGENCY, found.begun_at, found.over_at),
        "words": WORDS,
        "form": form,
        "own": str(found.account_id) == actor.account_id,
    }
    return render(request, "accounts/emergency_look.html", context, status=400 if form.is_bound else 200)


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"
