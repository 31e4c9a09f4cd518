"""A rulebook as SQL over columns in the order of the snapshot: what is worked out, in which order, from which columns.

A person or household is its place in that order. So nothing is joined or grouped by the database: columns of a household are
repeated for its persons, those of persons for their rows, and the cells of an owner's rows, which stand together, are brought
together by place (backends/ordinals). Formulas are SQL as everywhere (sql_expression). 64 bits only; what does not fit there
is worked out by `sql.Statements`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from doudi.engine.quantities import Rulebook
from doudi.engine.sql_aggregates import MACROS, Grouping, once_per_key, over_nobody, read_back
from doudi.engine.sql_expression import Renderer, is_number, quoted
from doudi.engine.sql_load import Loader, scale_of
from doudi.engine.sql_numbers import NARROW, Sql
from doudi.engine.sql_parameters import gap, parameter
from doudi.engine.sql_plan import HeadColumn, ParameterColumn, Planned, Planner
from doudi.engine.tree import Aggregate, KnownExceeds, Node, Ref
from doudi.engine.walk import aggregates, references

Name = tuple[str, str]
"""(entity, column)."""
SUM, ANY = "sum", "any"


@dataclass(slots=True)
class Rows:
    """Cells of rows and how those of one owner come together; `own` and `outer` are the columns they are made of."""

    over: str
    within: str
    own: dict[str, None] = field(default_factory=dict)
    outer: dict[Name, None] = field(default_factory=dict)
    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    """By (text, how): the name."""
    groups: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    """(columns made, query over the columns of `rows` by the owner's place k)."""
    kept: str = ""
    """Which rows count, as a WHERE."""

    def query(self) -> str:
        """The cells of every row with its owner's place."""
        cells = "".join(f", {_neutral(text, how)} AS {name}" for (text, how), name in self.cells.items())
        return f"SELECT place{cells} FROM rows{self.kept}"


@dataclass(slots=True)
class Stage:
    """New columns of one entity: `sql` selects them from a table `rows` of the columns named."""

    entity: str
    step: int
    own: dict[str, None] = field(default_factory=dict)
    outer: dict[Name, None] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    """Column of the household: column of the person who is its head."""
    rows: dict[str, Rows] = field(default_factory=dict)
    """What is aggregated before, by what it runs over."""
    made: list[str] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def query(self) -> str:
        """The columns of this stage that something later reads."""
        text = "FROM rows"
        for layer in self.layers:
            text = f"FROM (SELECT *, {layer} {text})"
        return f"SELECT {', '.join(quoted(name) for name in self.kept)} {text}"


@dataclass(slots=True)
class Scan:
    """One record read: columns kept for later stages, and cells by person that need nothing but the row itself."""

    record: str
    rows: Rows
    inner: str = ""
    layers: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def query(self, source: str) -> str:
        """The rows' persons, the columns kept and the cells; `source` is a FROM."""
        text = f"FROM (SELECT f.person_row AS p{self.inner} {source})"
        for layer in self.layers:
            text = f"FROM (SELECT *, {layer} {text})"
        kept = "".join(f", {quoted(name)}" for name in self.kept)
        cells = "".join(f", {_neutral(text, how)} AS {name}" for (text, how), name in self.rows.cells.items())
        return f"SELECT p{kept}{cells} {text}"


def _neutral(text: str, how: str) -> str:
    return f"coalesce({text}, 0)" if how == SUM else f"coalesce({text}, FALSE)::UTINYINT"


class Plan:
    """Scans and stages of one rulebook for one day and the columns that a snapshot holds."""

    def __init__(self, rulebook: Rulebook, as_of: date, outputs: list[str], present: dict[str, set[str]]) -> None:
        self._rulebook, self._as_of, self.outputs = rulebook, as_of, outputs
        self._planner = Planner(rulebook, present)
        for name in outputs:
            self._planner.need("household", name, rulebook.quantities[f"household.{name}"].kind)
        self._planned = self._planner.planned
        self.scales: dict[Name, int | None] = {key: scale_of(kind) for key, kind in self._planner.facts.items()}
        self.records = self._used_records()
        self.loader = Loader(NARROW, self._planner.facts, self.records, present)
        self._count = 0
        self._fused = {name: self._own_alone(name) for name in self.records}
        self.scans = {name: Scan(name, Rows(name, "person")) for name in self.records if name in present}
        self.gaps: list[str] = []
        self._scale_records()
        self.stages = self._all_stages()
        self._finish_scans()
        self._keep()

    @property
    def preparing(self) -> tuple[str, ...]:
        """Statements to run once on a connection."""
        return MACROS

    def _used_records(self) -> list[str]:
        used = {e for e, _ in [*self._planner.facts, *self._planned]}
        over = {a.over for c in self._planned.values() for a in aggregates(c.formula)}
        answered = {n.removesuffix("__answered") for e, n in self._planner.facts if e == "person"}
        return [name for name in self._rulebook.records if name in used | over | answered]

    def _own_alone(self, record: str) -> set[str]:
        """Columns of a record that are worked out from its rows alone."""
        found = {name for entity, name in self._planner.facts if entity == record}
        for (entity, name), column in self._planned.items():
            if entity == record and self._alone(column.formula, record, found):
                found.add(name)
        return found

    def _alone(self, node: Node, record: str, among: set[str]) -> bool:
        return all(ref.entity == record and ref.name in among for ref, _ in references(node, record))

    def _name(self) -> str:
        self._count += 1
        return f"c{self._count}"

    # -- stages ----------------------------------------------------------------------------------------------------

    def _scale_records(self) -> None:
        """Scales and layers of what is worked out while a record is read."""
        for record, scan in self.scans.items():
            renderer = self._renderer(record, Stage(record, 0))
            layers: dict[tuple[int, int], list[str]] = {}
            for (entity, name), column in self._planned.items():
                if entity == record and name in self._fused[record]:
                    value = renderer.render(column.formula)
                    self.scales[entity, name] = value.scale
                    layers.setdefault((column.step, column.layer), []).append(f"{value.text} AS {quoted(name)}")
            scan.layers = [", ".join(layers[key]) for key in sorted(layers)]
            scan.inner = self.loader.columns(record, "f")

    def _all_stages(self) -> list[Stage]:
        found = []
        for step in range(1, max((c.step for c in self._planned.values()), default=0) + 1):
            for entity in ("household", "person", *self.scans):
                columns = [c for c in self._planned.values() if c.step == step and c.entity == entity]
                columns = [c for c in columns if c.name not in self._fused.get(entity, ())]
                if columns:
                    found.append(self._stage(entity, step, columns))
        return found

    def _stage(self, entity: str, step: int, columns: list[Planned]) -> Stage:
        stage = Stage(entity, step)
        renderer = self._renderer(entity, stage)
        layers: dict[int, list[str]] = {}
        for column in sorted(columns, key=lambda c: c.layer):
            formula = column.formula
            if isinstance(formula, HeadColumn):
                stage.heads[column.name] = formula.name
                self.scales[entity, column.name] = self.scales.get(("person", formula.name))
                continue
            stage.made.append(column.name)
            value = self._figure(formula, stage) if isinstance(formula, ParameterColumn) else renderer.render(formula)
            self.scales[entity, column.name] = value.scale
            layers.setdefault(column.layer, []).append(f"{value.text} AS {quoted(column.name)}")
        stage.layers = [", ".join(layers[key]) for key in sorted(layers)]
        self._add_gap(stage, columns)
        for name in stage.made:
            stage.own.pop(name, None)
        return stage

    def _figure(self, formula: ParameterColumn, stage: Stage) -> Sql:
        figure = self._rulebook.parameters[formula.parameter]
        stage.own["area"] = None
        if figure.by is not None:
            stage.own[f"by__{figure.name}"] = None
        return parameter(figure, self._as_of, NARROW)

    def _add_gap(self, stage: Stage, columns: list[Planned]) -> None:
        figures = [c.formula.parameter for c in columns if isinstance(c.formula, ParameterColumn)]
        if figures:
            self.gaps.append(f"gap__{stage.step}")
            stage.made.append(self.gaps[-1])
            stage.layers.append(f"{gap([self._rulebook.parameters[f] for f in figures])} AS {self.gaps[-1]}")

    def _renderer(self, entity: str, into: Stage | Rows) -> Renderer:
        """Renders formulas of an entity; the columns they read are noted in `into`."""

        def column(ref: Ref) -> Sql:
            scale = self.scales.get((ref.entity, ref.name))
            if ref.entity == entity:
                into.own[ref.name] = None
                return Sql(quoted(ref.name), scale)
            into.outer[ref.entity, ref.name] = None
            return Sql(quoted(f"{ref.entity}.{ref.name}"), scale)

        def aggregate(node: Aggregate) -> Sql:
            assert isinstance(into, Stage), "aggregates inside aggregates are hoisted by the planner"
            return self._aggregate(node, into)

        def exceeds(node: KnownExceeds) -> tuple[Sql, str]:
            assert isinstance(into, Stage)
            return self._exceeds(node, into)

        return Renderer(self._as_of, NARROW, column, aggregate, exceeds)

    # -- aggregates ------------------------------------------------------------------------------------------------

    def _rows(self, node: Aggregate, stage: Stage) -> Rows | None:
        """Where the cells of an aggregate are worked out; nothing if the snapshot has no such rows."""
        if node.over != "person" and node.over not in self.scans:
            return None
        parts = [part for part in (node.value, node.where) if part is not None]
        fused = self._fused.get(node.over, set())
        alone = all(self._alone(part, node.over, fused) for part in parts)
        if node.over != "person" and alone and stage.entity == "person" and _placed(node):
            return self.scans[node.over].rows
        rows = stage.rows.setdefault(node.over, Rows(node.over, stage.entity))
        if node.over == "person":
            rows.own["member"], rows.kept = None, " WHERE member"
        elif stage.entity == "household":
            answered = f"{node.over}__answered"
            rows.outer["person", "member"] = rows.outer["person", answered] = None
            rows.kept = f' WHERE "person.member" AND {quoted("person." + answered)}'
        return rows

    def _aggregate(self, node: Aggregate, stage: Stage) -> Sql:
        rows = self._rows(node, stage)
        more = self._unanswered(node, stage) if node.over != "person" and stage.entity == "household" else ""
        known, scale = (self._nobody(node), 0) if rows is None else self._known(node, rows, stage, more)
        if more and (rows is None or not _placed(node)):
            known = f"(CASE WHEN {more} THEN NULL ELSE {known} END)"
        if node.over != "person" and stage.entity == "person":
            known = self._answered(node, known, stage)
        if not is_number(node):
            return Sql(known)
        return Sql(known, 0 if node.op in ("count", "count_distinct") else scale)

    def _nobody(self, node: Aggregate) -> str:
        text = over_nobody(node.op, NARROW)
        return self.loader.cell(node.kind, text) if text == "NULL" else text

    def _known(self, node: Aggregate, rows: Rows, stage: Stage, more: str) -> tuple[str, int | None]:
        """The aggregate over rows that are there, read from columns of their owner; `more`: a doubt beside the rows'."""
        renderer = self._renderer(node.over, rows)
        c = renderer.text(node.where) if node.where is not None else "TRUE"
        value = renderer.render(node.value) if node.value is not None else Sql("TRUE")
        if not _placed(node):
            by = node.once_per or node.order
            return self._grouped(node, rows, stage, c, value.text, renderer.text(by) if by else "TRUE"), value.scale
        more = f" OR {more}" if more else ""
        if node.op in ("sum", "count"):
            text, doubt = ("1::BIGINT", f"{c} IS NULL") if node.op == "count" else (value.text, _doubt(c, value.text))
            total = self._cell(rows, stage, f"CASE WHEN {c} THEN {text} END", SUM)
            doubt = f"{self._cell(rows, stage, doubt, ANY)} = 1{more}"
            return f"(CASE WHEN {doubt} THEN NULL ELSE {total} END)", value.scale
        text = {"exists": c, "any": f"({c} AND {value.text})", "all": f"({c} AND NOT {value.text})"}[node.op]
        yes, no = ("FALSE", "TRUE") if node.op == "all" else ("TRUE", "FALSE")
        decided, doubt = self._cell(rows, stage, text, ANY), self._cell(rows, stage, f"({text}) IS NULL", ANY)
        return f"(CASE WHEN {decided} = 1 THEN {yes} WHEN {doubt} = 1{more} THEN NULL ELSE {no} END)", None

    def _cell(self, rows: Rows, stage: Stage, text: str, how: str) -> str:
        """The name of what the cells of one owner come to, a column of the stage's entity."""
        name = rows.cells.setdefault((text, how), "") or self._name()
        rows.cells[text, how] = name
        stage.own[name] = None
        return name

    def _grouped(self, node: Aggregate, rows: Rows, stage: Stage, c: str, v: str, k: str) -> str:
        name = self._name()
        source, grouping = f"SELECT * FROM rows{rows.kept}", Grouping(NARROW)
        if node.once_per is not None:
            made, query = "a0", once_per_key(NARROW, "place", source, "", c, v, k)
        else:
            made = grouping.aggregate(node.op, c, v, k)
            query = grouping.query("place", source, "")
        there = f"{name}_there"
        rows.groups.append(((name, there), f"SELECT place, {made} AS {name}, 1::UTINYINT AS {there} FROM ({query})"))
        stage.own[name] = stage.own[there] = None
        return read_back(node.op, name, there, NARROW).text

    def _exceeds(self, node: KnownExceeds, stage: Stage) -> tuple[Sql, str]:
        total, rows = node.total, self._rows(node.total, stage)
        known, scale, doubt = NARROW.whole(0), 0, "FALSE"
        if rows is not None:
            renderer = self._renderer(total.over, rows)
            c = renderer.text(total.where) if total.where is not None else "TRUE"
            assert total.value is not None
            value = renderer.render(total.value)
            known, scale = self._cell(rows, stage, f"CASE WHEN {c} THEN {value.text} END", SUM), value.scale or 0
            doubt = f"{self._cell(rows, stage, _doubt(c, value.text), ANY)} = 1"
        if total.over == "person":
            return Sql(known, scale), doubt
        if stage.entity == "household":
            return Sql(known, scale), f"({doubt} OR {self._unanswered(total, stage)})"
        answered = self._answer(total.over, stage)
        other = f"({self._phantom(total, stage)}) IS NOT FALSE"
        known = f"(CASE WHEN {answered} THEN {known} ELSE {NARROW.whole(0)} END)"
        return Sql(known, scale), f"(CASE WHEN {answered} THEN {doubt} ELSE {other} END)"

    # -- rows that were not answered -------------------------------------------------------------------------------

    def _answer(self, record: str, into: Stage | Rows) -> str:
        into.own[f"{record}__answered"] = None
        return quoted(f"{record}__answered")

    def _answered(self, node: Aggregate, known: str, stage: Stage) -> str:
        """What was read where the feed answered; else unknown, unless the condition is plainly false of any row."""
        answered = self._answer(node.over, stage)
        nobody = self._nobody(node)
        return f"(CASE WHEN {answered} THEN {known} WHEN ({self._phantom(node, stage)}) IS FALSE THEN {nobody} END)"

    def _unanswered(self, node: Aggregate, stage: Stage) -> str:
        """Whether a member's feed did not answer where a row might count."""
        rows = stage.rows.setdefault("person", Rows("person", "household"))
        rows.own["member"], rows.kept = None, " WHERE member"
        text = f"{self._answer(node.over, rows)} IS NULL AND ({self._phantom(node, rows)}) IS NOT FALSE"
        return f"{self._cell(rows, stage, text, ANY)} = 1"

    def _phantom(self, node: Aggregate, into: Stage | Rows) -> str:
        """The condition of a row of which nothing is known, in the scope of its person."""
        if node.where is None:
            return "NULL::BOOLEAN"
        person = self._renderer("person", into)

        def column(ref: Ref) -> Sql:
            if ref.entity != node.over:
                return person.render(ref)
            planned = self._planned.get((ref.entity, ref.name))
            if planned is not None:
                return nothing.render(planned.formula)
            return Sql(self.loader.cell(ref.kind, "NULL"), self.scales.get((ref.entity, ref.name)))

        def never(_: object) -> Sql:
            raise AssertionError("aggregates inside aggregates are hoisted by the planner")

        nothing = Renderer(self._as_of, NARROW, column, never, never)  # type: ignore[arg-type]
        return nothing.text(node.where)

    # -- what is kept ----------------------------------------------------------------------------------------------

    def _finish_scans(self) -> None:
        """Nothing of a record is kept that only its own cells read."""
        read = {(s.entity, n) for s in self.stages for n in s.own} | {o for s in self.stages for o in s.outer}
        for stage in self.stages:
            for rows in stage.rows.values():
                read |= {(rows.over, name) for name in rows.own} | set(rows.outer)
        for record, scan in self.scans.items():
            scan.kept = sorted(name for name in self._fused[record] if (record, name) in read)

    def _keep(self) -> None:
        """What each stage leaves for later ones."""
        read = {("household", name) for name in (*self.outputs, *self.gaps)}
        for stage in reversed(self.stages):
            stage.kept = [name for name in stage.made if (stage.entity, name) in read]
            read |= {(stage.entity, name) for name in stage.own} | set(stage.outer)
            read |= {("person", name) for name in stage.heads.values()}
            for rows in stage.rows.values():
                read |= {(rows.over, name) for name in rows.own} | set(rows.outer)


def _placed(node: Aggregate) -> bool:
    """Whether its cells are brought together by place; others are grouped by the database."""
    return node.op in ("sum", "count", "exists", "any", "all") and node.once_per is None


def _doubt(c: str, v: str) -> str:
    return f"({c} IS NULL OR ({c} AND {v} IS NULL))"
