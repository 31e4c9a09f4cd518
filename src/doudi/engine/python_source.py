"""The checked tree as Python source: one straight function a formula, unknown is None, Kleene logic written out.

No text of a rule is in it: locals are counted, what a function reads by name (constants, other functions) is bound when
it is linked for a day, and the only words are names of the checked vocabulary, quoted as literals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from doudi.engine.python_decimals import MOST, Decimals
from doudi.engine.quantities import Rulebook
from doudi.engine.tree import (
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
    Negate,
    Node,
    Not,
    Or,
    Ref,
)
from doudi.engine.walk import children

_COMPARE = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_ARITHMETIC = {"+": "plus", "-": "minus", "*": "times", "/": "over"}
"""Sums of what has ten decimals have ten; a product may have more (`times_rounded`)."""
_PLAIN = {None: "None", True: "True", False: "False"}
_DEEPEST = 14
"""Indents after which a part becomes a function of its own: Python has its own limits."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a part stands: the entity, the name of its subject, and how its person and household are reached."""

    entity: str
    subject: str
    household: str = "h"

    @property
    def person(self) -> str:
        return self.subject if self.entity == "person" else f"{self.subject}.person"

    def inside(self, entity: str, subject: str) -> Scope:
        """The scope of what an aggregate runs over."""
        return Scope(entity, subject, self.household)


