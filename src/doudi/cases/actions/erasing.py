"""What is erased of applications when their time is over: what was declared, found and put in. Digests stay."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from doudi.audit.actions import forget_salts
from doudi.audit.queries import entries_about
from doudi.cases.logic.wizard import Answers
from doudi.cases.models import Application, Assessment, Draft
from doudi.cases.queries.drafts import answers_of, subjects_of
from doudi.cases.queries.ended import ended_by, has_help, is_busy
from doudi.core.vault import VaultError
from doudi.keeping.logic.duties import Due, Duty, Subject, areas_of, duties, held_with
from doudi.lib.working_days import start_of
from doudi.registry.actions.erasing import erase_declarations, erase_persons
from doudi.registry.models import Declaration, ObligorStatement, Person
from doudi.verification.actions.erasing import erase_inputs, inputs_kept, inputs_kept_alone

LOG = logging.getLogger(__name__)
REMOVED = "注销"
"""States of the household register that begin so: the person died or moved away."""


@duties.fill
def case_duties() -> Iterable[Duty]:
    """Everything whose time runs from the end of an application."""
    yield Duty("drafts", _drafts, _erase_drafts)
    yield Duty("verification_inputs", _checks, lambda keys, at: erase_inputs(keys))
    yield Duty("decision_inputs", _assessments, _erase_assessments)
    yield Duty("declarations", _declarations, lambda keys, at: erase_declarations(keys))
    yield Duty("persons", _persons, _erase_persons)


@held_with.fill
def people_of_held(subjects: Iterable[Subject]) -> Iterable[Subject]:
    """With an application, its family and who applied are held; with a family, its applications."""
    families = [UUID(own) for kind, own in subjects if kind == "household"]
    for own in Application.objects.filter(household__in=families).values_list("id", flat=True):
        yield "application", str(own)
    named = [UUID(own) for kind, own in subjects if kind == "application"]
    for household, applicant in Application.objects.filter(pk__in=named).values_list("household_id", "applicant_id"):
        yield "household", str(household)
        yield "person", str(applicant)


@areas_of.fill
def where_it_is_handled(kind: str, own: UUID) -> Iterable[str]:
    """The area whose staff handle an application."""
    if kind == "application":
        yield from Application.objects.filter(pk=own).values_list("area_code", flat=True)


def _drafts(limit: date, _today: date) -> Iterator[Due]:
    """Each with whom it names. One that cannot be opened cannot be looked through: it stays."""
    due = Draft.objects.filter(saved_at__lt=start_of(limit + timedelta(days=1))).order_by("saved_at", "id")
    readable = [(draft, answers) for draft in due if (answers := _opened(draft)) is not None]
    subjects = subjects_of(answers for _draft, answers in readable)
    yield from (Due(str(draft.id), own) for (draft, _answers), own in zip(readable, subjects, strict=True))


def _opened(draft: Draft) -> Answers | None:
    try:
        return answers_of(draft)
    except (VaultError, ValueError, LookupError, TypeError):
        LOG.warning("a draft cannot be read and is left: %s", draft.id)
        return None


def _erase_drafts(keys: Sequence[str], at: datetime) -> int:
    """Not one that its owner saved after it was listed: it may name others now."""
    listed = Draft.objects.filter(pk__in=[UUID(key) for key in keys], saved_at__lt=at - timedelta(days=1))
    return listed.delete()[0]


def _checks(limit: date, _today: date) -> Iterator[Due]:
    ended = {one.number: one for one in ended_by(limit)}
    for check, _household, number in inputs_kept(ended):
        yield Due(str(check), ended[number].subjects())
    for check, household in inputs_kept_alone(limit):
        yield Due(str(check), (("household", str(household)),))


def _assessments(limit: date, _today: date) -> Iterator[Due]:
    ended = {one.id: one for one in ended_by(limit)}
    rows = Assessment.objects.filter(application__in=list(ended), inputs_enc__isnull=False).order_by(
        "assessed_at", "id"
    )
    for own, application in rows.values_list("id", "application_id"):
        yield Due(str(own), ended[application].subjects())


def _erase_assessments(keys: Sequence[str], _at: datetime) -> int:
    return Assessment.objects.filter(pk__in=[UUID(key) for key in keys]).update(inputs_enc=None)


def _declarations(limit: date, _today: date) -> Iterator[Due]:
    ended = {one.number: one for one in ended_by(limit)}
    said: set[str] = set()
    for model in (Declaration, ObligorStatement):
        said |= set(model.objects.filter(application__in=list(ended)).values_list("application", flat=True))
    yield from (Due(number, ended[number].subjects()) for number in sorted(said))


def _persons(limit: date, _today: date) -> Iterator[Due]:
    rows = Person.objects.filter(state__startswith=REMOVED, state_on__lte=limit, number_enc__isnull=False)
    for own in rows.exclude(is_busy()).exclude(has_help()).order_by("id").values_list("id", flat=True):
        yield Due(str(own), (("person", str(own)),))


def _erase_persons(keys: Sequence[str], _at: datetime) -> int:
    entries = entries_about("person", keys).values_list("id", flat=True)
    forget_salts([str(entry) for entry in entries])  # a digest of a name must not outlive the name
    return erase_persons([UUID(key) for key in keys])
