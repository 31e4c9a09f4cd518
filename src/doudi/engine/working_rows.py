"""Aggregates with the values put in: what was added up, for whom, and how much of a sum is known.

Rows are told by functions of their own (`Telling`), bound where generated code names them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from doudi.engine.python import Program
from doudi.engine.python_source import Scope
from doudi.engine.quantities import Rulebook
from doudi.engine.subject import Subject, Value
from doudi.engine.tree import Aggregate, Arithmetic, Call, KnownExceeds, Node, Ref
from doudi.engine.words import spaced
from doudi.engine.working import Sayer, Teller, Text
from doudi.engine.written import NOT_KNOWN, Kept, Pair

Said = Callable[[Subject], Pair]
"""The text of a part for a subject of the entity it stands in."""
_MAX_SHOWN = 6
_MAX_ROWS_SHOWN = 3


class Telling(Protocol):
    """What tells the parts of one program."""

    rulebook: Rulebook
    program: Program

    def said(self, node: Node, entity: str) -> Said:
        """The text of a part."""

    def written(self, node: Node) -> Kept[Pair]:
        """How values of a part are written."""


def _aggregate(to: Teller, node: Aggregate, scope: Scope) -> Text:
    if node.op in ("any", "all"):
        return to.pair(f"{to.named('labelled', replace(node, where=None))}[{to.value(node, scope)}]", last="）")
    if node.op == "exists" or (node.op == "sum" and node.value is not None and node.once_per is None):
        return to.pair(f"{to.named('rows', node, scope.entity)}({scope.subject})")
    return to.written(node, scope)


def _known_exceeds(to: Teller, node: KnownExceeds, scope: Scope) -> Text:
    return to.pair(f"{to.named('rows', node, scope.entity)}({scope.subject})")


def rows_said(by: Telling, node: Node, entity: str) -> Said:
    """What tells the rows of a part."""
    if isinstance(node, KnownExceeds):
        return _known(by, node, entity)
    assert isinstance(node, Aggregate)
    return _exists(by, node, entity) if node.op == "exists" else _sum(by, node, entity)


def _counted(by: Telling, node: Aggregate) -> Callable[[Subject], list[Subject]]:
    """The rows that count, of a subject."""
    rows_of = by.program.rows_of
    if node.where is None:
        return lambda s: [row for row in rows_of(node, s) if row.phantom is None]
    holds = by.program.part(node.where, node.over)
    return lambda s: [row for row in rows_of(node, s) if row.phantom is None and holds(row) is True]


def _exists(by: Telling, node: Aggregate, entity: str) -> Said:
    counted, value = _counted(by, node), by.program.part(node, entity)

    def run(subject: Subject) -> Pair:
        if value(subject) is None:
            return NOT_KNOWN
        rows = counted(subject)
        return (f"有 {len(rows)} 条", f"{len(rows)} found") if rows else ("没有", "none found")

    return run


def _sum(by: Telling, node: Aggregate, entity: str) -> Said:
    assert node.value is not None
    total, write = by.program.part(node, entity), by.written(node)
    part, write_part = by.program.part(node.value, node.over), by.written(node.value)
    over_persons, counted = node.over == "person", _counted(by, node)
    opened = None if over_persons else by.said(_opened(by.rulebook, node.value), node.over)

    def run(subject: Subject) -> Pair:
        value: Value = total(subject)
        if value is None:
            return NOT_KNOWN
        rows = counted(subject)
        if not rows:
            return write[value]
        if len(rows) == 1 and opened is not None:
            return opened(rows[0])
        if len(rows) > _MAX_SHOWN or (not over_persons and len(rows) > _MAX_ROWS_SHOWN):
            zh, en = write[value]
            return spaced(f"{len(rows)} 笔合计", zh), f"{len(rows)} rows, in all {en}"
        values = [write_part[part(row)] for row in rows]
        if len(values) == 1:
            return values[0]
        return f"({' + '.join([v[0] for v in values])})", f"({' + '.join([v[1] for v in values])})"

    return run


def _opened(rulebook: Rulebook, value: Node) -> Node:
    """What is added up of a single row: the formula of a quantity rather than its name."""
    own = rulebook.quantities.get(f"{value.entity}.{value.name}") if isinstance(value, Ref) else None
    return own.formula if own is not None else value


def _known(by: Telling, node: KnownExceeds, entity: str) -> Said:
    said, write = by.said(node.limit, entity), by.written(node.total)
    own = by.program.part(node.limit, entity) if isinstance(node.limit, (Arithmetic, Call)) else None
    write_own = by.written(node.limit)

    def run(subject: Subject) -> Pair:
        known, doubt = by.program.known_part(node, subject)
        part, _ = write[known]
        zh, en = said(subject)
        if own is not None:
            first, second = write_own[own(subject)]
            zh, en = f"{zh} = {first}", f"{en} = {second}"
        said_zh = spaced("已知的合计" if doubt else "合计", part) + spaced("，限额", zh)
        return said_zh, f"{'the known part is' if doubt else 'in all'} {part}; the limit is {en}"

    return run


ROW_SAYERS: dict[type[Node], Sayer] = {Aggregate: _aggregate, KnownExceeds: _known_exceeds}