class Writer:
    """Writes the statements of one function. `named` gives the global name of what is bound when it is linked."""

    def __init__(
        self, rulebook: Rulebook, writers: Mapping[type[Node], Write], decimals: Decimals, named: Callable[..., str]
    ) -> None:
        self.rulebook, self._writers, self.decimals, self.named = rulebook, writers, decimals, named
        self.lines: list[str] = []
        self.whole: Node | None = None
        """The part this function is of, where it is a part."""
        self._depth, self._count = 2, 0

    def put(self, line: str) -> None:
        """One statement at the present depth."""
        self.lines.append("    " * self._depth + line)

    def fresh(self) -> str:
        """A local name not used yet."""
        self._count += 1
        return f"v{self._count}"

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is put inside stands below `head`."""
        self.put(head)
        self._depth += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.put("pass")
        self._depth -= 1

    def held(self, text: str) -> str:
        """An expression in a local."""
        name = self.fresh()
        self.put(f"{name} = {text}")
        return name

    def value(self, node: Node, scope: Scope) -> str:
        """Statements that work out a part; what is returned names its value."""
        if self.is_deep and children(node):
            return self.held(self.apart(node, scope))
        return self._writers[type(node)](self, node, scope)

    @property
    def is_deep(self) -> bool:
        """Whether parts should become functions of their own."""
        return self._depth > _DEEPEST

    def apart(self, node: Node, scope: Scope) -> str:
        """The call of a part that is a function of its own."""
        return f"{self.named('node', node, scope.entity)}({scope.subject})"


Write = Callable[[Writer, Any, Scope], str]


def is_constant(node: Node) -> bool:
    """Whether nothing of the case is read: the value is the same for every case of a day."""
    below = children(node)
    return isinstance(node, (Const, AsOf)) if not below else all(is_constant(child) for child in below)


# -- leaves and logic --------------------------------------------------------------------------------------------------


def _const(to: Writer, node: Const, scope: Scope) -> str:
    if node.value is None or isinstance(node.value, bool):
        return _PLAIN[node.value]
    return to.named("constant", node)


def _as_of(to: Writer, node: AsOf, scope: Scope) -> str:
    return "day"


def _ref(to: Writer, node: Ref, scope: Scope) -> str:
    if node.entity == "parameter":
        return to.held(f"{to.named('parameter', node.name)}({scope.household})")
    if node.via_head:
        head = to.held(f"{scope.household}.head")
        return to.held(f"None if {head} is None else {_read(to, node, head)}")
    own = scope.household if node.entity == "household" else scope.person if node.entity == "person" else scope.subject
    return to.held(_read(to, node, own))


def _read(to: Writer, node: Ref, owner: str) -> str:
    entity = "person" if node.via_head else node.entity
    if f"{entity}.{node.name}" in to.rulebook.quantities:
        return f"{to.named('quantity', f'{entity}.{node.name}')}({owner})"
    return f"{owner}.facts.get({node.name!r})"


def _not(to: Writer, node: Not, scope: Scope) -> str:
    value = to.value(node.operand, scope)
    return to.held(f"None if {value} is None else not {value}")


def _and_or(to: Writer, node: And | Or, scope: Scope) -> str:
    """A false decides `and`, a true `or`; else an unknown makes it unknown."""
    decides, passes = ("False", "True") if isinstance(node, And) else ("True", "False")
    result = to.held(to.value(node.operands[0], scope))
    for operand in node.operands[1:]:
        with to.block(f"if {result} is not {decides}:"):
            value = to.value(operand, scope)
            to.put(f"if {value} is not {passes}: {result} = {value}")
    return result


def _both(to: Writer, left: Node, right: Node, scope: Scope, text: str) -> str:
    """Unknown if a side is; the right side is not worked out where the left is unknown."""
    first = to.value(left, scope)
    if isinstance(right, (Const, AsOf)) or first == "None":
        second = to.value(right, scope)
        known = "None" if "None" in (first, second) else f"None if {first} is None else {text.format(first, second)}"
        return to.held(known)
    result = to.held("None")
    with to.block(f"if {first} is not None:"):
        second = to.value(right, scope)
        to.put(f"if {second} is not None: {result} = {text.format(first, second)}")
    return result


def _compare(to: Writer, node: Compare, scope: Scope) -> str:
    return _both(to, node.left, node.right, scope, f"{{}} {_COMPARE[node.op]} {{}}")


def _in(to: Writer, node: In, scope: Scope) -> str:
    value = to.value(node.operand, scope)
    return to.held(f"None if {value} is None else {value} in {to.named('codes', node)}")


def _is_known(to: Writer, node: IsKnown, scope: Scope) -> str:
    return to.held(f"{to.value(node.operand, scope)} is not None")


def _answered(to: Writer, node: Answered, scope: Scope) -> str:
    return to.held(f"answered({scope.person}.rows.get({node.record!r}, ()))")


# -- numbers -----------------------------------------------------------------------------------------------------------


def _arithmetic(to: Writer, node: Arithmetic, scope: Scope) -> str:
    act = _ARITHMETIC[node.op]
    if node.op == "*" and to.decimals.of(node.left) + to.decimals.of(node.right) > MOST:
        act = "times_rounded"
    return _both(to, node.left, node.right, scope, f"{act}({{}}, {{}})")


def _negate(to: Writer, node: Negate, scope: Scope) -> str:
    value = to.value(node.operand, scope)
    return to.held(f"None if {value} is None else -{value}")


def _case(to: Writer, node: Case, scope: Scope) -> str:
    result = to.held("None")
    _branches(to, node, 0, scope, result)
    return result


def _branches(to: Writer, node: Case, number: int, scope: Scope, result: str) -> None:
    """From one branch on; an unknown condition leaves the result unknown."""
    if number == len(node.branches):
        to.put(f"{result} = {to.value(node.otherwise, scope)}")
        return
    test, value = node.branches[number]
    holds = to.value(test, scope)
    with to.block(f"if {holds}:"):
        to.put(f"{result} = {to.value(value, scope)}")
    with to.block(f"elif {holds} is not None:"):
        if to.is_deep and number + 1 < len(node.branches):
            to.put(f"{result} = {to.apart(replace(node, branches=node.branches[number + 1 :]), scope)}")
        else:
            _branches(to, node, number + 1, scope, result)


def _coalesce(to: Writer, node: Coalesce, scope: Scope) -> str:
    result = to.held(to.value(node.operand, scope))
    with to.block(f"if {result} is None:"):
        to.put(f"{result} = {to.value(node.default, scope)}")
    return result


def _extreme(to: Writer, node: Extreme, scope: Scope) -> str:
    values = [to.value(operand, scope) for operand in node.operands]
    choose = "min" if node.op == "least" else "max"
    return to.held(f"{_unless_unknown(values)}{choose}({', '.join(values)})" if len(values) > 1 else values[0])


def _unless_unknown(values: list[str]) -> str:
    tests = [f"{value} is None" for value in values if value != "day" and not value.startswith("c")]
    return f"None if {' or '.join(tests)} else " if tests else ""


def _call(to: Writer, node: Call, scope: Scope) -> str:
    if is_constant(node) and node is not to.whole:
        return to.named("day", node)
    if node.function == "area_at":
        area = to.value(node.arguments[0], scope)
        return to.held(f"None if {area} is None else area_at({area}, {to.value(node.arguments[1], scope)})")
    values = [to.value(argument, scope) for argument in node.arguments]
    return to.held(f"{_unless_unknown(values)}{node.function}({', '.join(values)})")


WRITERS: dict[type[Node], Write] = {
    Const: _const, AsOf: _as_of, Ref: _ref, Not: _not, And: _and_or, Or: _and_or, Compare: _compare, In: _in,
    IsKnown: _is_known, Answered: _answered, Arithmetic: _arithmetic, Negate: _negate, Case: _case,
    Coalesce: _coalesce, Extreme: _extreme, Call: _call,
}  # fmt: skip
