"""A standing sharing agreement: which files may go out without a second person each time, by whose word, how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doudi.engine.definitions import basis_of
from doudi.engine.reading import bilingual, boolean, date_of, decimal_of, name_in, only, sequence, text, texts
from doudi.engine.strict_yaml import Mapping
from doudi.engine.vocabulary import Basis

KEYS = (
    "agreement",
    "label",
    "exports",
    "department",
    "purposes",
    "persons",
    "persons_a_day",
    "full",
    "from",
    "to",
    "basis",
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """policy/agreements/<name>.yaml. `persons` is the most a file may hold; `full` whether numbers may be unmasked.

    It holds for askers of its department, for its purposes, and for so many people an account and day under it.
    """

    name: str
    label: dict[str, str]
    exports: tuple[str, ...]
    department: str
    purposes: tuple[str, ...]
    persons: int
    a_day: int
    full: bool
    from_on: date
    to_on: date | None
    basis: tuple[Basis, ...]


def read_agreement(table: Mapping) -> Agreement:
    """An agreement as written; PolicyError with file, line and what to do."""
    only(table, KEYS)
    return Agreement(
        name=name_in(table, "agreement"),
        label=bilingual(table, "label") or {},
        exports=texts(table.get("exports"), table.where),
        department=text(table, "department"),
        purposes=texts(table.get("purposes"), table.where),
        persons=int(decimal_of(table.get("persons"), table.where)),
        a_day=int(decimal_of(table.get("persons_a_day"), table.where)),
        full=boolean(table, "full", False),
        from_on=date_of(table.get("from"), table.where),
        to_on=date_of(table["to"], table.where) if table.get("to") is not None else None,
        basis=tuple(basis_of(item, table.where) for item in sequence(table.get("basis"), table.where)),
    )
