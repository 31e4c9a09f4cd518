"""What all parts of the checker share: errors at a place of the formula, and whether a node's kind and unit fit."""

from __future__ import annotations

from doudi.engine.errors import PolicyError
from doudi.engine.grammar import Source, Syntax
from doudi.engine.names import Names
from doudi.engine.reading import nearest
from doudi.engine.tree import (
    BOOLEAN,
    Case,
    Const,
    Kind,
    Node,
)
from doudi.engine.units import same


class KindChecker:
    """The names at hand, the formula's source, and what may stand where."""

    def __init__(self, names: Names, source: Source, scope: str, *, bare: bool = False) -> None:
        self._names, self._source, self._bare = names, source, bare
        self._owner = scope

    def check(self, syntax: Syntax, scope: str) -> Node:
        """One node in a scope."""
        raise NotImplementedError

    def _error(self, code: str, syntax: Syntax, suggestion: str | None = None, **context: object) -> PolicyError:
        return PolicyError(code, self._source.at(syntax.at), suggestion=suggestion, **context)

    def _kind_of(self, entity: str, name: str, syntax: Syntax) -> Kind:
        kind = self._names.kind(entity, name)
        if kind is None:
            raise self._error(
                "rule.name_unknown", syntax, nearest(f"{entity}.{name}", self._names.all_qualified()), name=syntax.text
            )
        return kind

    def _fit(self, node: Node, wanted: Kind, syntax: Syntax) -> Node:
        have = node.kind
        if isinstance(node, Const) and wanted.base in ("code", "area") and have.base == "code":
            return self._code_in(node, wanted, syntax)
        numbers = ("number", "integer")
        if wanted.base in numbers and have.base in numbers:
            if wanted.base == "integer" and have.base == "number":
                raise self._error(
                    "rule.type_mismatch", syntax, what=syntax.text or syntax.op, expected="integer", found="number"
                )
            self._same_unit(node, wanted.unit, syntax)
            return node
        if wanted.base != have.base:
            raise self._error(
                "rule.type_mismatch", syntax, what=syntax.text or syntax.op, expected=wanted.base, found=have.base
            )
        return node

    def _same_unit(self, node: Node, unit: str, syntax: Syntax) -> None:
        if isinstance(node, Const) or same(node.kind.unit, unit) or is_plain(node):
            return
        raise self._error("rule.unit_mismatch", syntax, left=node.kind.unit, right=unit)

    def _boolean(self, syntax: Syntax, scope: str) -> Node:
        return self._fit(self.check(syntax, scope), BOOLEAN, syntax)

    def _numeric(self, syntax: Syntax, scope: str) -> Node:
        node = self.check(syntax, scope)
        if node.kind.base not in ("number", "integer"):
            raise self._error(
                "rule.type_mismatch", syntax, what=syntax.text or syntax.op, expected="number", found=node.kind.base
            )
        return node

    def _code_in(self, node: Const, kind: Kind, syntax: Syntax) -> Const:
        text = str(node.value)
        if kind.codes is not None and text not in kind.codes:
            raise self._error(
                "rule.code_unknown", syntax, nearest(text, kind.codes), value=text, known=", ".join(kind.codes)
            )
        return Const(kind, text)


def is_plain(node: Node) -> bool:
    """A combination of constants: fits any unit."""
    if isinstance(node, Const):
        return True
    if isinstance(node, Case):
        return is_plain(node.otherwise) and all(is_plain(v) for _, v in node.branches)
    return False


def number_kind(unit: str, *nodes: Node) -> Kind:
    whole = all(n.kind.base == "integer" for n in nodes)
    return Kind("integer" if whole else "number", unit, 0 if whole else None)
