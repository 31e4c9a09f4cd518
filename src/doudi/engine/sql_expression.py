"""One checked formula as DuckDB SQL. Unknown is NULL; numbers are whole numbers with a scale known when rendering.

DuckDB's own decimal division returns DOUBLE and its rounding of mixed widths varies, so nothing of the kind is used
(see sql_numbers).
No text of a rule reaches the SQL: constants are rendered from typed values, names from the checked vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from doudi.engine.sql_numbers import SCALE, Numbers, Sql
from doudi.engine.tree import (
    Aggregate,
    And,
    Answered,
    Arithmetic,
    AsOf,
    Call,
    Case,
    Coalesce,
    Compare,
    Const,
    Extreme,
    In,
    IsKnown,
    KnownExceeds,
    Negate,
    Node,
    Not,
    Or,
    Ref,
)

_AREA_LENGTH = {"province": 2, "prefecture": 4, "county": 6, "township": 9, "village": 12}


ColumnOf = Callable[[Ref], Sql]
AggregateOf = Callable[[Aggregate], Sql]
ExceedsOf = Callable[[KnownExceeds], tuple[Sql, str]]
"""(known sum as a number, whether any part is unknown)."""


def is_number(node: Node) -> bool:
    """Whether the node's values are numbers."""
    return node.kind.base in ("number", "integer")


def literal(value: str) -> str:
    """A quoted text constant."""
    return "'" + value.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A quoted column name."""
    return '"' + name.replace('"', '""') + '"'


class Renderer:
    """Renders nodes of one scope; columns and aggregates are looked up through the callables given."""

    def __init__(
        self, as_of: date, numbers: Numbers, column: ColumnOf, aggregate: AggregateOf, exceeds: ExceedsOf
    ) -> None:
        self._day, self.numbers = as_of, numbers
        self._find_column, self._find_aggregate, self._find_exceeds = column, aggregate, exceeds

    def render(self, node: Node) -> Sql:
        """The node as SQL."""
        method = getattr(self, "_" + type(node).__name__.lower())
        result: Sql = method(node)
        return result

    def text(self, node: Node) -> str:
        """The node's SQL text (numbers at their own scale)."""
        return self.render(node).text

    def number(self, node: Node, scale: int = SCALE) -> str:
        """A numeric node's text at `scale`."""
        return self.numbers.rescale(self.render(node), scale)

    def _const(self, node: Const) -> Sql:
        value = node.value
        if value is None:
            return Sql(f"NULL::{self.numbers.type}", 0) if is_number(node) else Sql("NULL")
        if isinstance(value, bool):
            return Sql("TRUE" if value else "FALSE")
        if isinstance(value, (Decimal, int)):
            amount = Decimal(value).normalize()
            scale = max(0, -int(amount.as_tuple().exponent))
            return Sql(self.numbers.whole(int(amount.scaleb(scale))), scale)
        if isinstance(value, date):
            return Sql(f"DATE '{value.isoformat()}'")
        return Sql(literal(value))

    def _asof(self, node: AsOf) -> Sql:
        return Sql(f"DATE '{self._day.isoformat()}'")

    def _ref(self, node: Ref) -> Sql:
        return self._find_column(node)

    def _not(self, node: Not) -> Sql:
        return Sql(f"(NOT {self.text(node.operand)})")

    def _and(self, node: And) -> Sql:
        return Sql("(" + " AND ".join(self.text(o) for o in node.operands) + ")")

    def _or(self, node: Or) -> Sql:
        return Sql("(" + " OR ".join(self.text(o) for o in node.operands) + ")")

    def _compare(self, node: Compare) -> Sql:
        op = "<>" if node.op == "!=" else node.op
        if is_number(node.left):
            left, right = self.level(self.render(node.left), self.render(node.right))
            return Sql(f"({left} {op} {right})")
        return Sql(f"({self.text(node.left)} {op} {self.text(node.right)})")

    def _in(self, node: In) -> Sql:
        return Sql(f"({self.text(node.operand)} IN ({', '.join(literal(v) for v in node.values)}))")

    def _arithmetic(self, node: Arithmetic) -> Sql:
        left, right = self.render(node.left), self.render(node.right)
        if node.op == "*":
            return self.numbers.product(left, right)
        if node.op == "/":
            return self.numbers.quotient(left, right)
        texts = self.level(left, right)
        return Sql(f"({texts[0]} {node.op} {texts[1]})", max(left.scale or 0, right.scale or 0))

    def level(self, left: Sql, right: Sql) -> tuple[str, str]:
        """Two numbers at the finer of their scales."""
        scale = max(left.scale or 0, right.scale or 0)
        return self.numbers.rescale(left, scale), self.numbers.rescale(right, scale)

    def _negate(self, node: Negate) -> Sql:
        inner = self.render(node.operand)
        return Sql(f"(-{inner.text})", inner.scale)

    def _together(self, nodes: list[Node]) -> tuple[list[str], int | None]:
        """Branches of one result: numbers brought to one scale."""
        parts = [self.render(n) for n in nodes]
        if not any(p.scale is not None for p in parts):
            return [p.text for p in parts], None
        scale = max(p.scale or 0 for p in parts)
        return [self.numbers.rescale(p, scale) if p.scale is not None else p.text for p in parts], scale

    def _case(self, node: Case) -> Sql:
        values, scale = self._together([value for _, value in node.branches] + [node.otherwise])
        text = "CASE"
        for (condition, _), value in zip(node.branches, values, strict=False):
            test = self.text(condition)
            text += f" WHEN {test} IS NULL THEN NULL WHEN {test} THEN {value}"
        return Sql(f"({text} ELSE {values[-1]} END)", scale)

    def _coalesce(self, node: Coalesce) -> Sql:
        values, scale = self._together([node.operand, node.default])
        return Sql(f"coalesce({', '.join(values)})", scale)

    def _extreme(self, node: Extreme) -> Sql:
        values, scale = self._together(list(node.operands))
        unknown = " OR ".join(f"{v} IS NULL" for v in values)
        return Sql(f"(CASE WHEN {unknown} THEN NULL ELSE {node.op}({', '.join(values)}) END)", scale)

    def _isknown(self, node: IsKnown) -> Sql:
        return Sql(f"({self.text(node.operand)} IS NOT NULL)")

    def _answered(self, node: Answered) -> Sql:
        return self._find_column(Ref(node.kind, "person", f"{node.record}__answered"))

    def _aggregate(self, node: Aggregate) -> Sql:
        return self._find_aggregate(node)

    def _knownexceeds(self, node: KnownExceeds) -> Sql:
        total, unknown = self._find_exceeds(node)
        known, limit = self.level(total, self.render(node.limit))
        decided = f"WHEN {known} > {limit} THEN TRUE WHEN {unknown} THEN NULL ELSE FALSE"
        return Sql(f"(CASE WHEN {limit} IS NULL THEN NULL {decided} END)")

    def _call(self, node: Call) -> Sql:
        return FUNCTIONS[node.function](self, node)


