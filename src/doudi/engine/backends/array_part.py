"""Some households of a snapshot worked out over arrays: every quantity the outputs need, once, for all of them together.

Persons and households stand in the order of the snapshot and are known by their place in it, so that nothing is joined: a
household's values are repeated for its persons, a person's for their rows, and rows of one owner stand together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from doudi.engine.backends.array_figures import Cache, figure
from doudi.engine.backends.array_files import ALL, File, Layout, missing, plain, values
from doudi.engine.backends.array_formulas import Formulas, nothing
from doudi.engine.backends.array_results import column
from doudi.engine.backends.array_rows import Rows, aggregated, known_part, once_per_key
from doudi.engine.backends.arrays import Array, Code, Number, Truth, Values, taken
from doudi.engine.quantities import Rulebook
from doudi.engine.sql_load import scale_of
from doudi.engine.sql_plan import Planner
from doudi.engine.tree import Aggregate, Kind, Ref

_FILES = {"household": "households", "person": "persons"}


@dataclass(frozen=True, slots=True)
class Screening:
    """What is to be worked out from which files. Shared by all parts, whatever thread they run in."""

    rulebook: Rulebook
    as_of: date
    outputs: list[str]
    files: dict[str, File]
    """By entity."""
    facts: dict[str, dict[str, Kind]]
    """By entity: the columns needed."""
    quantities: list[tuple[str, str]]
    """(entity, name) of those needed, each after what it needs."""
    figures: Cache = field(default_factory=dict)


def screening(rulebook: Rulebook, snapshot: Path, as_of: date, outputs: list[str]) -> Screening:
    """The files of a snapshot and what of them the outputs need."""
    names = ["household", "person", *rulebook.records]
    paths = {name: snapshot / f"{_FILES.get(name, name)}.parquet" for name in names}
    files = {name: File(path) for name, path in paths.items() if path.exists()}
    planner = Planner(rulebook, {name: file.columns for name, file in files.items()})
    for name in outputs:
        planner.need("household", name, rulebook.quantities[f"household.{name}"].kind)
    facts: dict[str, dict[str, Kind]] = {name: {} for name in names}
    for (entity, name), kind in planner.facts.items():
        facts[entity][name] = kind
    facts["household"]["area"] = Kind("area")
    for entity, file in files.items():
        file.read_as_codes(facts[entity])
    ordered = [(q.entity, q.name) for q in rulebook.quantities.values() if (q.entity, q.name) in planner.planned]
    return Screening(rulebook, as_of, outputs, files, facts, ordered)


@dataclass(slots=True)
class _Scope:
    """Everyone of one entity: how many, their stored columns, and whose they are (by place)."""

    count: int
    table: dict[str, Values]
    owner: dict[str, Array] = field(default_factory=dict)
    phantoms: int = 0


class Part:
    """Households from one row to another."""

    def __init__(self, work: Screening, first: int, last: int) -> None:
        self._work, self._first, self._last = work, first, last
        self.as_of = work.as_of
        self._scopes: dict[str, _Scope] = {}
        self._found: dict[tuple[str, str, str], Values] = {}
        self._rows: dict[tuple[str, str], Rows] = {}
        self._errors: list[tuple[str, Any]] = []
        self._open_households()
        self._open_persons()

    def run(self) -> pa.Table:
        """The outputs of every household, in order."""
        for entity, name in self._work.quantities:
            self._column(entity, name)
        count = self.count("household")
        columns = {"household_id": self._ids, "area": column(self._column("household", "area"), count)}
        for name in self._work.outputs:
            columns[name] = column(self._column("household", name), count)
        columns["error"] = self._told_errors(count)
        return pa.table(columns)

    def _told_errors(self, count: int) -> pa.Array:
        """The first figure that is not set, by household."""
        places = np.full(count, -1, np.int32)
        for number, (_, mask) in reversed(list(enumerate(self._errors))):
            places[mask] = number
        return column(Code(places, tuple(f"parameter_gap:{name}" for name, _ in self._errors)), count)

    # -- reading ---------------------------------------------------------------------------------------------------

    def _stored(self, entity: str, keys: list[str]) -> tuple[pa.Table, list[str]]:
        file = self._work.files[entity]
        wanted = [name for name in self._work.facts[entity] if name in file.columns and name not in keys]
        return file.read([*keys, *wanted], self._first, self._last), wanted

    def _open_households(self) -> None:
        table, wanted = self._stored("household", ["household_row", "head_row", "household_id"])
        table = _between(table, "household_row", self._first, self._last)
        self._households = Places(plain(table["household_row"]))
        self._ids, self._heads = table["household_id"], plain(table["head_row"])
        self._scopes["household"] = _Scope(table.num_rows, self._values("household", table, wanted))

    def _open_persons(self) -> None:
        whys = [f"{name}__why" for name in self._work.rulebook.records]
        whys = [name for name in whys if name in self._work.files["person"].columns]
        table, wanted = self._stored("person", ["person_row", "household_row", "member", *whys])
        table = _between(table, "household_row", self._first, self._last)
        self._numbers = plain(table["person_row"])
        self._persons = Places(self._numbers)
        owner = self._households.of(plain(table["household_row"]))
        self._scopes["person"] = _Scope(table.num_rows, self._values("person", table, wanted), {"household": owner})
        self._member = table["member"].combine_chunks().fill_null(True).to_numpy(zero_copy_only=False)
        self._scopes["person"].table["member"] = Truth(self._member, ~self._member)
        self._silent = {name: ~missing(table[name]) for name in whys}

    def _values(self, entity: str, table: pa.Table, wanted: list[str], layout: Layout = ALL) -> dict[str, Values]:
        kinds = self._work.facts[entity]
        return {name: values(table[name], kinds[name], layout) for name in wanted}

    def _open_record(self, record: str) -> _Scope:
        """The rows of those whose feed answered, and after them one unknown row for each of the others."""
        silent = self._silent.get(f"{record}__why", np.ones(self.count("person"), bool))
        unanswered = np.flatnonzero(silent)
        if record not in self._work.files or not len(self._numbers):
            owner, table = np.empty(0, np.int64), {}
        else:
            stored, wanted = self._stored(record, ["person_row"])
            stored = _between(stored, "person_row", int(self._numbers.min()), int(self._numbers.max()))
            owner = self._persons.of(plain(stored["person_row"]))
            keep = None
            if len(unanswered) or (len(owner) and int(owner.min()) < 0):
                kept = (owner >= 0) & ~silent[owner]
                keep = None if kept.all() else np.flatnonzero(kept)
            owner = owner if keep is None else owner[keep]
            table = self._values(record, stored, wanted, Layout(keep, len(unanswered)))
        owner = np.concatenate([owner, unanswered])
        return _Scope(
            len(owner),
            table,
            {"person": owner, "household": self._scopes["person"].owner["household"][owner]},
            len(unanswered),
        )

    def _scope(self, entity: str) -> _Scope:
        if entity not in self._scopes:
            self._scopes[entity] = self._open_record(entity)
        return self._scopes[entity]

    # -- what formulas read ----------------------------------------------------------------------------------------

    def count(self, scope: str) -> int:
        """How many there are."""
        return self._scope(scope).count

    def ref(self, ref: Ref, scope: str) -> Values:
        """A fact, quantity or parameter for everyone of the scope."""
        owner = "household" if ref.via_head or ref.entity == "parameter" else ref.entity
        kind = "head" if ref.via_head else ref.entity
        return self._seen_from(scope, owner, kind, ref.name, lambda: self._own(ref))

    def _seen_from(self, scope: str, owner: str, kind: str, name: str, work: Callable[[], Values]) -> Values:
        if (scope, kind, name) in self._found:
            return self._found[scope, kind, name]
        if scope == owner:
            found = work()
        else:
            found = taken(self._seen_from(owner, owner, kind, name, work), self._scope(scope).owner[owner])
        self._found[scope, kind, name] = found
        return found

    def _own(self, ref: Ref) -> Values:
        if ref.entity == "parameter":
            found, gaps = figure(self._work.rulebook.parameters[ref.name], self, self._work.figures)
            if gaps is not None:
                self._errors.append((ref.name, gaps))
            return found
        if ref.via_head:
            return taken(self._column("person", ref.name), self._persons.of(self._heads), True)
        return self._worked_out(ref.entity, ref.name)

    def _column(self, entity: str, name: str) -> Values:
        return self._seen_from(entity, entity, entity, name, lambda: self._worked_out(entity, name))

    def _worked_out(self, entity: str, name: str) -> Values:
        stored = self._scope(entity).table.get(name)
        if stored is not None:
            return stored
        quantity = self._work.rulebook.quantities.get(f"{entity}.{name}")
        if quantity is not None:
            return Formulas(self, entity).value(quantity.formula)
        kind = self._work.facts[entity].get(name)
        return (
            nothing(kind, scale_of(kind) or 0) if kind else nothing(self._work.rulebook.facts[f"{entity}.{name}"].kind)
        )

    def answered(self, record: str, scope: str) -> Truth:
        """Whether the owner's rows of a record may be read."""
        silent = self._silent.get(f"{record}__why", np.ones(self.count("person"), bool))
        found = Truth(~silent, np.zeros(len(silent), bool))
        if scope == "person":
            return found
        seen = taken(found, self._scope(scope).owner["person"])
        assert isinstance(seen, Truth)
        return seen

    # -- aggregates ------------------------------------------------------------------------------------------------

    def aggregate(self, node: Aggregate, scope: str) -> Values:
        """An aggregate over the members or rows of everyone of the scope."""
        rows, where = self._rows_of(node), self._condition(node)
        work = Formulas(self, node.over)
        value = work.value(node.value) if node.value is not None else None
        if node.once_per is not None:
            assert isinstance(value, Number)
            found: Values = once_per_key(rows, where, value, work.value(node.once_per))
        else:
            order = work.value(node.order) if node.order is not None else None
            found = aggregated(node.op, rows, where, value, order)
        return found if scope == node.within else taken(found, self._scope(scope).owner[node.within])

    def known_part(self, node: Aggregate, scope: str) -> tuple[Number, Array]:
        """(sum of what is known, where any part is unknown)."""
        assert node.value is not None and scope == node.within
        return known_part(self._rows_of(node), self._condition(node), Formulas(self, node.over).number(node.value))

    def _rows_of(self, node: Aggregate) -> Rows:
        key = (node.over, node.within)
        if key not in self._rows:
            over = self._scope(node.over)
            self._rows[key] = Rows(over.owner[node.within], self.count(node.within), over.phantoms)
        return self._rows[key]

    def _condition(self, node: Aggregate) -> Truth:
        """The condition of the rows; only those of members count in a household."""
        where = Truth(np.True_, np.False_)
        if node.where is not None:
            where = Formulas(self, node.over).truth(node.where)
        if node.within != "household" or self._member.all():
            return where
        member = self._member if node.over == "person" else self._member[self._scope(node.over).owner["person"]]
        return Truth(where.t & member, where.f | ~member)


