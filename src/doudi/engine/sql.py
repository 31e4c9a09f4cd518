"""A rulebook as DuckDB statements over one slice of a snapshot: temporary tables, step by step.

`statements()` returns the SQL that works out the wanted household quantities of one slice into the table `result`.
Households and persons are numbered within the slice (h, p), so that joins are on whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from doudi.engine.quantities import Rulebook
from doudi.engine.sql_aggregates import MACROS, aggregate, condition, known_part, once_per_key, over_nobody
from doudi.engine.sql_expression import SCALE, Renderer, Sql, is_number, literal, quoted, rescale
from doudi.engine.sql_plan import HeadColumn, ParameterColumn, Planned, Planner
from doudi.engine.tree import Aggregate, Kind, KnownExceeds, Node, Ref
from doudi.engine.walk import aggregates, references

_KEY = {"household": "h", "person": "p"}


@dataclass(slots=True)
class _Joins:
    """What the inner select of one step needs beside the entity's own columns."""

    outer: dict[tuple[str, str], None] = field(default_factory=dict)
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = field(default_factory=dict)


class Statements:
    """Builds the statements of one rulebook for one day and the columns that a snapshot holds."""

    def __init__(self, rulebook: Rulebook, as_of: date, outputs: list[str], present: dict[str, set[str]]) -> None:
        self._rulebook, self._as_of, self._outputs = rulebook, as_of, outputs
        self._present = present
        self._planner = Planner(rulebook, present)
        for name in outputs:
            self._planner.need("household", name, rulebook.quantities[f"household.{name}"].kind)
        self._scales: dict[tuple[str, str], int | None] = {}
        self._last_use = self._uses()
        self._table: dict[str, str] = {}
        self._aggregates: dict[Node, tuple[str, str]] = {}
        self._known: dict[KnownExceeds, tuple[str, str]] = {}

    def render(self, source: Callable[[str], str]) -> list[str]:
        """All statements; `source` gives the SQL that reads one table of the slice (households, persons or a record)."""
        texts = list(MACROS) + self._load(source)
        last = max((c.step for c in self._planner.planned.values()), default=0)
        for step in range(1, last + 1):
            for entity in self._entities():
                columns = [c for c in self._planner.planned.values() if c.step == step and c.entity == entity]
                if columns:
                    texts.append(self._step(entity, step, columns))
        texts.append(self._result())
        return texts

    def _entities(self) -> list[str]:
        return ["household", "person", *self._records()]

    def _records(self) -> list[str]:
        used = {e for e, _ in [*self._planner.facts, *self._planner.planned]}
        over = {a.over for c in self._planner.planned.values() for a in aggregates(c.formula)}
        return [name for name in self._rulebook.records if name in used | over]

    def _uses(self) -> dict[tuple[str, str], int]:
        uses: dict[tuple[str, str], int] = {("household", n): 10**6 for n in self._outputs}
        uses["household", "area"] = 10**6
        for column in self._planner.planned.values():
            names = [(r.entity, r.name) for r, _ in references(column.formula, column.entity)]
            if isinstance(column.formula, HeadColumn):
                names.append(("person", column.formula.name))
            if isinstance(column.formula, ParameterColumn):
                names.append(("household", f"by__{column.formula.parameter}"))
                uses["household", column.name] = 10**6
                uses["household", f"by__{column.formula.parameter}"] = 10**6
            for name in names:
                uses[name] = max(uses.get(name, 0), column.step)
        return uses

    # -- loading ---------------------------------------------------------------------------------------------------

    def _load(self, source: Callable[[str], str]) -> list[str]:
        head = "LEFT JOIN person_0 AS q ON q.household_id = s.household_id AND q.person_id = s.head_id"
        texts = [
            f"CREATE OR REPLACE TEMP TABLE slice_household AS SELECT row_number() OVER ()::INTEGER AS h, * FROM {source('households')}",
            "CREATE OR REPLACE TEMP TABLE person_0 AS SELECT row_number() OVER ()::INTEGER AS p, s.h, f.household_id, f.person_id, "
            f"coalesce(f.member, TRUE) AS member{self._facts('person', 'f')}{self._answers()} "
            f"FROM {source('persons')} AS f JOIN slice_household AS s USING (household_id)",
            "CREATE OR REPLACE TEMP TABLE household_0 AS SELECT s.h, s.household_id, q.p AS head_p"
            f"{self._facts('household', 's')} FROM slice_household AS s {head}",
        ]
        self._table.update(household="household_0", person="person_0")
        for record in self._records():
            texts.append(self._load_record(record, source))
            self._table[record] = f"{record}_0"
        return texts

    def _facts(self, entity: str, alias: str) -> str:
        texts = []
        needed = dict(self._planner.facts)
        if entity == "household":
            needed.setdefault(("household", "area"), Kind("area"))
        for (owner, name), kind in needed.items():
            if owner != entity or name.endswith("__answered"):
                continue
            column = f"{alias}.{quoted(name)}" if name in self._present.get(entity, set()) else "NULL"
            texts.append(f"{self._loaded(entity, name, kind, column)} AS {quoted(name)}")
        return "".join(", " + t for t in texts)

    def _loaded(self, entity: str, name: str, kind: Kind, column: str) -> str:
        if kind.base in ("number", "integer"):
            scale = 0 if kind.base == "integer" else kind.scale if kind.scale is not None else SCALE
            self._scales[entity, name] = scale
            return f"({column}::DECIMAL(38,{scale}) * {10**scale})::HUGEINT" if scale else f"{column}::HUGEINT"
        types = {"boolean": "BOOLEAN", "date": "DATE", "month": "DATE"}
        return f"{column}::{types.get(kind.base, 'VARCHAR')}"

    def _answers(self) -> str:
        texts = []
        for record in self._records():
            why = f"{record}__why"
            known = (
                f"CASE WHEN f.{quoted(why)} IS NULL THEN TRUE END"
                if why in self._present.get("person", set())
                else "NULL::BOOLEAN"
            )
            texts.append(f", {known} AS {quoted(record + '__answered')}")
        return "".join(texts)

    def _load_record(self, record: str, source: Callable[[str], str]) -> str:
        answered = quoted(f"{record}__answered")
        phantom = f"SELECT p.h, p.p, p.member, TRUE AS phantom{self._phantom_columns(record)} FROM person_0 AS p WHERE p.{answered} IS NULL"
        if record not in self._present:
            return f"CREATE OR REPLACE TEMP TABLE {quoted(record + '_0')} AS {phantom}"
        rows = (
            f"SELECT p.h, p.p, p.member, FALSE AS phantom{self._facts(record, 'f')} FROM {source(record)} AS f "
            f"JOIN person_0 AS p ON p.household_id = f.household_id AND p.person_id = f.person_id WHERE p.{answered}"
        )
        return f"CREATE OR REPLACE TEMP TABLE {quoted(record + '_0')} AS {rows} UNION ALL {phantom}"

    def _phantom_columns(self, record: str) -> str:
        texts = []
        for (owner, name), kind in self._planner.facts.items():
            if owner == record:
                texts.append(f", {self._loaded(record, name, kind, 'NULL')} AS {quoted(name)}")
        return "".join(texts)

    # -- steps -----------------------------------------------------------------------------------------------------

    def _step(self, entity: str, step: int, columns: list[Planned]) -> str:
        joins = _Joins()
        layers = self._layers(entity, columns, joins)
        text = self._inner(entity, columns, joins)
        for layer in layers:
            text = f"SELECT *, {layer} FROM ({text})"
        kept = self._kept(entity, step, columns)
        table = f"{entity}_{step}"
        self._table[entity] = table
        return f"CREATE OR REPLACE TEMP TABLE {quoted(table)} AS SELECT {kept} FROM ({text})"

    def _layers(self, entity: str, columns: list[Planned], joins: _Joins) -> list[str]:
        renderer = self._renderer(entity, joins)
        layers: dict[int, list[str]] = {}
        for column in sorted(columns, key=lambda c: c.layer):
            if isinstance(column.formula, HeadColumn):
                self._scales[entity, column.name] = self._scales.get(("person", column.formula.name))
                continue
            value = (
                self._parameter(column.formula)
                if isinstance(column.formula, ParameterColumn)
                else renderer.render(column.formula)
            )
            self._scales[entity, column.name] = value.scale
            layers.setdefault(column.layer, []).append(f"{value.text} AS {quoted(column.name)}")
        return [", ".join(layers[key]) for key in sorted(layers)]

    def _renderer(self, entity: str, joins: _Joins) -> Renderer:
        def column(ref: Ref) -> Sql:
            scale = self._scales.get((ref.entity, ref.name))
            if ref.entity == entity:
                return Sql(quoted(ref.name), scale)
            joins.outer[ref.entity, ref.name] = None
            return Sql(quoted(f"{ref.entity}.{ref.name}"), scale)

        return Renderer(
            self._as_of,
            column,
            lambda node: self._grouped(entity, node, joins),
            lambda node: self._exceeding(entity, node, joins),
        )

    def _inner(self, entity: str, columns: list[Planned], joins: _Joins) -> str:
        select, source = ["e.*"], f"{quoted(self._table[entity])} AS e"
        for owner in dict.fromkeys(o for o, _ in joins.outer):
            source += f" JOIN {quoted(self._table[owner])} AS {quoted('o_' + owner)} USING ({_KEY[owner]})"
        select += [f"{quoted('o_' + o)}.{quoted(n)} AS {quoted(f'{o}.{n}')}" for o, n in joins.outer]
        heads = [c for c in columns if isinstance(c.formula, HeadColumn)]
        if heads:
            source += f" LEFT JOIN {quoted(self._table['person'])} AS hp ON hp.p = e.head_p"
            select += [
                f"hp.{quoted(c.formula.name)} AS {quoted(c.name)}" for c in heads if isinstance(c.formula, HeadColumn)
            ]
        for alias, (query, names) in joins.groups.items():
            source += f" LEFT JOIN ({query}) AS {alias} ON {alias}.{_KEY[entity]} = e.{_KEY[entity]}"
            select += [f"{alias}.{inner} AS {name}" for inner, name in names]
            select.append(f"{alias}.{_KEY[entity]} AS {alias}_there")
        return f"SELECT {', '.join(select)} FROM {source}"

    def _kept(self, entity: str, step: int, columns: list[Planned]) -> str:
        keys = {
            "household": ["h", "household_id", "head_p"],
            "person": ["p", "h", "member", "household_id", "person_id"],
        }
        names = keys.get(entity, ["h", "p", "member", "phantom"])
        done = {c.name for c in columns}
        mine = {n for e, n in [*self._planner.facts] if e == entity} | done
        if entity == "household":
            mine.add("area")
        mine |= {c.name for c in self._planner.planned.values() if c.entity == entity and c.step < step}
        if entity == "person":
            mine |= {f"{r}__answered" for r in self._records()}
        names = names + sorted(n for n in mine if self._last_use.get((entity, n), 0) >= step and n not in names)
        return ", ".join(quoted(n) for n in names)

    # -- aggregates ------------------------------------------------------------------------------------------------

    def _rows(self, entity: str, node: Aggregate, extra: list[tuple[str, Node | None]]) -> tuple[str, int | None]:
        """The rows an aggregate reads: group key, condition c, and the named extras; the scale of the first number among them."""
        joins = _Joins()
        renderer = self._renderer(node.over, joins)
        where = renderer.text(node.where) if node.where is not None else None
        parts = [f"{condition(where, phantoms=node.over != 'person')} AS c"]
        scale: int | None = None
        for name, value in extra:
            rendered = renderer.render(value) if value is not None else Sql("TRUE")
            if name == "v":
                scale = rendered.scale
            parts.append(f"{rendered.text} AS {name}")
        assert not joins.groups, "aggregates inside aggregates are hoisted by the planner"
        inner = self._inner(node.over, [], joins)
        members = " WHERE member" if entity == "household" else ""
        return f"SELECT {_KEY[entity]}, {', '.join(parts)} FROM ({inner}){members}", scale

    def _grouped(self, entity: str, node: Aggregate, joins: _Joins) -> Sql:
        alias = f"g{len(joins.groups)}"
        key = _KEY[entity]
        extra: list[tuple[str, Node | None]] = [("v", node.value)]
        if node.once_per is not None:
            rows, scale = self._rows(entity, node, [*extra, ("k", node.once_per)])
            query = once_per_key(rows, key)
        else:
            rows, scale = self._rows(entity, node, [*extra, ("k", node.order)])
            query = f"SELECT {key}, {aggregate(node.op, 'c', 'v', 'k')} AS a FROM ({rows}) GROUP BY {key}"
        joins.groups[alias] = (query, [("a", f"{alias}_a")])
        value = over_nobody(node.op, f"{alias}_a", f"{alias}_there")
        if is_number(node):
            return Sql(value.text, 0 if node.op in ("count", "count_distinct") else scale)
        return value

    def _exceeding(self, entity: str, node: KnownExceeds, joins: _Joins) -> tuple[str, str]:
        alias, key = f"g{len(joins.groups)}", _KEY[entity]
        rows, scale = self._rows(entity, node.total, [("v", node.total.value)])
        known, unknown = known_part("c", "v")
        joins.groups[alias] = (
            f"SELECT {key}, {known} AS a, {unknown} AS b FROM ({rows}) GROUP BY {key}",
            [("a", f"{alias}_a"), ("b", f"{alias}_b")],
        )
        return rescale(Sql(f"coalesce({alias}_a, 0::HUGEINT)", scale), SCALE), f"coalesce({alias}_b, FALSE)"

    # -- parameters and result ---------------------------------------------------------------------------------------

    def _parameter(self, node: ParameterColumn) -> Sql:
        parameter = self._rulebook.parameters[node.parameter]
        scale = _parameter_scale(self._rulebook, node.parameter) if is_number(node) else None
        text = "CASE"
        for value in sorted(parameter.values, key=lambda v: (-len(v.area), -v.from_on.toordinal())):
            if value.from_on > self._as_of or (value.to_on is not None and value.to_on < self._as_of):
                continue
            tests = [f"starts_with(area, {literal(value.area)})"] if value.area else ["area IS NOT NULL"]
            if parameter.by is not None:
                if value.key is None:
                    continue
                tests.append(f"{quoted('by__' + node.parameter)} = {literal(str(value.key))}")
            text += f" WHEN {' AND '.join(tests)} THEN {_constant(value.value, scale)}"
        return Sql(f"({text} END)" if text != "CASE" else "NULL", scale)

    def _result(self) -> str:
        parts = ["household_id", "area"]
        for name in self._outputs:
            scale = self._scales.get(("household", name))
            parts.append(f"{_shown(quoted(name), scale)} AS {quoted(name)}")
        gaps = []
        for column in self._planner.planned.values():
            if isinstance(column.formula, ParameterColumn):
                by = self._rulebook.parameters[column.formula.parameter].by
                known = f" AND {quoted('by__' + column.formula.parameter)} IS NOT NULL" if by is not None else ""
                gaps.append(
                    f"WHEN {quoted(column.name)} IS NULL AND area IS NOT NULL{known} THEN {literal('parameter_gap:' + column.formula.parameter)}"
                )
        error = f"CASE {' '.join(gaps)} END" if gaps else "NULL::VARCHAR"
        return f"CREATE OR REPLACE TEMP TABLE result AS SELECT {', '.join(parts)}, {error} AS error FROM {quoted(self._table['household'])}"


def _parameter_scale(rulebook: Rulebook, name: str) -> int:
    exponents = [int(Decimal(str(v.value)).normalize().as_tuple().exponent) for v in rulebook.parameters[name].values]
    return max([0, *(-e for e in exponents)])


def _constant(value: object, scale: int | None) -> str:
    if scale is not None:
        return f"{int(Decimal(str(value)).scaleb(scale))}::HUGEINT"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return literal(str(value))


def _shown(column: str, scale: int | None) -> str:
    if scale is None or scale == 0:
        return column if scale is None else f"{column}::DECIMAL(38,0)"
    step = "0." + "0" * (scale - 1) + "1"
    return f"({column}::DECIMAL({38 - scale},0) * {step}::DECIMAL({scale},{scale}))"