def _dates(render: Renderer, node: Call) -> list[str]:
    return [render.text(a) for a in node.arguments]


def _age_on(render: Renderer, node: Call) -> Sql:
    born, day = _dates(render, node)
    before = f"((month({day}), day({day})) < (month({born}), day({born})))"
    return Sql(f"(year({day}) - year({born}) - CASE WHEN {before} THEN 1 ELSE 0 END)::{render.numbers.type}", 0)


def _full_months_between(render: Renderer, node: Call) -> Sql:
    start, end = _dates(render, node)
    months = f"((year({end}) - year({start})) * 12 + month({end}) - month({start}))"
    return Sql(f"({months} - CASE WHEN day({end}) < day({start}) THEN 1 ELSE 0 END)::{render.numbers.type}", 0)


def _shifted(render: Renderer, node: Call, sign: str) -> Sql:
    day = render.text(node.arguments[0])
    months = render.number(node.arguments[1], 0)
    return Sql(f"({day} {sign} to_months(({months})::INTEGER))::DATE")


def _month_of(render: Renderer, node: Call) -> Sql:
    return Sql(f"date_trunc('month', {render.text(node.arguments[0])})::DATE")


def _same_month(render: Renderer, node: Call) -> Sql:
    first, second = _dates(render, node)
    return Sql(f"(date_trunc('month', {first}) = date_trunc('month', {second}))")


def _round_to(render: Renderer, node: Call) -> Sql:
    value, step = render.render(node.arguments[0]), render.render(node.arguments[1])
    assert value.scale is not None and step.scale is not None
    top, below = render.level(value, step)
    return Sql(f"({render.numbers.divided(top, below)} * {step.text})", step.scale)


def _round_up_to(render: Renderer, node: Call) -> Sql:
    """Up to the next multiple of the step, towards plus infinity: -(-x // step) with floor division."""
    value, step = render.render(node.arguments[0]), render.render(node.arguments[1])
    assert value.scale is not None and step.scale is not None
    top, below = render.level(value, step)
    up = f"(({top}) // ({below}) + CASE WHEN ({top}) > 0 AND ({top}) % ({below}) <> 0 THEN 1 ELSE 0 END)"
    return Sql(f"({up} * {step.text})", step.scale)


def _monthly(render: Renderer, node: Call) -> Sql:
    return render.render(Arithmetic(node.kind, "/", node.arguments[0], Const(node.kind, Decimal(12))))


def _yearly(render: Renderer, node: Call) -> Sql:
    return render.render(Arithmetic(node.kind, "*", node.arguments[0], Const(node.kind, Decimal(12))))


def _area_at(render: Renderer, node: Call) -> Sql:
    level = node.arguments[1]
    assert isinstance(level, Const)
    length = _AREA_LENGTH[str(level.value)]
    area = render.text(node.arguments[0])
    return Sql(f"(CASE WHEN length({area}) >= {length} THEN left({area}, {length}) END)")


FUNCTIONS: dict[str, Callable[[Renderer, Call], Sql]] = {
    "age_on": _age_on,
    "full_months_between": _full_months_between,
    "months_before": lambda render, node: _shifted(render, node, "-"),
    "add_months": lambda render, node: _shifted(render, node, "+"),
    "same_month": _same_month,
    "month_of": _month_of,
    "round_to": _round_to,
    "round_up_to": _round_up_to,
    "monthly": _monthly,
    "yearly": _yearly,
    "area_at": _area_at,
}
