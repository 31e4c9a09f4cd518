"""The facts of some households of a snapshot as temporary tables: `household_0`, `person_0` and one table a record.

Households and persons carry their row number in the snapshot (h, p), so that every join is on whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from doudi.engine.sql_expression import quoted
from doudi.engine.sql_numbers import SCALE, Numbers
from doudi.engine.tree import Kind

Source = Callable[[str], str]
"""The SQL that reads one table (households, persons or a record) of the households wanted."""
_TYPES = {"boolean": "BOOLEAN", "date": "DATE", "month": "DATE"}


def scale_of(kind: Kind) -> int | None:
    """The decimals a fact is stored with; None for what is no number."""
    if kind.base == "integer":
        return 0
    if kind.base != "number":
        return None
    return SCALE if kind.scale is None else kind.scale


class Loader:
    """Builds the statements that read the facts needed; `present` names the columns the snapshot holds, by entity."""

    def __init__(
        self,
        numbers: Numbers,
        facts: Mapping[tuple[str, str], Kind],
        records: Iterable[str],
        present: Mapping[str, set[str]],
    ) -> None:
        self._numbers, self._facts, self._records, self._present = numbers, dict(facts), list(records), present
        self._facts.setdefault(("household", "area"), Kind("area"))

    def statements(self, source: Source) -> list[str]:
        """One statement a table."""
        why = "".join(f", {self._answered(r)} AS {quoted(r + '__answered')}" for r in self._records)
        households = (
            f"SELECT s.household_row AS h, s.head_row AS head_p, s.household_id{self._columns('household', 's')} "
            f"FROM {source('households')} AS s"
        )
        persons = (
            "SELECT f.person_row AS p, f.household_row AS h, coalesce(f.member, TRUE) AS member"
            f"{self._columns('person', 'f')}{why} FROM {source('persons')} AS f"
        )
        texts = [_table("household_0", households), _table("person_0", persons)]
        return texts + [_table(f"{record}_0", self._rows(record, source)) for record in self._records]

    def _rows(self, record: str, source: Source) -> str:
        """A person's rows, and one phantom row for each person whose feed did not answer."""
        answered = f"p.{quoted(record + '__answered')}"
        nothing = "".join(f", {self._cell(kind, 'NULL')} AS {quoted(name)}" for name, kind in self._of(record))
        phantoms = f"SELECT p.h, p.p, p.member, TRUE AS phantom{nothing} FROM person_0 AS p WHERE {answered} IS NULL"
        if record not in self._present:
            return phantoms
        rows = (
            f"SELECT p.h, p.p, p.member, FALSE AS phantom{self._columns(record, 'f')} FROM {source(record)} AS f "
            f"JOIN person_0 AS p ON p.p = f.person_row WHERE {answered}"
        )
        return f"{rows} UNION ALL {phantoms}"

    def _of(self, entity: str) -> list[tuple[str, Kind]]:
        return [
            (name, kind)
            for (owner, name), kind in self._facts.items()
            if owner == entity and not name.endswith("__answered") and (owner, name) != ("person", "member")
        ]

    def _columns(self, entity: str, alias: str) -> str:
        there = self._present.get(entity, set())
        return "".join(
            f", {self._cell(kind, f'{alias}.{quoted(name)}' if name in there else 'NULL')} AS {quoted(name)}"
            for name, kind in self._of(entity)
        )

    def _cell(self, kind: Kind, column: str) -> str:
        scale = scale_of(kind)
        return f"{column}::{_TYPES.get(kind.base, 'VARCHAR')}" if scale is None else self._numbers.loaded(column, scale)

    def _answered(self, record: str) -> str:
        """True, or unknown where the reason of a missing answer stands."""
        why = f"{record}__why"
        if why not in self._present.get("person", set()):
            return "NULL::BOOLEAN"
        return f"CASE WHEN f.{quoted(why)} IS NULL THEN TRUE END"


def _table(name: str, query: str) -> str:
    return f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS {query}"
