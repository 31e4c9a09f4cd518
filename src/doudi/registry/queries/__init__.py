"""Reads of the registry: search, pages, who belongs where on a day, keys of the lake."""

from __future__ import annotations

from doudi.registry.queries.beyond import (
    HouseholdElsewhere,
    Registered,
    RegisterMembership,
    households_elsewhere,
    register_memberships,
    registered_as,
)
from doudi.registry.queries.families import (
    HouseholdPage,
    MemberLine,
    address_on,
    head_on,
    holds_on,
    household_by_number,
    household_page,
    households_of,
    labels_on,
    members,
    members_of,
)
from doudi.registry.queries.finding import SearchHit, search
from doudi.registry.queries.people import (
    keys_of,
    number_of,
    person_by_number,
    persons_by_keys,
    persons_by_numbers,
    same_persons,
)
from doudi.registry.queries.rolls import roll, screened_households
from doudi.registry.queries.statements import (
    Asking,
    declared_of_persons,
    declared_on,
    declared_values,
    obligors_said,
    obligors_said_elsewhere,
)

__all__ = [
    "Asking",
    "HouseholdElsewhere",
    "HouseholdPage",
    "MemberLine",
    "RegisterMembership",
    "Registered",
    "SearchHit",
    "address_on",
    "declared_of_persons",
    "declared_on",
    "declared_values",
    "head_on",
    "holds_on",
    "household_by_number",
    "household_page",
    "households_elsewhere",
    "households_of",
    "keys_of",
    "labels_on",
    "members",
    "members_of",
    "number_of",
    "obligors_said",
    "obligors_said_elsewhere",
    "person_by_number",
    "persons_by_keys",
    "persons_by_numbers",
    "register_memberships",
    "registered_as",
    "roll",
    "same_persons",
    "screened_households",
    "search",
]
