"""What the register says of the households that applications name, as of each application's day; many at once."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from doudi.cases.logic.entries import RegisterView
from doudi.registry.models import Address, Headship, Household, Membership
from doudi.registry.queries import HouseholdElsewhere, RegisterMembership, households_elsewhere, register_memberships

Period = TypeVar("Period", Headship, Address, Membership, RegisterMembership)


@dataclass(slots=True)
class Register:
    """Rows of the households asked for, and register memberships of the people asked for."""

    households: dict[str, Household]
    heads: dict[uuid.UUID, list[Headship]] = field(default_factory=lambda: defaultdict(list))
    addresses: dict[uuid.UUID, list[Address]] = field(default_factory=lambda: defaultdict(list))
    members: dict[uuid.UUID, list[Membership]] = field(default_factory=lambda: defaultdict(list))
    of_person: dict[uuid.UUID, list[RegisterMembership]] = field(default_factory=lambda: defaultdict(list))
    lying_elsewhere: dict[str, HouseholdElsewhere] = field(default_factory=dict)

    def view(self, number: str, on: datetime.date) -> RegisterView | None:
        """The household with a number as of a day; of one in another area only where, and who of those asked for."""
        if number in self.lying_elsewhere:
            return self._elsewhere(self.lying_elsewhere[number], on)
        household = self.households.get(number)
        if household is None or (household.ended_on is not None and household.ended_on <= on):
            return None
        heads = as_of(self.heads[household.id], on)
        addresses = as_of(self.addresses[household.id], on)
        members = as_of(self.members[household.id], on)
        return RegisterView(
            household=household.id,
            head=heads[0].person_id if len(heads) == 1 else None,
            area_code=addresses[0].area_code if len(addresses) == 1 else "",
            members={row.person_id: row.relation for row in members},
            is_later=household.formed_on > on,
        )

    def _elsewhere(self, found: HouseholdElsewhere, on: datetime.date) -> RegisterView:
        """Its head and its other people are not for whoever asks."""
        held = {person: as_of(rows, on) for person, rows in self.of_person.items()}
        members = [person for person, rows in held.items() if any(r.household_id == found.household for r in rows)]
        return RegisterView(found.household, None, found.area_code, dict.fromkeys(members, ""))

    def elsewhere(
        self, people: Iterable[uuid.UUID], household: uuid.UUID | None, on: datetime.date
    ) -> frozenset[uuid.UUID]:
        """Those of the people whom the register has in another household on a day."""
        return frozenset(
            person
            for person in people
            if any(row.household_id != household for row in as_of(self.of_person[person], on))
        )


def as_of(rows: Sequence[Period], on: datetime.date) -> list[Period]:
    """The rows that hold on a day; where the register begins later, those it begins with."""
    holding = [row for row in rows if row.from_on <= on and (row.to_on is None or row.to_on > on)]
    if holding or not rows:
        return holding
    first = min(row.from_on for row in rows)
    return [row for row in rows if row.from_on == first] if first > on else []


def register_of(numbers: Collection[str], people: Collection[uuid.UUID]) -> Register:
    """The register's rows on some households by number, and on some people."""
    found = Register({h.number or "": h for h in Household.objects.filter(kind="hukou", number__in=list(numbers))})
    found.lying_elsewhere = households_elsewhere([number for number in numbers if number not in found.households])
    keys = [household.id for household in found.households.values()]
    for head in Headship.objects.filter(household_id__in=keys):
        found.heads[head.household_id].append(head)
    for address in Address.objects.filter(household_id__in=keys):
        found.addresses[address.household_id].append(address)
    for member in Membership.objects.filter(household_id__in=keys).order_by("seq"):
        found.members[member.household_id].append(member)
    for row in register_memberships(people):
        found.of_person[row.person_id].append(row)
    return found