class Places:
    """The numbers of some things (persons, households) in their order, and at which place each stands."""

    def __init__(self, numbers: Array) -> None:
        self._numbers = numbers
        self._follow = bool(len(numbers)) and bool((np.diff(numbers) == 1).all())

    def of(self, wanted: Array) -> Array:
        """The place of each number wanted; -1 for one that is not there."""
        count = len(self._numbers)
        if self._follow:
            places = np.subtract(wanted, int(self._numbers[0]), dtype=np.int64)
            if len(places) and (int(places.min()) < 0 or int(places.max()) >= count):
                places[(places < 0) | (places >= count)] = -1
            return places
        if not count:
            return np.full(len(wanted), -1, np.int64)
        order = np.argsort(self._numbers, kind="stable")
        found = order[np.searchsorted(self._numbers, wanted, sorter=order).clip(0, count - 1)]
        return np.where(self._numbers[found] == wanted, found, -1)


def _between(table: pa.Table, key: str, first: int, last: int) -> pa.Table:
    """The rows whose key lies between, in its order."""
    keys = plain(table[key])
    if len(keys) and (keys[1:] < keys[:-1]).any():
        table = table.take(pa.array(np.argsort(keys, kind="stable")))
        keys = plain(table[key])
    if len(keys) and first <= keys[0] and keys[-1] <= last:
        return table
    start, end = np.searchsorted(keys, first), np.searchsorted(keys, last, side="right")
    return table.slice(int(start), int(end - start))
