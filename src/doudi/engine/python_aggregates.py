"""Aggregates as loops of generated Python, three-valued. A phantom row (nobody answered) may count unless its
condition is plainly false; what is true of `all` or false of `any` whatever the rows stays so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from doudi.engine.python_source import Scope, Write, Writer
from doudi.engine.tree import Aggregate, KnownExceeds, Node


def _aggregate(to: Writer, node: Aggregate, scope: Scope) -> str:
    """Statements of an aggregate; what is returned names its value."""
    if node.once_per is not None:
        return _once_per(to, node, scope)
    if node.op in ("any", "all"):
        return _kleene(to, node, scope)
    return {"count": _count, "exists": _exists, "latest": _latest}.get(node.op, _of_all)(to, node, scope)


def rows(node: Aggregate, scope: Scope) -> str:
    """What it runs over: the members, one person's rows, or the rows of all members."""
    if node.over == "person":
        return f"{scope.household}.members"
    if node.within == "person":
        return f"{scope.person}.rows[{node.over!r}]"
    return f"[row for member in {scope.household}.members for row in member.rows[{node.over!r}]]"


@contextmanager
def _selected(to: Writer, node: Aggregate, scope: Scope) -> Iterator[tuple[Scope, str]]:
    """A loop over the rows with the name of their condition, those that are plainly false left out."""
    row = to.fresh()
    inner = scope.inside(node.over, row)
    with to.block(f"for {row} in {rows(node, scope)}:"):
        holds = to.value(node.where, inner) if node.where is not None else "True"
        if node.where is not None:
            to.put(f"if {holds} is False: continue")
        if node.over != "person":
            holds = to.held(f"None if {row}.phantom else {holds}")
        yield inner, holds


def _unknown_if(to: Writer, result: str, *values: str) -> None:
    tests = [f"{value} is None" for value in values if value != "True"]
    if tests:
        with to.block(f"if {' or '.join(tests)}:"):
            to.put(f"{result} = None")
            to.put("break")


def _part(to: Writer, node: Node | None, scope: Scope) -> str:
    assert node is not None
    return to.value(node, scope)


def _of_all(to: Writer, node: Aggregate, scope: Scope) -> str:
    """sum, count_distinct, min, max: of the values of all rows that count; unknown if a row or its value is."""
    result = to.held("[]")
    with _selected(to, node, scope) as (inner, holds):
        _unknown_if(to, result, holds)
        value = _part(to, node.value, inner)
        _unknown_if(to, result, value)
        to.put(f"{result}.append({value})")
    made = {"sum": "total({0})", "count_distinct": "len(set({0}))"}.get(node.op, f"{node.op}({{0}}) if {{0}} else None")
    return to.held(f"None if {result} is None else {made.format(result)}")


def _count(to: Writer, node: Aggregate, scope: Scope) -> str:
    result = to.held("0")
    with _selected(to, node, scope) as (_, holds):
        _unknown_if(to, result, holds)
        to.put(f"{result} += 1")
    return result


def _exists(to: Writer, node: Aggregate, scope: Scope) -> str:
    result = to.held("False")
    with _selected(to, node, scope) as (_, holds):
        with to.block(f"if {holds}:"):
            to.put(f"{result} = True")
            to.put("break")
        to.put(f"{result} = None")
    return result


def _kleene(to: Writer, node: Aggregate, scope: Scope) -> str:
    decides, otherwise = ("True", "False") if node.op == "any" else ("False", "True")
    result = to.held(otherwise)
    with _selected(to, node, scope) as (inner, holds):
        value = _part(to, node.value, inner)
        with to.block(f"if {value} is {decides} and {holds}:"):
            to.put(f"{result} = {decides}")
            to.put("break")
        to.put(f"if {value} is not {otherwise}: {result} = None")
    return result


def _latest(to: Writer, node: Aggregate, scope: Scope) -> str:
    result = to.held("[]")
    with _selected(to, node, scope) as (inner, holds):
        when = _part(to, node.order, inner)
        _unknown_if(to, result, holds, when)
        to.put(f"{result}.append(({when}, {_part(to, node.value, inner)}))")
    return to.held(f"None if {result} is None else newest({result})")


def _once_per(to: Writer, node: Aggregate, scope: Scope) -> str:
    result = to.held("{}")
    with _selected(to, node, scope) as (inner, holds):
        key, value = _part(to, node.once_per, inner), _part(to, node.value, inner)
        _unknown_if(to, result, holds, key, value)
        with to.block(f"if {result}.setdefault({key}, {value}) != {value}:"):
            to.put(f"{result} = None")
            to.put("break")
    return to.held(f"None if {result} is None else total({result}.values())")


def known_part(to: Writer, node: Aggregate, scope: Scope) -> tuple[str, str]:
    """Names of (the sum of what is known, whether any part is unknown)."""
    known, doubt = to.held("zero"), to.held("False")
    with _selected(to, node, scope) as (inner, holds):
        with to.block(f"if {holds} is None:"):
            to.put(f"{doubt} = True")
            to.put("continue")
        value = _part(to, node.value, inner)
        to.put(f"if {value} is None: {doubt} = True")
        to.put(f"else: {known} = plus({known}, {value})")
    return known, doubt


def _known_exceeds(to: Writer, node: KnownExceeds, scope: Scope) -> str:
    limit, result = to.value(node.limit, scope), to.held("None")
    with to.block(f"if {limit} is not None:"):
        known, doubt = known_part(to, node.total, scope)
        to.put(f"{result} = True if {known} > {limit} else None if {doubt} else False")
    return result


WRITERS: dict[type[Node], Write] = {Aggregate: _aggregate, KnownExceeds: _known_exceeds}
