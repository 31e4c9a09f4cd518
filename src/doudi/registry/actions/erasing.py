"""What the register erases when its time is over. Which applications have ended is known above: `cases` asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from doudi.keeping.logic.duties import Subject, areas_of, held_with
from doudi.registry.models import (
    BankAccount,
    DealtIn,
    Declaration,
    Household,
    Membership,
    NameRow,
    ObligorStatement,
    Person,
    PersonKey,
    PersonName,
)
from doudi.registry.queries import same_persons


@held_with.fill
def members_of_held(subjects: Iterable[Subject]) -> Iterable[Subject]:
    """With a household, everybody who ever belonged to it is held; with a person, their households. Whoever is held is
    so under each of their records, since two were merged.
    """
    households = [UUID(own) for kind, own in subjects if kind == "household"]
    persons = same_persons(UUID(own) for kind, own in subjects if kind == "person")
    members = Membership.objects.filter(household__in=households).values_list("person_id", flat=True).distinct()
    for person in persons | same_persons(members):
        yield "person", str(person)
    for household in Membership.objects.filter(person__in=persons).values_list("household_id", flat=True).distinct():
        yield "household", str(household)


@areas_of.fill
def where_they_are(kind: str, own: UUID) -> Iterable[str]:
    """A household's area and where it is kept; a person's, and the areas that deal with them."""
    if kind == "household":
        for pair in Household.objects.filter(pk=own).values_list("area_code", "kept_in"):
            yield from pair
    if kind == "person":
        yield from Person.objects.filter(pk=own).values_list("area_code", flat=True)
        yield from DealtIn.objects.filter(person=own).values_list("area_code", flat=True)


def erase_declarations(applications: Sequence[str]) -> int:
    """What was said in applications, by their numbers."""
    gone = 0
    for model in (Declaration, ObligorStatement):
        gone += model.objects.filter(application__in=applications).exclude(application="").delete()[0]
    return gone


def erase_persons(persons: Sequence[UUID]) -> int:
    """Names, numbers, accounts and keys of persons; the opaque id stays, for what was decided about it."""
    for model in (NameRow, PersonName, BankAccount, PersonKey, DealtIn):
        model.objects.filter(person__in=persons).delete()
    return Person.objects.filter(pk__in=persons).update(
        name="", pinyin="", initials="", ethnicity="", hukou_type="", number_enc=None, number_index=None,
        number_masked="", born_on=None, sex="",
    )  # fmt: skip
