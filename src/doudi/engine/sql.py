"""A rulebook as DuckDB statements over some households of a snapshot: temporary tables, step by step.

`render()` gives the SQL that works out the wanted household quantities into the table `result`. Within one step of one entity
everything that is aggregated over the same rows is one GROUP BY, and a table is dropped as soon as the next one stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from doudi.engine.quantities import Rulebook
from doudi.engine.sql_aggregates import MACROS, Grouping, condition, once_per_key, read_back
from doudi.engine.sql_expression import Renderer, is_number, quoted
from doudi.engine.sql_load import Loader, Source, scale_of
from doudi.engine.sql_numbers import NARROW, Numbers, Sql
from doudi.engine.sql_parameters import gap, parameter
from doudi.engine.sql_plan import HeadColumn, ParameterColumn, Planned, Planner
from doudi.engine.tree import Aggregate, KnownExceeds, Ref
from doudi.engine.walk import aggregates, references

_KEY = {"household": "h", "person": "p"}
_TO_THE_END = 10**6


@dataclass(slots=True)
class _Joins:
    """What the inner select of one step needs beside the entity's own columns."""

    outer: dict[tuple[str, str], None] = field(default_factory=dict)
    groups: dict[str, _Group] = field(default_factory=dict)
    """By what is aggregated; sums once per key stand alone."""


@dataclass(slots=True)
class _Group:
    """One grouping to be joined under an alias. A finished `query` has the single column a0."""

    alias: str
    grouping: Grouping
    joins: _Joins = field(default_factory=_Joins)
    query: str | None = None


