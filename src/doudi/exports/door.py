"""The one door: purpose asked, a second person for many, the mark drawn, the entry written, then the file.

Nothing is made before it may go out, and nothing goes out before it is in the log.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import actor_of
from doudi.core.actor import Actor
from doudi.core.clock import day_of, now
from doudi.core.errors import Forbidden, Malformed, Refused, Unavailable
from doudi.exports.actions import ask_approval, hand_out
from doudi.exports.actions.handing import Taken
from doudi.exports.forms import AskForm
from doudi.exports.logic.agreements import Agreement
from doudi.exports.logic.declared import Export, Prepared
from doudi.exports.logic.limits import Asked, Limits, agreement_for, second_person_for
from doudi.exports.models import PURPOSES
from doudi.exports.queries import agreements, marked_as, taken_today

LONGEST_ADDRESS = 500


def answered(request: HttpRequest, declared: Export, prepared: Prepared) -> HttpResponse:
    """The file; for people's data first the page that asks what it is wanted for."""
    actor = actor_of(request)
    if actor.reads_only:
        raise Forbidden("exports.reads_only", _("预览角色或应急查看时不能带走文件。请先回到自己的身份。"))
    if declared.is_personal and prepared.persons < 1:
        raise Unavailable("exports.not_counted", _("这份文件里有多少人的信息还没有数过，不能给出。请联系系统管理员。"))
    if not (declared.is_personal or prepared.internal):
        return _handed(actor, declared, prepared, {}, request.get_full_path())
    if len(request.get_full_path()) > LONGEST_ADDRESS:
        raise Malformed("exports.address", _("这个地址太长。请从页面上重新打开。"))
    why, agreement = _second_person(actor, declared, prepared)
    may_be_full = declared.offers_full and prepared.may_be_full
    many = may_be_full and prepared.persons > limits().whole
    form = AskForm(
        request.POST if request.method == "POST" else None, full=may_be_full,
        second="surely" if why and agreement is None else "perhaps" if agreement or many else "",
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        why, agreement = _second_person(actor, declared, prepared, given["purpose"])
        if not why or agreement is not None or given["approval"]:
            return _handed(actor, declared, prepared, given, request.get_full_path(), why=why, agreement=agreement)
        if given["reason"].strip():
            asked = ask_approval(
                actor=actor, at=now(), export=declared, prepared=prepared, address=request.get_full_path(),
                purpose=given["purpose"], reason=given["reason"], why=why,
            )  # fmt: skip
            return redirect("exports:approval", asked.id)
        form.add_error("reason", _("要请另一人同意的，请写明为什么要取这么多人的信息。"))
    covers = agreement.purposes if agreement else ()
    context = {
        "form": form, "prepared": prepared, "declared": declared, "why": why, "agreement": agreement,
        "limits": limits(), "mark": marked_as(actor, now()).line(), "address": request.get_full_path(),
        "agreed_for": [PURPOSES[one] for one in covers if one in PURPOSES],
    }  # fmt: skip
    return render(request, "exports/ask.html", context, status=422 if form.is_bound else 200)


def limits() -> Limits:
    """The limits of this house."""
    return Limits(
        settings.EXPORT_PERSONS_A_FILE, settings.EXPORT_PERSONS_A_DAY, settings.EXPORT_WHOLE_A_FILE,
        settings.EXPORT_COPIES_A_DAY,
    )  # fmt: skip


def _second_person(
    actor: Actor, declared: Export, prepared: Prepared, purpose: str = ""
) -> tuple[str, Agreement | None]:
    """Why another person is needed, if so, and the standing agreement that stands in for one."""
    at = now()
    asked = Asked(declared.name, prepared.persons, prepared.full, actor.department, day_of(at), declared.own, purpose)
    today = taken_today(actor.account_id, at, declared.name)
    why = second_person_for(asked, today, limits())
    return why, agreement_for(asked, agreements(), today) if why else None


def _handed(
    actor: Actor,
    declared: Export,
    prepared: Prepared,
    given: dict[str, object],
    address: str,
    *,
    why: str = "",
    agreement: Agreement | None = None,
) -> HttpResponse:
    """The file made with its mark, noted, answered."""
    at, number, purpose = now(), uuid4(), str(given.get("purpose", ""))
    approval = given.get("approval")
    if why and agreement is None and not isinstance(approval, UUID):
        raise Refused("exports.second_person", _("取这么多人的信息要另一人同意。请先申请。"))
    a_day = agreement.a_day if agreement else limits().a_day
    alone = (not why or agreement is not None) and not isinstance(approval, UUID)
    content = prepared.make(marked_as(actor, at, purpose, number))
    taken = Taken(
        number, declared.name, content, prepared.persons, prepared.full, prepared.subjects, purpose,
        str(given.get("reason", "")), agreement.name if agreement else "",
        a_day if alone else None, limits().copies if declared.own and agreement is None else None, address,
    )  # fmt: skip
    hand_out(actor=actor, at=at, taken=taken, approval=approval if isinstance(approval, UUID) else None)
    answer = HttpResponse(content, content_type=prepared.media)
    # what can be fetched once is saved: a page that shows it is closed by mistake, and the one time is spent
    saved = not prepared.inline or isinstance(approval, UUID)
    answer.headers["Content-Disposition"] = content_disposition_header(saved, prepared.file_name) or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    answer.doudi_export = number  # type: ignore[attr-defined]
    return answer
