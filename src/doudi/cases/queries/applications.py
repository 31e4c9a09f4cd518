"""Applications by number, of an area, of a family; their course, and the proposal and opinion that stand."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from doudi.cases.access import applications_visible_to
from doudi.cases.models import Application, Assessment, CourseStep, Opinion, Review
from doudi.core.actor import Actor
from doudi.registry.models import Membership


def application_by_number(number: str) -> Application | None:
    """The application with a number; who may see it is asked in `access`."""
    return Application.objects.filter(number=number).select_related("household", "applicant").first()


def applications(actor: Actor, *, state: str = "", number: str = "", mine: bool = False) -> QuerySet[Application]:
    """Applications of the actor's area, newest first; by state, by the beginning of a number, entered by the actor."""
    rows = applications_visible_to(actor).select_related("applicant")
    if state:
        rows = rows.filter(state=state)
    if number:
        rows = rows.filter(number__gte=number, number__lt=number + "\uffff")
    if mine:
        rows = rows.filter(entered_by=actor.account_id)
    return rows.order_by("-applied_on", "-number")


def applications_of_household(household: uuid.UUID) -> QuerySet[Application]:
    """Applications of a family: its own, and those whose applicant or unit shares a member with the household."""
    people = Membership.objects.filter(household_id=household).values("person_id")
    units = Membership.objects.filter(person_id__in=people, kind="unit").values("household_id")
    found = Q(household_id=household) | Q(register_household_id=household) | Q(household_id__in=units)
    return Application.objects.filter(found).select_related("applicant").order_by("-applied_on", "-number")


def course_of(application: uuid.UUID) -> list[CourseStep]:
    """The course of an application, oldest first."""
    return list(CourseStep.objects.filter(application_id=application).order_by("at", "id"))


def open_assessment(application: uuid.UUID) -> Assessment | None:
    """The proposal that stands."""
    return Assessment.objects.filter(application_id=application, superseded_at__isnull=True).first()


def open_opinion(application: uuid.UUID) -> Opinion | None:
    """The opinion that stands: proposed, perhaps reviewed."""
    return (
        Opinion.objects.filter(application_id=application, closed_at__isnull=True).select_related("assessment").first()
    )


def review_of(opinion: uuid.UUID) -> Review | None:
    """What a second person said to an opinion."""
    return Review.objects.filter(opinion_id=opinion).first()


def counts_by_state(actor: Actor, *, mine: bool = False) -> dict[str, int]:
    """How many applications of the area stand in each state."""
    rows = applications_visible_to(actor)
    if mine:
        rows = rows.filter(entered_by=actor.account_id)
    return dict(rows.values_list("state").annotate(count=Count("id")))


def outcomes_of(applications: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The outcome proposed for each application, of those that have a standing proposal."""
    rows = Assessment.objects.filter(application_id__in=list(applications), superseded_at__isnull=True)
    return dict(rows.values_list("application_id", "outcome"))
