"""The tables of a place for all its decided applications: rows by application number, members in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doudi.engine.outputs import OutputTable, row
from doudi.engine.proposal import Missing, Proposal
from doudi.registry.logic.batches import chunks
from doudi.registry.models import Person
from doudi.registry.queries import number_of
from doudi.rulebook.queries import output_tables
from doudi.site.flow.deciding import Decided

NOT_WORKED_OUT = {"zh": "本地规则适用的资料", "en": "facts the rules of this place apply to"}


@dataclass(frozen=True, slots=True)
class Table:
    """One table ready to be written."""

    columns: tuple[str, ...]
    rows: list[dict[str, str]]


def tables_of(found: Sequence[Decided], numbers: Mapping[str, str]) -> dict[str, Table]:
    """Tables by name. `numbers` gives the identity number of each person as it is written there."""
    made: dict[str, Table] = {}
    for item in found:
        proposal = item.proposal or _undetermined(item)
        for name, table in output_tables(item.assessment.rulebook_hash).items():
            target = made.setdefault(name, Table(tuple(column.name for column in table.columns), []))
            target.rows.extend(_rows(table, item, proposal, numbers))
    return made


def _rows(table: OutputTable, item: Decided, proposal: Proposal, numbers: Mapping[str, str]) -> list[dict[str, str]]:
    given = {"application": item.application.number}
    if table.one_row_per == "household":
        return [row(table, proposal, given=given)]
    return [
        row(table, proposal, given=given | {"number": numbers.get(person, "")}, person=person)
        for person in item.members
    ]


def _undetermined(item: Decided) -> Proposal:
    """A proposal for what could not be worked out at all: undetermined, with everything else unknown."""
    held = item.assessment
    return Proposal(
        as_of=held.as_of, place="", rulebook=held.rulebook_hash, inputs_digest=held.inputs_digest, chain=held.chain,
        household=str(item.application.household_id), outcome="undetermined", programme=None, pending=None, amount=None,
        missing=(Missing("", "", NOT_WORKED_OUT, "not_answered", None),), programmes=(), headline=NOT_WORKED_OUT,
        values={}, steps=(),
    )  # fmt: skip


def full_form(item: Decided) -> dict[str, Any]:
    """Everything about one proposal: all reasons, or why it could not be worked out."""
    if item.proposal is None:
        return {"application": item.application.number, "outcome": "undetermined", "problem": item.assessment.problem}
    return {"application": item.application.number} | item.proposal.to_json()


def numbers_of(found: Sequence[Decided], as_written: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Identity numbers of all members, by person id; of those without one, what the application sheet says.

    The caller records the look.
    """
    ids = {person for item in found for person in item.members}
    people = {str(person.id): person for part in chunks(sorted(ids)) for person in Person.objects.filter(pk__in=part)}
    numbers = {key: number_of(person) for key, person in people.items()}
    written = {key: number for key, number in numbers.items() if number is not None}
    for item in found:
        unreadable = [person for person in item.members if numbers.get(person) is None]
        written |= dict(zip(unreadable, as_written.get(item.application.number, ()), strict=False))
    return written
