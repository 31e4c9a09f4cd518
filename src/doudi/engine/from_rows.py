"""Facts compiled from feed rows: `from: {feed, value, where, window, absent}` becomes an ordinary aggregate of the
person's rows.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from doudi.engine.errors import PolicyError
from doudi.engine.feeds import Feed
from doudi.engine.grammar import Source
from doudi.engine.quantities import Quantity
from doudi.engine.reading import nearest
from doudi.engine.tree import BOOLEAN, Aggregate, And, AsOf, Call, Case, Compare, Const, Kind, Node, Ref
from doudi.engine.vocabulary import FactDefinition, FromRows

NodeOf = Callable[..., Node]
_DATE, _MONTH, _MONTHS = Kind("date"), Kind("month"), Kind("integer", "months", 0)


def compiled(fact: FactDefinition, feeds: dict[str, Feed], node_of: NodeOf) -> Quantity:
    """The quantity of a fact compiled from rows; over a person's rows of one feed."""
    rows = fact.from_rows
    assert rows is not None
    feed = feeds.get(rows.feed)
    if feed is None:
        raise PolicyError("policy.feed_unknown", fact.at, suggestion=nearest(rows.feed, feeds), feed=rows.feed)
    where = _both(
        _window(rows, feed, fact), node_of(rows.where, feed.record, BOOLEAN, bare=True) if rows.where else None
    )
    aggregate = _aggregate(rows.value, feed, where, fact.kind, node_of)
    formula: Node = aggregate
    if rows.absent == "unknown":
        count = Aggregate(Kind("integer", "none", 0), "count", feed.record, "person", None, where)
        none = Compare(BOOLEAN, "=", count, Const(count.kind, Decimal(0)))
        formula = Case(fact.kind, ((none, Const(fact.kind, None)),), aggregate)
    return Quantity(
        fact.entity,
        fact.name,
        fact.kind,
        fact.label,
        formula,
        (),
        fact.at,
        rows.value.text,
        sensitivity=fact.sensitivity,
        given=True,
        origin="rows",
    )


def _both(first: Node | None, second: Node | None) -> Node | None:
    if first is None or second is None:
        return first or second
    return And(BOOLEAN, (first, second))


def _window(rows: FromRows, feed: Feed, fact: FactDefinition) -> Node | None:
    """The months before the month of as_of: first day of the earliest ≤ column < first day of the month of as_of."""
    if rows.window_column is None:
        return None
    column = next((c for c in feed.columns if c.name == rows.window_column), None)
    if column is None or column.type not in ("date", "month"):
        names = [c.name for c in feed.columns]
        raise PolicyError(
            "policy.column_unknown",
            fact.at,
            suggestion=nearest(rows.window_column, names),
            feed=rows.feed,
            column=rows.window_column,
        )
    ref = Ref(Kind(column.type), feed.record, column.name)  # type: ignore[arg-type]
    this_month = Call(_MONTH, "month_of", (AsOf(_DATE),))
    first = Call(_MONTH, "months_before", (this_month, Const(_MONTHS, Decimal(rows.window_months))))
    return And(BOOLEAN, (Compare(BOOLEAN, ">=", ref, first), Compare(BOOLEAN, "<", ref, this_month)))


def _aggregate(value: Source, feed: Feed, where: Node | None, kind: Kind, node_of: NodeOf) -> Node:
    if value.text in ("count", "exists"):
        wanted = "integer" if value.text == "count" else "boolean"
        if kind.base != wanted:
            raise PolicyError("rule.type_mismatch", value.where, what=value.text, expected=kind.base, found=wanted)
        return Aggregate(kind if value.text == "count" else BOOLEAN, value.text, feed.record, "person", None, where)
    node = node_of(value, feed.record, None, bare=True)
    if not isinstance(node, Aggregate):
        raise PolicyError(
            "policy.expected",
            value.where,
            what_zh="sum(x)、count、count_distinct(x)、latest(x by y) 或 exists",
            what_en="sum(x), count, count_distinct(x), latest(x by y) or exists",
        )
    numbers = ("number", "integer")
    if node.kind.base != kind.base and not (node.kind.base in numbers and kind.base in numbers):
        raise PolicyError("rule.type_mismatch", value.where, what=value.text, expected=kind.base, found=node.kind.base)
    return Aggregate(
        kind if node.op not in ("any", "all") else BOOLEAN,
        node.op,
        feed.record,
        "person",
        node.value,
        _both(where, node.where),
        node.once_per,
        node.order,
    )
