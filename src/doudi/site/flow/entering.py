"""Rows of an application sheet as applications: entered and accepted, each once."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from doudi.cases.actions import accept_applications, enter_applications
from doudi.cases.logic.entries import EDUCATION, OBLIGORS, OTHER_INCOME, NewApplication
from doudi.cases.queries import known_numbers
from doudi.core.actor import Actor
from doudi.site.application_sheet import SheetRow


def enter_rows(rows: Sequence[SheetRow], *, actor: Actor, at: datetime.datetime) -> int:
    """Applications whose number is not there yet are entered; all are accepted as of their day. How many were new."""
    there = known_numbers([row.number for row in rows])
    new = [_entry(row) for row in rows if row.number not in there]
    made = enter_applications(actor=actor, at=at, entries=new) if new else []
    accept_applications(actor=actor, at=at, applications=[item.id for item in made])
    return len(made)


def _entry(row: SheetRow) -> NewApplication:
    return NewApplication(
        number=row.number,
        applied_on=row.applied_on,
        household_number=row.household_number,
        applicant=row.applicant,
        members=row.members,
        declared={
            OTHER_INCOME: row.other_monthly_income,
            EDUCATION: row.yearly_education_spending,
            OBLIGORS: row.obligors,
        },
        signed=row.signed,
        unnumbered=row.unnumbered,
    )
