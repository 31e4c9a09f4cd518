"""Aggregates with the values put in: what was added up, for whom, and how much of a sum is known."""

from __future__ import annotations

from dataclasses import replace

from doudi.engine.subject import Subject
from doudi.engine.tree import Aggregate, KnownExceeds, Node, Ref
from doudi.engine.words import spaced
from doudi.engine.working import Said, Sayer, Working
from doudi.engine.written import NOT_KNOWN, Pair

_MAX_SHOWN = 6
_MAX_ROWS_SHOWN = 3


def _aggregate(by: Working, node: Aggregate, entity: str) -> Said:
    if node.op in ("any", "all"):
        return _yes_or_no(by, node, entity)
    total = by.value(node, entity)
    if node.op == "sum" and node.value is not None and node.once_per is None:
        return _sum(by, node, entity, total)
    return _exists(by, node, entity, total) if node.op == "exists" else total


def _yes_or_no(by: Working, node: Aggregate, entity: str) -> Said:
    """The aggregate with the names of things, without its condition, and its value."""
    zh, en = by.named(replace(node, where=None))
    value, write = by.program.part(node, entity), by.written(node)
    texts = {key: (f"{zh}（{write(key)[0]}）", f"{en} ({write(key)[1]})") for key in (None, True, False)}
    return lambda s: texts[value(s)]


def _counted(by: Working, node: Aggregate, subject: Subject) -> list[Subject]:
    rows = by.program.rows_of(node, subject)
    if node.where is None:
        return [row for row in rows if row.phantom is None]
    holds = by.program.part(node.where, node.over)
    return [row for row in rows if row.phantom is None and holds(row) is True]


def _exists(by: Working, node: Aggregate, entity: str, total: Said) -> Said:
    def run(subject: Subject) -> Pair:
        rows, said = _counted(by, node, subject), total(subject)
        if said == NOT_KNOWN:
            return said
        return (f"有 {len(rows)} 条", f"{len(rows)} found") if rows else ("没有", "none found")

    return run


def _sum(by: Working, node: Aggregate, entity: str, total: Said) -> Said:
    assert node.value is not None
    value, over_persons = by.value(node.value, node.over), node.over == "person"

    def run(subject: Subject) -> Pair:
        said = total(subject)
        if said is NOT_KNOWN:
            return said
        rows = _counted(by, node, subject)
        if not rows:
            return said
        if len(rows) == 1 and not over_persons:
            return by.said(_opened(by, node.value), node.over)(rows[0])
        if len(rows) > _MAX_SHOWN or (not over_persons and len(rows) > _MAX_ROWS_SHOWN):
            return spaced(f"{len(rows)} 笔合计", said[0]), f"{len(rows)} rows, in all {said[1]}"
        values = [value(row) for row in rows]
        if len(values) == 1:
            return values[0]
        return f"({' + '.join([v[0] for v in values])})", f"({' + '.join([v[1] for v in values])})"

    return run


def _opened(by: Working, value: Node | None) -> Node:
    """What is added up of a single row: the formula of a quantity rather than its name."""
    assert value is not None
    own = by.rulebook.quantities.get(f"{value.entity}.{value.name}") if isinstance(value, Ref) else None
    return own.formula if own is not None else value


def _known_exceeds(by: Working, node: KnownExceeds, entity: str) -> Said:
    limit, write = by.summed(node.limit, entity), by.written(node.total)

    def run(subject: Subject) -> Pair:
        known, doubt = by.program.known_part(node, subject)
        part, _ = write(known)
        zh, en = limit(subject)
        first = spaced("已知的合计" if doubt else "合计", part) + spaced("，限额", zh)
        return first, f"{'the known part is' if doubt else 'in all'} {part}; the limit is {en}"

    return run


ROW_SAYERS: dict[type[Node], Sayer] = {Aggregate: _aggregate, KnownExceeds: _known_exceeds}
