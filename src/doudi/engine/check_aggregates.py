"""Checks of aggregates: what is aggregated, in whose scope, and what kind comes out."""

from __future__ import annotations

from decimal import Decimal

from doudi.engine.check_kinds import KindChecker
from doudi.engine.grammar import Syntax
from doudi.engine.tree import (
    BOOLEAN,
    Aggregate,
    Kind,
    Node,
)


class AggregateChecker(KindChecker):
    """Aggregates over members and over records."""

    def _aggregate(self, syntax: Syntax, scope: str) -> Node:
        options = dict(syntax.options)
        over = self._over(syntax, scope)
        value_part = syntax.parts[0] if syntax.parts and syntax.parts[0].text != over else None
        value = self.check(value_part, over) if value_part is not None else None
        where = self._boolean(options["where"], over) if "where" in options else None
        if value is not None and syntax.text in ("count", "exists"):
            raise self._error("rule.counts_no_value", syntax, name=syntax.text)
        if value is None and syntax.text not in ("count", "exists"):
            raise self._error("rule.arguments", syntax, name=syntax.text, expected=1, found=0)
        once = self.check(options["once_per"], over) if "once_per" in options else None
        order = self.check(options["order"], over) if "order" in options else None
        if syntax.text == "latest" and order is None:
            raise self._error("rule.arguments", syntax, name="latest", expected="x by y", found="x")
        kind = self._aggregate_kind(syntax, over, value)
        return Aggregate(kind, syntax.text, over, scope, value, where, once, order)

    def _aggregate_kind(self, syntax: Syntax, over: str, value: Node | None) -> Kind:
        op = syntax.text
        if op in ("any", "all", "exists"):
            if value is not None and op != "exists" and value.kind.base != "boolean":
                raise self._error("rule.type_mismatch", syntax, what=op, expected="boolean", found=value.kind.base)
            return BOOLEAN
        if op in ("count", "count_distinct"):
            return Kind("integer", "people" if op == "count" and over == "person" else "none", 0, minimum=Decimal(0))
        assert value is not None
        if (
            op in ("sum", "min", "max")
            and value.kind.base not in ("number", "integer")
            and not (op != "sum" and value.kind.base in ("date", "month"))
        ):
            raise self._error("rule.type_mismatch", syntax, what=op, expected="number", found=value.kind.base)
        return Kind(
            value.kind.base,
            value.kind.unit,
            value.kind.scale,
            value.kind.codes,
            value.kind.minimum if op != "sum" else None,
        )

    def _over(self, syntax: Syntax, scope: str) -> str:
        if self._bare and scope in self._names.records:
            return scope
        mentioned = {name.split(".")[0] for name in _names_in(syntax)}
        records = sorted(mentioned & self._names.records - ({scope} if scope in self._names.records else set()))
        if len(records) > 1:
            raise self._error("rule.several_records", syntax, names=", ".join(records))
        if records:
            return records[0]
        if scope == "household" and ("person" in mentioned or syntax.text == "count"):
            return "person"
        raise self._error("rule.no_aggregate_target", syntax)


def _names_in(syntax: Syntax) -> set[str]:
    """All names inside an aggregate, but not those of aggregates further inside."""
    found: set[str] = set()
    waiting = [*syntax.parts, *(s for _, s in syntax.options)]
    while waiting:
        item = waiting.pop()
        if item.op == "name":
            found.add(item.text)
        if item.op != "aggregate":
            waiting += [*item.parts, *(s for _, s in item.options)]
    return found
