"""Walking and rewriting trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

from doudi.engine.tree import Aggregate, Node, Ref

_PARTS: dict[type[Node], tuple[str, ...]] = {}
"""The fields of each kind of node, looked up once."""


def children(node: Node) -> list[Node]:
    """The nodes directly below."""
    kind = type(node)
    names = _PARTS.get(kind)
    if names is None:
        names = _PARTS[kind] = tuple(spec.name for spec in fields(node) if spec.name != "kind")
    found: list[Node] = []
    for name in names:
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, Node):
                    found.append(item)
                elif isinstance(item, tuple):
                    found += [part for part in item if isinstance(part, Node)]
    return found


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
