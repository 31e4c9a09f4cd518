"""Who may see whom: a person or household is loaded and checked against the area of the grant in one call."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doudi.core.actor import Actor
from doudi.core.errors import Forbidden
from doudi.registry.logic.areas import bounds
from doudi.registry.models import BankAccount, Household, Person


def persons_visible_to(actor: Actor) -> QuerySet[Person]:
    """Persons of the actor's area, duplicates left out."""
    rows = Person.objects.filter(merged_into__isnull=True)
    limits = bounds(actor.people_area)
    return rows if limits is None else rows.filter(area_code__gte=limits[0], area_code__lt=limits[1])


def households_visible_to(actor: Actor) -> QuerySet[Household]:
    """Households of the actor's area."""
    rows = Household.objects.all()
    limits = bounds(actor.people_area)
    return rows if limits is None else rows.filter(area_code__gte=limits[0], area_code__lt=limits[1])


def may_see_area(actor: Actor, area_code: str) -> bool:
    """Whether an area lies within the actor's."""
    return actor.covers(area_code)


def household_for(actor: Actor, household: uuid.UUID) -> Household:
    """A household the actor may see; Forbidden alike where there is none and where it lies elsewhere."""
    found = Household.objects.select_related("head").filter(pk=household).first()
    if found is None or not may_see_area(actor, found.area_code):
        raise Forbidden(
            "registry.household_elsewhere",
            _("没有这一家庭，或者它不在您的辖区。请从查找页重新打开；如需查看别处的家庭，请联系所在乡镇。"),
        )
    return found


def person_for(actor: Actor, person: uuid.UUID) -> Person:
    """A person the actor may see (the one kept, if merged); Forbidden alike where there is none and elsewhere."""
    found = Person.objects.select_related("merged_into").filter(pk=person).first()
    found = (found.merged_into or found) if found is not None else None
    if found is None or not may_see_area(actor, found.area_code):
        raise _nobody()
    return found


def _nobody() -> Forbidden:
    return Forbidden(
        "registry.person_elsewhere",
        _("没有这个人，或者不在您的辖区。请从查找页重新打开；如需查看别处的人，请联系所在乡镇。"),
    )


def bank_account_for(actor: Actor, account: uuid.UUID) -> BankAccount:
    """A bank account of a person the actor may see; Forbidden alike where there is none and elsewhere."""
    found = BankAccount.objects.select_related("person").filter(pk=account).first()
    if found is None:
        raise _nobody()
    person_for(actor, found.person_id)
    return found
