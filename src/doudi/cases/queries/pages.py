"""What the pages of an application show: people, clock, course, what stands, and what may be done next by whom."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from doudi.accounts.access import level_of, may, may_see
from doudi.areas.queries import name_path
from doudi.cases.lifecycle import BEFORE_OPINION, MOVES, next_moves
from doudi.cases.logic.levels import seen_at
from doudi.cases.logic.missing import Lack, lacks_of
from doudi.cases.logic.opinions import may_review
from doudi.cases.logic.reasons import Reader, Reasons, reasons_of
from doudi.cases.logic.term import Clock, clock_of
from doudi.cases.models import Application, Assessment, CourseStep, Opinion, Review
from doudi.cases.queries.applications import course_of, open_assessment, open_opinion, review_of
from doudi.cases.queries.doubles import Double, doubles_of
from doudi.cases.queries.proposals import replayed
from doudi.core.actor import Actor
from doudi.core.holidays import HOLIDAYS
from doudi.engine.rulebook import Rulebook
from doudi.registry.logic.minors import guarded
from doudi.registry.models import Person
from doudi.registry.queries import members
from doudi.rulebook.queries import by_hash
from doudi.sources.models import Delivery

__all__ = ["ApplicationPage", "DecisionPage", "application_page", "decision_page"]


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member as shown."""

    id: uuid.UUID
    name: str
    number_masked: str
    relation: str
    born_on: date | None
    is_applicant: bool
    is_head: bool
    born_year: int | None = None
    """The year alone, where the day is not for the reader."""


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """An application with everything that stands on it."""

    application: Application
    place: str
    clock: Clock | None
    people: tuple[MemberLine, ...]
    course: tuple[CourseStep, ...]
    assessment: Assessment | None
    opinion: Opinion | None
    review: Review | None
    moves: tuple[str, ...]
    """What this actor may do now."""
    lacks: tuple[tuple[Lack, str], ...]
    """Missing things with the names of whom they are missing for."""
    programme: str
    """Label of the programme proposed."""
    may_supplement: bool = False
    may_choose: bool = False
    doubles: tuple[Double, ...] = ()
    """Members who are in another open application."""

    @property
    def waits(self) -> bool:
        """Whether a department that was asked has not answered."""
        return any(lack.remedy == "wait" for lack, _names in self.lacks)

    @property
    def names(self) -> dict[str, str]:
        """What the people are called, by id."""
        return {str(line.id): line.name or line.number_masked for line in self.people}


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A proposal with its reasons."""

    page: ApplicationPage
    proposal: Mapping[str, Any]
    reasons: Reasons
    level: str
    programmes: tuple[tuple[str, str, bool], ...]
    """(name, label, pays) an opinion may name."""
    rulebook: Rulebook
    data_until: date | None
    opinion_programme: str
    """Label of the programme the opinion names, if any."""


def application_page(application: Application, actor: Actor, today: date, lang: str) -> ApplicationPage:
    """The page of an application. Who may see it is asked in `access`; the caller records the look."""
    assessment = open_assessment(application.id)
    opinion = open_opinion(application.id)
    people = tuple(guarded(line, today, may_see(actor, "minors")) for line in _people(application))
    lacks: tuple[tuple[Lack, str], ...] = ()
    programme = ""
    if assessment is not None:
        rulebook = by_hash(assessment.rulebook_hash)
        found = lacks_of(assessment.missing, rulebook, lang)
        lacks = tuple((lack, _names(lack.persons, people, lang)) for lack in found)
        programme = rulebook.programmes[assessment.programme].label[lang] if assessment.programme else ""
    return ApplicationPage(
        application=application,
        place=name_path(application.area_code, lang) if application.area_code else "",
        clock=clock_of(application.accepted_on, today, HOLIDAYS),
        people=people,
        course=tuple(course_of(application.id)),
        assessment=assessment,
        opinion=opinion,
        review=review_of(opinion.id) if opinion else None,
        moves=tuple(_moves(application, actor, assessment, opinion)),
        lacks=lacks,
        programme=programme,
        may_supplement=may(actor, "cases.enter") and application.state in BEFORE_OPINION,
        may_choose=may(actor, "cases.choose") and application.state in BEFORE_OPINION,
        doubles=doubles_of(application, actor, lang),
    )


def decision_page(page: ApplicationPage, assessment: Assessment, actor: Actor, lang: str) -> DecisionPage:
    """The reasons of a proposal, worked out again, cut to the actor's level."""
    rulebook = by_hash(assessment.rulebook_hash)
    level = level_of(actor)
    proposal = seen_at(replayed(assessment).to_json(), rulebook, level)
    deliveries = _deliveries(proposal["steps"])
    names = page.names
    names |= _strangers(proposal["steps"], names)
    reader = Reader(
        lang=lang,
        person=lambda key: names.get(key, ""),
        area=lambda code: name_path(code, lang) if code else "",
        delivery=lambda key: _delivered(deliveries.get(key)),
    )
    chain = rulebook.chains[assessment.chain].programmes
    return DecisionPage(
        page=page,
        proposal=proposal,
        reasons=reasons_of(proposal, rulebook, reader),
        level=level,
        programmes=tuple(
            (name, rulebook.programmes[name].label[lang], not rulebook.programmes[name].recognition) for name in chain
        ),
        rulebook=rulebook,
        data_until=max((d.cutoff for d in deliveries.values() if d.cutoff), default=None),
        opinion_programme=(
            rulebook.programmes[page.opinion.programme].label[lang] if page.opinion and page.opinion.programme else ""
        ),
    )


