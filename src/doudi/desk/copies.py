"""A resident's copy of own data, at the window: who says what since when, who looked, handed out as PDF or JSON; and
what the resident says is wrong.

It opens once the clerk has said how the person was known. On the screen numbers are masked; whole they are on what is
handed out, through the one door, so many times a day and account.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.accounts.access import actor_of, may_see
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.accounts.models import ROLE_LABELS
from doudi.areas.queries import name_path
from doudi.audit.actions import record_look
from doudi.core.access import permission
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import Forbidden, Malformed
from doudi.desk.forms import AnswerForm, NoteForm
from doudi.desk.queries import words
from doudi.documents.queries import pdf
from doudi.exports.access import PERSONAL, Export, Prepared, export
from doudi.exports.logic.marks import Mark
from doudi.keeping.actions import answer_note, note_correction
from doudi.keeping.logic.duties import CopyLine, CopySection, copy_sections
from doudi.keeping.queries import Looked, notes_of, who_looked
from doudi.lib.masks import masked
from doudi.registry.access import person_for
from doudi.registry.models import Person

TEMPLATE = "desk/copy"
HOW = ("identity_card", "hukou_book", "agent")
"""How the person was known at the window: own card, household book, or an agent with both cards and a letter."""
KNOWN_KEY, KNOWN_FOR = "copies_known", datetime.timedelta(minutes=30)
"""Where a session keeps how somebody was known, and for how long the copy stays open on it."""
COPY = Export("desk.hand_out_copy", PERSONAL, ("pdf", "json"), own=True)
LOOKERS = {**ROLE_LABELS, "service": gettext_lazy("其他部门的系统"), "system": gettext_lazy("系统命令行")}
"""Posts as residents are told them."""
LOOKS_A_PAGE = 50
window_only = permission("keeping.copy", PERMISSIONS["keeping.copy"])


@dataclass(frozen=True, slots=True)
class Copy:
    """Everything of one person, as told to that person."""

    person: Person
    sections: list[CopySection]
    looks: list[Looked]


def _copy(person: Person, on: datetime.date) -> Copy:
    known = words(person.area_code, on, get_language() or "")
    sections = sorted(copy_sections.collect(person.id, on, known), key=lambda section: section.order)
    return Copy(person, sections, who_looked(person.id))


def at_the_window(request: HttpRequest, person: UUID) -> tuple[Actor, Person]:
    """Who sits there and whose copy it is; Forbidden in an emergency look and while a role is viewed."""
    actor = actor_of(request)
    if actor.reads_only:
        raise Forbidden("desk.no_copy_in_a_look", _("应急查看或预览角色时不能打开本人信息副本。请先回到自己的身份。"))
    return actor, person_for(actor, person)


@window_only
def copy_page(request: HttpRequest, person: UUID) -> HttpResponse:
    """The copy on the screen, for the clerk and the resident to go through together; first how the person was known."""
    actor, found = at_the_window(request, person)
    if request.method == "POST":
        _keep_known(request, actor, found)
        return redirect("desk:copy", person=found.id)
    how = _known(request, actor, found)
    if not how:
        return render(request, "desk/copy_ask.html", {"person": found})
    record_look(actor=actor, verb="desk.open_copy", subjects=[("person", found.id)], at=now(), reason=how)
    copy = _copy(found, today())
    titles = [section.title for section in copy.sections]
    seen = [replace(section, lines=tuple(_seen(actor, line) for line in section.lines)) for section in copy.sections]
    context = {
        "copy": replace(copy, sections=seen), "roles": LOOKERS, "note_form": NoteForm(parts=titles), "how": how,
        "answer_form": AnswerForm(), "notes": notes_of(found.id), "on": today(),
        "page": Paginator(copy.looks, LOOKS_A_PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    return render(request, "desk/copy.html", context)


def _keep_known(request: HttpRequest, actor: Actor, person: Person) -> None:
    """How the person was known, kept with the session for a while: under this grant, for this person."""
    how = request.POST.get("how", "")
    if how not in HOW:
        raise Malformed("desk.how_known_first", _("请先选怎样核实的身份，再打开副本。"))
    at = now()
    kept = {key: held for key, held in request.session.get(KNOWN_KEY, {}).items() if held[1] > at.isoformat()}
    request.session[KNOWN_KEY] = kept | {f"{actor.grant_id}:{person.id}": (how, (at + KNOWN_FOR).isoformat())}


def _known(request: HttpRequest, actor: Actor, person: Person) -> str:
    how, until = request.session.get(KNOWN_KEY, {}).get(f"{actor.grant_id}:{person.id}", ("", ""))
    return str(how) if until > now().isoformat() else ""


def _seen(actor: Actor, line: CopyLine) -> CopyLine:
    """A line as the policy lets the clerk see it; a number that stands in a text is masked, too."""
    if line.kind and may_see(actor, line.kind):
        return line
    return replace(line, content=line.masked or masked(line.content))


@window_only
@export(COPY)
def hand_out(request: HttpRequest, person: UUID) -> Prepared:
    """The file, with whole numbers; `?how=` says how the person was known, `?form=` whether on paper or as data."""
    actor, found = at_the_window(request, person)
    how, form = request.GET.get("how", ""), request.GET.get("form", "")
    if how not in HOW or form not in ("pdf", "json"):
        raise Malformed("desk.how_known", _("请先选怎样核实的身份，再给副本。"))
    at = now()

    def make(mark: Mark) -> bytes:
        record_look(actor=actor, verb="desk.open_copy", subjects=[("person", found.id)], at=at, reason=f"{how} {form}")
        data = _data(_copy(found, today()), actor, at)
        if form == "json":
            return json.dumps(data | {"mark": mark.line()}, ensure_ascii=False, indent=2).encode()
        lang = "en" if (get_language() or "").startswith("en") else "zh"
        return pdf(TEMPLATE, data, lang, mark=mark.line())

    return Prepared(
        label=_("本人信息副本"), file_name=f"copy-{at:%Y%m%d}-{str(found.id)[:8]}.{form}", make=make,
        media="application/pdf" if form == "pdf" else "application/json; charset=utf-8",
        back=reverse("desk:copy", args=[found.id]), persons=1, subjects=(("person", found.id),), full=True,
    )  # fmt: skip


@window_only
@require_POST
def note(request: HttpRequest, person: UUID) -> HttpResponse:
    """A correction is asked for."""
    actor = actor_of(request)
    found = person_for(actor, person)
    titles = [section.title for section in _copy(found, today()).sections]
    form = NoteForm(request.POST, parts=titles)
    if form.is_valid():
        given = form.cleaned_data
        note_correction(
            actor=actor, at=now(), person=found.id, area=found.area_code, about=given["about"], said=given["said"]
        )
        messages.success(request, _("更正说明已记下，等待核实答复。"))
    else:
        messages.error(request, _("请写明内容，不超过 1000 字。"))
    return redirect("desk:copy", person=found.id)


@window_only
@require_POST
def answer(request: HttpRequest, person: UUID, note: UUID) -> HttpResponse:
    """A correction is answered."""
    actor = actor_of(request)
    found = person_for(actor, person)
    form = AnswerForm(request.POST)
    if form.is_valid():
        answer_note(actor=actor, at=now(), person=found.id, note=note, answer=form.cleaned_data["answer"])
        messages.success(request, _("已答复。"))
    else:
        messages.error(request, _("请写明内容，不超过 1000 字。"))
    return redirect("desk:copy", person=found.id)


def told_looks(looks: list[Looked]) -> list[dict[str, str]]:
    """Looks as they are printed: unit, post, purpose, time; never who."""
    return [
        {
            "unit": look.unit or "—", "role": str(LOOKERS.get(look.role, look.role)),
            "purpose": look.purpose or _("办理社会救助"), "at": f"{localtime(look.at):%Y-%m-%d %H:%M}",
        }
        for look in looks
    ]  # fmt: skip


def _data(copy: Copy, actor: Actor, at: datetime.datetime) -> dict[str, object]:
    """The copy as data: everything text, instants in China's time."""
    return {
        "title": _("本人信息副本"),
        "authority": name_path(copy.person.area_code) or name_path(actor.area),
        "printed": _("%(when)s 由窗口交给本人") % {"when": f"{localtime(at):%Y-%m-%d %H:%M}"},
        "opening": _(
            "这里是本系统保存的关于您的全部信息，写明每一条是谁说的、从什么时候起。哪一条不对，可以当场要求更正。"
        ),
        "sections": [
            {
                "title": section.title,
                "lines": [
                    {
                        "what": line.what, "content": line.content, "said_by": line.said_by,
                        "since": line.since.isoformat() if line.since else "—",
                    }
                    for line in section.lines
                ],
            }
            for section in copy.sections
        ],
        "looks": told_looks(copy.looks),
        "looks_note": _("正在检查或调查的案件里的查看，按规定不列出来。"),
    }  # fmt: skip
