"""Numbers of formulas with the values put in: arithmetic, limits, cases, functions."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter

from doudi.engine.python_source import Scope
from doudi.engine.tree import (
    Aggregate,
    Arithmetic,
    AsOf,
    Call,
    Case,
    Coalesce,
    Compare,
    Const,
    Extreme,
    Negate,
    Node,
    Ref,
)
from doudi.engine.words import CALLS, SIGNS
from doudi.engine.working import Pieces, Sayer, Teller, Text, joined
from doudi.engine.written import NOT_KNOWN


def _arithmetic(to: Teller, node: Arithmetic, scope: Scope) -> Text:
    texts = []
    for index, operand in enumerate((node.left, node.right)):
        weak = isinstance(operand, Arithmetic) and operand.op in "+-"
        text = to.said(operand, scope)
        if isinstance(operand, (Case, Compare)) or (weak and (node.op in "*/" or bool(index))):
            text = Text(("(", *text.zh, ")"), ("(", *text.en, ")"))
        texts.append(text)
    sign = f" {SIGNS[node.op]} "
    return joined(texts, sign, sign)


def _negate(to: Teller, node: Negate, scope: Scope) -> Text:
    text = to.inner(node.operand, scope)
    return Text(("−", *text.zh), ("−", *text.en))


def _case(to: Teller, node: Case, scope: Scope) -> Text:
    text = to.pair(to.named("fixed", NOT_KNOWN))
    _branches(to, node, 0, scope, text)
    return text


def _branches(to: Teller, node: Case, number: int, scope: Scope, text: Text) -> None:
    """From one branch on; an unknown condition leaves it unknown."""
    if number == len(node.branches):
        _is(to, text, to.said(node.otherwise, scope))
        return
    test, value = node.branches[number]
    holds = to.value(test, scope)
    with to.block(f"if {holds}:"):
        _is(to, text, to.said(value, scope))
    with to.block(f"elif {holds} is not None:"):
        if to.is_deep and number + 1 < len(node.branches):
            _is(to, text, to.said(replace(node, branches=node.branches[number + 1 :]), scope))
        else:
            _branches(to, node, number + 1, scope, text)


def _is(to: Teller, text: Text, other: Text) -> None:
    for name, pieces in ((text.zh[0], other.zh), (text.en[0], other.en)):
        to.put(f"{name} = {to.put_together(pieces)}")


def _coalesce(to: Teller, node: Coalesce, scope: Scope) -> Text:
    value = to.value(node.operand, scope)
    text = to.pair(to.named("fixed", NOT_KNOWN))
    with to.block(f"if {value} is None:"):
        _is(to, text, to.said(node.default, scope))
    with to.block("else:"):
        _is(to, text, to.said(node.operand, scope))
    return text


def _extreme(to: Teller, node: Extreme, scope: Scope) -> Text:
    if len(node.operands) != 2:
        return _several(to, node, scope)
    first, second = node.operands
    if isinstance(first, Const):
        first, second = second, first
    said, limit = _summed(to, first, scope), _summed(to, second, scope)
    zh, en = ("上限", "at most") if node.op == "least" else ("下限", "at least")
    return Text((*said.zh, "（", *to.spaced((zh,), limit.zh), "）"), (*said.en, " (", en, " ", *limit.en, ")"))


def _several(to: Teller, node: Extreme, scope: Scope) -> Text:
    all_of = joined([to.said(operand, scope) for operand in node.operands], "；", "; ")
    zh, en = ("取最小", "the least of ") if node.op == "least" else ("取最大", "the greatest of ")
    return Text((zh, "（", *all_of.zh, "）"), (en, "(", *all_of.en, ")"))


def _call(to: Teller, node: Call, scope: Scope) -> Text:
    if node.function in ("monthly", "yearly"):
        sign = " ÷ 12" if node.function == "monthly" else " × 12"
        inner = to.said(node.arguments[0], scope)
        if isinstance(node.arguments[0], (Ref, Aggregate, Const)):
            return Text((*inner.zh, sign), (*inner.en, sign))
        return Text(("(", *inner.zh, ")", sign), ("(", *inner.en, ")", sign))
    texts = [_argument(to, argument, scope) for argument in node.arguments]
    zh, en = CALLS["zh"][node.function], CALLS["en"][node.function]
    return Text(_filled(zh, [text.zh for text in texts]), _filled(en, [text.en for text in texts]))


def _filled(template: str, arguments: list[Pieces]) -> Pieces:
    """A template with the pieces of its arguments in their places."""
    found: list[str] = []
    for before, place, _, _ in Formatter().parse(template):
        found += [before, *(arguments[int(place)] if place else ())]
    return tuple(piece for piece in found if piece)


def _argument(to: Teller, node: Node, scope: Scope) -> Text:
    if isinstance(node, Ref):
        return to.written(node, scope)
    is_money = not isinstance(node, AsOf) and node.kind.unit.startswith("yuan")
    return _summed(to, node, scope) if is_money else to.said(node, scope)


def _summed(to: Teller, node: Node, scope: Scope) -> Text:
    """A part with its own result, where it is more than a name."""
    text = to.said(node, scope)
    if not isinstance(node, (Arithmetic, Call)):
        return text
    value = to.written(node, scope)
    return Text((*text.zh, " = ", *value.zh), (*text.en, " = ", *value.en))


NUMBER_SAYERS: dict[type[Node], Sayer] = {
    Arithmetic: _arithmetic, Negate: _negate, Case: _case, Coalesce: _coalesce, Extreme: _extreme, Call: _call,
}  # fmt: skip