class Statements:
    """Builds the statements of one rulebook for one day and the columns that a snapshot holds."""

    def __init__(
        self,
        rulebook: Rulebook,
        as_of: date,
        outputs: list[str],
        present: dict[str, set[str]],
        numbers: Numbers = NARROW,
    ) -> None:
        self._rulebook, self._as_of, self._outputs, self._numbers = rulebook, as_of, outputs, numbers
        self._planner = Planner(rulebook, present)
        for name in outputs:
            self._planner.need("household", name, rulebook.quantities[f"household.{name}"].kind)
        self._planned = list(self._planner.planned.values())
        self._scales: dict[tuple[str, str], int | None] = {
            key: scale_of(kind) for key, kind in self._planner.facts.items()
        }
        self._records = self._used_records()
        self._last_use = self._uses()
        self._gaps: list[str] = []
        self._table = {entity: f"{entity}_0" for entity in ("household", "person", *self._records)}
        self._loader = Loader(numbers, self._planner.facts, self._records, present)
        self._steps = self._all_steps()

    def render(self, source: Source) -> list[str]:
        """All statements; `source` gives the SQL that reads one table (households, persons or a record)."""
        return [*MACROS, *self._loader.statements(source), *self._steps]

    def _used_records(self) -> list[str]:
        used = {e for e, _ in [*self._planner.facts, *self._planner.planned]}
        over = {a.over for c in self._planned for a in aggregates(c.formula)}
        answered = {n.removesuffix("__answered") for e, n in self._planner.facts if e == "person"}
        return [name for name in self._rulebook.records if name in used | over | answered]

    def _uses(self) -> dict[tuple[str, str], int]:
        """The last step that reads each column."""
        uses: dict[tuple[str, str], int] = {("household", n): _TO_THE_END for n in self._outputs}
        for column in self._planned:
            names = [(r.entity, r.name) for r, _ in references(column.formula, column.entity)]
            if isinstance(column.formula, HeadColumn):
                names.append(("person", column.formula.name))
            if isinstance(column.formula, ParameterColumn):
                names += [("household", f"by__{column.formula.parameter}"), ("household", "area")]
            for name in names:
                uses[name] = max(uses.get(name, 0), column.step)
        return uses

    # -- steps -----------------------------------------------------------------------------------------------------

    def _all_steps(self) -> list[str]:
        texts = []
        for step in range(1, max((c.step for c in self._planned), default=0) + 1):
            for entity in ("household", "person", *self._records):
                columns = [c for c in self._planned if c.step == step and c.entity == entity]
                if columns:
                    texts += self._step(entity, step, columns)
        return [*texts, self._result()]

    def _step(self, entity: str, step: int, columns: list[Planned]) -> list[str]:
        joins = _Joins()
        layers = self._layers(entity, step, columns, joins)
        text = self._inner(entity, columns, joins)
        for layer in layers:
            text = f"SELECT *, {layer} FROM ({text})"
        kept = self._kept(entity, step, columns)
        before, self._table[entity] = self._table[entity], f"{entity}_{step}"
        texts = [f"CREATE OR REPLACE TEMP TABLE {quoted(self._table[entity])} AS SELECT {kept} FROM ({text})"]
        return texts if before == "household_0" else [*texts, f"DROP TABLE {quoted(before)}"]

    def _layers(self, entity: str, step: int, columns: list[Planned], joins: _Joins) -> list[str]:
        renderer = self._renderer(entity, joins)
        layers: dict[int, list[str]] = {}
        for column in sorted(columns, key=lambda c: c.layer):
            formula = column.formula
            if isinstance(formula, HeadColumn):
                self._scales[entity, column.name] = self._scales.get(("person", formula.name))
                continue
            if isinstance(formula, ParameterColumn):
                value = parameter(self._rulebook.parameters[formula.parameter], self._as_of, self._numbers)
            else:
                value = renderer.render(formula)
            self._scales[entity, column.name] = value.scale
            layers.setdefault(column.layer, []).append(f"{value.text} AS {quoted(column.name)}")
        texts = [", ".join(layers[key]) for key in sorted(layers)]
        figures = [c.formula.parameter for c in columns if isinstance(c.formula, ParameterColumn)]
        if figures:
            self._gaps.append(f"gap__{step}")
            texts.append(f"{gap([self._rulebook.parameters[name] for name in figures])} AS gap__{step}")
        return texts

    def _renderer(self, entity: str, joins: _Joins) -> Renderer:
        def column(ref: Ref) -> Sql:
            scale = self._scales.get((ref.entity, ref.name))
            if ref.entity == entity:
                return Sql(quoted(ref.name), scale)
            joins.outer[ref.entity, ref.name] = None
            return Sql(quoted(f"{ref.entity}.{ref.name}"), scale)

        return Renderer(
            self._as_of,
            self._numbers,
            column,
            lambda node: self._grouped(entity, node, joins),
            lambda node: self._exceeding(entity, node, joins),
        )

    def _inner(self, entity: str, columns: list[Planned], joins: _Joins) -> str:
        """The entity's own columns with those of its household or person, of its head, and of its groups."""
        key = _KEY.get(entity, "")
        select, source = ["e.*"], f"{quoted(self._table[entity])} AS e"
        for owner in dict.fromkeys(o for o, _ in joins.outer):
            other, by = quoted("o_" + owner), _KEY[owner]
            source += f" JOIN {quoted(self._table[owner])} AS {other} ON {other}.{by} = e.{by}"
        select += [f"{quoted('o_' + o)}.{quoted(n)} AS {quoted(f'{o}.{n}')}" for o, n in joins.outer]
        heads = [c for c in columns if isinstance(c.formula, HeadColumn)]
        if heads:
            source += f" LEFT JOIN {quoted(self._table['person'])} AS hp ON hp.p = e.head_p"
            select += [
                f"hp.{quoted(c.formula.name)} AS {quoted(c.name)}" for c in heads if isinstance(c.formula, HeadColumn)
            ]
        for over, group in joins.groups.items():
            alias, query = group.alias, group.query or self._query(entity, over, group)
            source += f" LEFT JOIN ({query}) AS {alias} ON {alias}.{key} = e.{key}"
            made = ["a0"] if group.query else group.grouping.made.values()
            select += [f"{alias}.{name} AS {alias}_{name}" for name in made]
            select.append(f"{alias}.{key} AS {alias}_there")
        return f"SELECT {', '.join(select)} FROM {source}"

    def _kept(self, entity: str, step: int, columns: list[Planned]) -> str:
        """Keys, and every column that a later step (or this one, of another entity) still reads."""
        keys = {"household": ["h", "head_p"], "person": ["p", "h", "member"]}
        names = keys.get(entity, ["h", "p", "member", "phantom"])
        mine = {n for e, n in self._planner.facts if e == entity} | {c.name for c in columns}
        mine |= {c.name for c in self._planned if c.entity == entity and c.step < step}
        if entity == "household":
            mine.add("area")
        if entity == "person":
            mine |= {f"{r}__answered" for r in self._records}
        names = names + sorted(n for n in mine if self._last_use.get((entity, n), 0) >= step and n not in names)
        return ", ".join(quoted(n) for n in [*names, *(self._gaps if entity == "household" else ())])

    # -- aggregates ------------------------------------------------------------------------------------------------

    def _group(self, node: Aggregate, joins: _Joins) -> _Group:
        if node.over not in joins.groups or node.once_per is not None:
            name = node.over if node.once_per is None else f"{node.over} once {len(joins.groups)}"
            joins.groups[name] = _Group(f"g{len(joins.groups)}", Grouping(self._numbers))
            return joins.groups[name]
        return joins.groups[node.over]

    def _parts(self, node: Aggregate, group: _Group) -> tuple[str, str, str, int | None]:
        """Texts of condition, value and key (or order) of the rows an aggregate reads; the scale of the value."""
        renderer = self._renderer(node.over, group.joins)
        where = renderer.text(node.where) if node.where is not None else None
        value = renderer.render(node.value) if node.value is not None else Sql("TRUE")
        by = node.once_per or node.order
        key = renderer.text(by) if by is not None else "TRUE"
        assert not group.joins.groups, "aggregates inside aggregates are hoisted by the planner"
        return condition(where, phantoms=node.over != "person"), value.text, key, value.scale

    def _members(self, entity: str) -> str:
        return " WHERE member" if entity == "household" else ""

    def _query(self, entity: str, over: str, group: _Group) -> str:
        return group.grouping.query(_KEY[entity], self._inner(over, [], group.joins), self._members(entity))

    def _grouped(self, entity: str, node: Aggregate, joins: _Joins) -> Sql:
        group = self._group(node, joins)
        c, v, k, scale = self._parts(node, group)
        if node.once_per is not None:
            source = self._inner(node.over, [], group.joins)
            group.query = once_per_key(self._numbers, _KEY[entity], source, self._members(entity), c, v, k)
            name = "a0"
        else:
            name = group.grouping.aggregate(node.op, c, v, k)
        value = read_back(node.op, f"{group.alias}_{name}", f"{group.alias}_there", self._numbers)
        if not is_number(node):
            return value
        return Sql(value.text, 0 if node.op in ("count", "count_distinct") else scale)

    def _exceeding(self, entity: str, node: KnownExceeds, joins: _Joins) -> tuple[Sql, str]:
        group = self._group(node.total, joins)
        c, v, _, scale = self._parts(node.total, group)
        known, unknown = group.grouping.known_part(c, v)
        total = f"coalesce({group.alias}_{known}, {self._numbers.whole(0)})"
        return Sql(total, scale), f"coalesce({group.alias}_{unknown}, FALSE)"

    # -- result ------------------------------------------------------------------------------------------------------

    def _result(self) -> str:
        parts = ["i.household_id", "i.area"]
        for name in self._outputs:
            shown = _shown(f"r.{quoted(name)}", self._scales.get(("household", name)))
            parts.append(f"{shown} AS {quoted(name)}")
        gaps = ", ".join(f"r.{name}" for name in self._gaps)
        parts.append(f"{f'coalesce({gaps})' if gaps else 'NULL::VARCHAR'} AS error")
        last = quoted(self._table["household"])
        return (
            f"CREATE OR REPLACE TEMP TABLE result AS SELECT {', '.join(parts)} "
            f"FROM {last} AS r JOIN household_0 AS i USING (h)"
        )


def _shown(column: str, scale: int | None) -> str:
    """A number as the decimal it stands for."""
    if scale is None or scale == 0:
        return column if scale is None else f"{column}::DECIMAL(38,0)"
    step = "0." + "0" * (scale - 1) + "1"
    return f"({column}::DECIMAL({38 - scale},0) * {step}::DECIMAL({scale},{scale}))"
