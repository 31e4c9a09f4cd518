"""The checked tree: what every rendering (python, sql, text) reads. Nodes are frozen and typed.

Every node carries `kind`, the kind of its value. A value is known or unknown (None in Python, NULL in SQL).
Scopes: a formula belongs to one entity: `household`, `person` or a record name. Inside an aggregate the body
is evaluated in the scope of what is aggregated; names of outer entities may be used inside (a record's `where` may read
`person.x` of its owner and `household.x`; a person's may read `household.x`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal as Choice

Base = Choice["boolean", "integer", "number", "date", "month", "code", "area"]
"""`number` is decimal; money is a `number` with a yuan unit and scale 2. `month` is the first day of the month."""

UNITS = ("none", "yuan", "yuan/month", "yuan/year", "m2", "months", "years", "people", "ratio")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is. `scale` is the number of decimals of stored facts (money 2); `minimum`/`maximum` are declared
    bounds.
    """

    base: Base
    unit: str = "none"
    scale: int | None = None
    codes: tuple[str, ...] | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    @property
    def least(self) -> Decimal | None:
        """The lowest a figure may be: what carries a unit is not below zero unless declared lower."""
        return self.minimum if self.minimum is not None or self.unit == "none" else Decimal(0)


BOOLEAN = Kind("boolean")


@dataclass(frozen=True, slots=True)
class Node:
    kind: Kind


@dataclass(frozen=True, slots=True)
class Const(Node):
    value: bool | Decimal | int | date | str | None
    """None is the unknown constant (made by the planner only, never written in a rule)."""


@dataclass(frozen=True, slots=True)
class AsOf(Node):
    """The day of evaluation."""


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """A fact, a quantity or a parameter: `entity` is household | person | a record name | parameter; `via_head`
    reads it of household.head.
    """

    entity: str
    name: str
    via_head: bool = False


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    op: Choice["=", "!=", "<", "<=", ">", ">="]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    operand: Node
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Scale 10 half up after every step; the checker has proved a divisor not zero."""

    op: Choice["+", "-", "*", "/"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Case(Node):
    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    operand: Node
    default: Node


@dataclass(frozen=True, slots=True)
class Extreme(Node):
    op: Choice["least", "greatest"]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """age_on(born, day) full_months_between(a, b) months_before(day, n) add_months(day, n) same_month(a, b)
    month_of(day) round_to(x, step) round_up_to(x, step) monthly(x) yearly(x) area_at(area, level)."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """`over` is `person` (members) or a record; `within` is the scope it stands in: household, person.

    op sum | count | count_distinct | any | all | min | max | exists | latest.
    `value` and `where` are in the scope of `over`. `once_per` (sum … once per key) and `order`
    (latest … by column) too.
    """

    op: str
    over: str
    within: str
    value: Node | None = None
    where: Node | None = None
    once_per: Node | None = None
    order: Node | None = None


@dataclass(frozen=True, slots=True)
class KnownExceeds(Node):
    """True if the known part of the sum alone exceeds `limit`; else unknown if any part is unknown; else false."""

    total: Aggregate
    limit: Node


@dataclass(frozen=True, slots=True)
class IsKnown(Node):
    """True or false, never unknown. Made by the planner (chains), never written in a rule."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Answered(Node):
    """Whether the owner's rows of a record may be read as complete: true, or unknown (never false). Made by the
    planner for `from` facts.
    """

    record: str