def _people(application: Application) -> Iterable[MemberLine]:
    head = application.household.head
    lines = list(members(application.household_id, application.applied_on))
    for row in lines:
        yield _member(row.person, row.relation, application, head)
    if head is not None and all(row.person_id != head.id for row in lines):
        yield _member(head, "", application, head)


def _member(person: Person, relation: str, application: Application, head: Person | None) -> MemberLine:
    return MemberLine(
        person.id,
        person.name,
        person.number_masked,
        relation,
        person.born_on,
        person.id == application.applicant_id,
        head is not None and person.id == head.id,
    )


def _names(keys: Sequence[str], people: Sequence[MemberLine], lang: str) -> str:
    known = {str(line.id): line.name or line.number_masked for line in people}
    return ("、" if lang == "zh" else ", ").join(known.get(key, "") for key in keys)


def _moves(
    application: Application, actor: Actor, assessment: Assessment | None, opinion: Opinion | None
) -> Iterable[str]:
    """What the table, the actor's role and what stands allow."""
    for name in next_moves(application.state):
        move = MOVES[name]
        if not may(actor, move.permission) or (move.by_a_person and actor.role == "system"):
            continue
        if "assessment" in move.needs and (assessment is None or application.check_id is None):
            continue
        if "another" in move.needs and (opinion is None or not may_review(actor.account_id, opinion.proposed_by)):
            continue
        yield name
    if application.state in ("verified", "returned") and may(actor, "cases.assess"):
        yield "assess"


def _deliveries(steps: Iterable[Mapping[str, Any]]) -> dict[str, Delivery]:
    keys = {source["delivery"] for step in steps for source in step["sources"] if source["delivery"]}
    return {str(d.id): d for d in Delivery.objects.filter(pk__in=keys)}


def _delivered(delivery: Delivery | None) -> str:
    if delivery is None:
        return ""
    return (delivery.cutoff or delivery.received_at.date()).isoformat()


def _strangers(steps: Iterable[Mapping[str, Any]], known: Mapping[str, str]) -> dict[str, str]:
    """Names of persons of the case who are no members any more."""
    keys = {step["subject"] for step in steps if step["name"].startswith("person.")} - set(known)
    return {str(p.id): p.name or p.number_masked for p in Person.objects.filter(pk__in=keys)}
