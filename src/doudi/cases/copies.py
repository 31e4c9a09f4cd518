"""What cases tell a person of themselves: applications, which source was asked, what came out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from doudi.cases.models import OUTCOME_LABELS, Application, Assessment, CourseStep, Opinion
from doudi.keeping.logic.duties import CopyLine, CopySection, copy_sections
from doudi.lib.working_days import day_of
from doudi.registry.models import Membership
from doudi.verification.models import Answer, Authorisation


@copy_sections.fill
def case_sections(person: UUID, on: date, words: dict[str, str]) -> Iterable[CopySection]:
    """Applications, authorisations, and which source was asked about this person."""
    units = Membership.objects.filter(person=person, kind="unit").values_list("household_id", flat=True)
    rows = list(Application.objects.filter(household__in=list(units)).order_by("-applied_on", "id"))
    yield CopySection(_("申请与结果"), tuple(line for row in rows for line in _of(row, words)), 50)
    yield CopySection(_("核对授权与查询"), tuple(_asked(person, words)), 60)


def _of(row: Application, words: dict[str, str]) -> Iterable[CopyLine]:
    yield CopyLine(
        _("申请 %(number)s") % {"number": row.number}, str(row.get_state_display()), _("本人家庭"), row.applied_on
    )
    for step in CourseStep.objects.filter(application=row).order_by("at", "id"):
        if step.reason:
            yield CopyLine(_("退回或说明的理由"), step.reason, _("经办单位"), step.on)
    proposal = Assessment.objects.filter(application=row, superseded_at=None).first()
    if proposal is not None:
        yield CopyLine(_("系统建议"), _told(proposal.outcome, proposal.programme, proposal.amount, words),
                       _("系统"), day_of(proposal.assessed_at))  # fmt: skip
    for opinion in Opinion.objects.filter(application=row, closed_at=None):
        yield CopyLine(_("拟办意见"), _told(opinion.outcome, opinion.programme, opinion.amount, words),
                       _("经办单位"), day_of(opinion.proposed_at))  # fmt: skip


def _told(outcome: str, programme: str, amount: object, words: dict[str, str]) -> str:
    parts = [str(OUTCOME_LABELS.get(outcome, outcome)), words.get(programme, programme)]
    return " ".join(filter(None, [*parts, f"{amount} {_('元/月')}" if amount is not None else ""]))


def _asked(person: UUID, words: dict[str, str]) -> Iterable[CopyLine]:
    for signed in Authorisation.objects.filter(person=person).order_by("-signed_on", "id"):
        until = f" → {signed.withdrawn_on or signed.to_on}" if signed.withdrawn_on or signed.to_on else ""
        yield CopyLine(_("核对授权书"), f"{signed.signed_on}{until}", _("本人"), signed.signed_on)
    answers = (
        Answer.objects.filter(person=person).select_related("check_made").order_by("-check_made__requested_at", "feed")
    )
    for answer in answers:
        yield CopyLine(
            _("查询：%(source)s") % {"source": words.get(answer.feed, answer.feed)}, str(answer.get_state_display()),
            _("县核对中心"), day_of(answer.check_made.requested_at),
        )  # fmt: skip
