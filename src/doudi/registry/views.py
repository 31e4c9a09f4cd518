"""A masked number in full: asked for with a purpose, on record before the answer, shown once, masked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from doudi.accounts.access import may_reveal, may_see
from doudi.accounts.logic.policy import Reveal
from doudi.accounts.logic.roles import PERMISSIONS, POLICY
from doudi.audit.actions import record_look
from doudi.audit.queries import looks_since
from doudi.core.access import permission, reading
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import Forbidden, Missing, Refused
from doudi.core.purpose_form import PurposeForm
from doudi.registry.access import bank_account_for, person_for
from doudi.registry.logic.minors import is_minor
from doudi.registry.models import Person
from doudi.registry.queries import households_of, number_of
from doudi.registry.queries.revealing import account_number_of, one_at_a_time

VERBS = {"identity_number": "registry.reveal_number", "bank": "registry.reveal_account"}
HOUR = timedelta(hours=1)
TOO_MANY = gettext_lazy("一小时里看的完整号码太多了。请过一会儿再看，或请负责人协助。")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A masked number with the way to the whole one."""

    field: str
    person: Person
    masked: str
    subjects: tuple[tuple[str, object], ...]
    full: Callable[[], str | None]


@permission("registry.read", PERMISSIONS["registry.read"])
@reading
def number(request: HttpRequest, person: UUID) -> HttpResponse:
    """The identity number of a person."""
    found = person_for(_actor(request), person)
    subjects = (("person", found.id),)
    hidden = Hidden("identity_number", found, found.number_masked, subjects, lambda: number_of(found))
    return _page(request, hidden)


@permission("registry.read", PERMISSIONS["registry.read"])
@reading
def account(request: HttpRequest, account: UUID) -> HttpResponse:
    """The number of a bank account."""
    found = bank_account_for(_actor(request), account)
    subjects = (("person", found.person_id), ("bank_account", found.id))
    hidden = Hidden("bank", found.person, found.number_masked, subjects, lambda: account_number_of(found))
    return _page(request, hidden)


def _page(request: HttpRequest, hidden: Hidden) -> HttpResponse:
    """GET asks what for; POST with a purpose shows the number once, and the browser goes back to the mask by itself."""
    actor, reveal = _actor(request), _right(_actor(request), hidden)
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    purposes = [(name, POLICY.purposes[name][lang]) for name in reveal.purposes]
    form = PurposeForm(request.POST if request.method == "POST" else None, purposes=purposes)
    context = {
        "hidden": hidden,
        "form": form,
        "label": POLICY.fields[hidden.field].label[lang],
        "reveal": reveal,
        "families": list(households_of(hidden.person.id, today())),
    }
    if request.method != "POST" or not form.is_valid():
        record_look(actor=actor, verb="registry.ask_number", subjects=hidden.subjects, at=now())
        status = 400 if form.is_bound else 200
        return render(request, "registry/reveal.html", context, status=status)
    shown = _shown(actor, hidden, reveal, form.cleaned_data["purpose"], form.cleaned_data["note"])
    answer = render(request, "registry/reveal.html", context | {"shown": shown})
    answer["Refresh"] = f"{reveal.seconds}; url={request.path}"
    return answer


def _right(actor: Actor, hidden: Hidden) -> Reveal:
    """The right to have this number shown; Forbidden without it."""
    reveal = POLICY.fields[hidden.field].reveal
    if reveal is None or not may_reveal(actor, hidden.field):
        raise Forbidden("registry.no_reveal", _("您现在的身份看不到完整号码。请联系经办人员。"))
    if is_minor(hidden.person.born_on, today()) and not may_see(actor, "minors"):
        raise Forbidden("registry.no_reveal_of_minors", _("您现在的身份看不到未成年人的完整号码。请联系经办人员。"))
    return reveal


def _shown(actor: Actor, hidden: Hidden, reveal: Reveal, purpose: str, note: str) -> str:
    """The number, after the look is on record; not more often than the policy lets one."""
    at = now()
    # in an emergency the log keeps that purpose, by which the look is reviewed
    who = actor if actor.mode else replace(actor, purpose=purpose)
    reason = f"{purpose} {note}".strip() if actor.mode else note
    with one_at_a_time(actor.account_id):
        if looks_since(actor.account_id, VERBS.values(), at - HOUR) >= reveal.most_an_hour:
            raise Refused(
                "registry.too_many_reveals", _("一小时里看的完整号码太多了。请过一会儿再看，或请负责人协助。")
            )
        record_look(actor=who, verb=VERBS[hidden.field], subjects=hidden.subjects, at=at, reason=reason)
    full = hidden.full()
    if full is None:
        raise Missing("registry.no_number", _("没有登记号码。"))
    return full


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
