"""Walking and rewriting trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

from doudi.engine.tree import Aggregate, Node, Ref


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below."""
    for spec in fields(node):
        value = getattr(node, spec.name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Node):
                yield item
            elif isinstance(item, tuple):
                yield from (part for part in item if isinstance(part, Node))


def rewritten(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with `change` applied to every node, from the leaves up."""

    def swap(value: object) -> object:
        if isinstance(value, Node):
            return rewritten(value, change)
        if isinstance(value, tuple):
            return tuple(swap(v) for v in value)
        return value

    updates = {s.name: swap(getattr(node, s.name)) for s in fields(node) if s.name != "kind"}
    return change(replace(node, **updates))  # type: ignore[arg-type]


def references(node: Node, scope: str) -> Iterator[tuple[Ref, str]]:
    """Every Ref below with the scope it stands in."""
    if isinstance(node, Ref):
        yield node, scope
        return
    inner = node.over if isinstance(node, Aggregate) else scope
    for child in children(node):
        yield from references(child, inner)


def aggregates(node: Node) -> Iterator[Aggregate]:
    """Every aggregate in the tree."""
    if isinstance(node, Aggregate):
        yield node
    for child in children(node):
        yield from aggregates(child)
