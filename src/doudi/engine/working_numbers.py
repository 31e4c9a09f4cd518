"""Numbers of formulas with the values put in: arithmetic, limits, cases, functions."""

from __future__ import annotations

from doudi.engine.subject import Subject
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
from doudi.engine.words import CALLS, SIGNS, spaced
from doudi.engine.working import Said, Sayer, Working
from doudi.engine.written import NOT_KNOWN, Pair


def _arithmetic(by: Working, node: Arithmetic, entity: str) -> Said:
    parts = []
    for index, operand in enumerate((node.left, node.right)):
        weak = isinstance(operand, Arithmetic) and operand.op in "+-"
        is_bracketed = isinstance(operand, (Case, Compare)) or (weak and (node.op in "*/" or bool(index)))
        parts.append((by.said(operand, entity), "({})" if is_bracketed else "{}"))
    (left, first), (right, second) = parts
    before, _, rest = f"{first} {SIGNS[node.op]} {second}".partition("{}")
    between, _, after = rest.partition("{}")

    def run(subject: Subject) -> Pair:
        (zh, en), (other_zh, other_en) = left(subject), right(subject)
        return f"{before}{zh}{between}{other_zh}{after}", f"{before}{en}{between}{other_en}{after}"

    return run


def _negate(by: Working, node: Negate, entity: str) -> Said:
    inner = by.inner(node.operand, entity)

    def run(subject: Subject) -> Pair:
        zh, en = inner(subject)
        return f"−{zh}", f"−{en}"

    return run


def _case(by: Working, node: Case, entity: str) -> Said:
    branches = [(by.program.part(test, entity), by.said(value, entity)) for test, value in node.branches]
    otherwise = by.said(node.otherwise, entity)

    def run(subject: Subject) -> Pair:
        for test, said in branches:
            holds = test(subject)
            if holds is None:
                return NOT_KNOWN
            if holds:
                return said(subject)
        return otherwise(subject)

    return run


def _coalesce(by: Working, node: Coalesce, entity: str) -> Said:
    value = by.program.part(node.operand, entity)
    known, default = by.said(node.operand, entity), by.said(node.default, entity)
    return lambda s: default(s) if value(s) is None else known(s)


def _extreme(by: Working, node: Extreme, entity: str) -> Said:
    if len(node.operands) != 2:
        return _several(by, node, entity)
    first, second = node.operands
    if isinstance(first, Const):
        first, second = second, first
    said, limit = by.summed(first, entity), by.summed(second, entity)
    zh, en = ("上限", "at most") if node.op == "least" else ("下限", "at least")

    def run(subject: Subject) -> Pair:
        (zh_text, en_text), (zh_limit, en_limit) = said(subject), limit(subject)
        return f"{zh_text}（{spaced(zh, zh_limit)}）", f"{en_text} ({en} {en_limit})"

    return run


def _several(by: Working, node: Extreme, entity: str) -> Said:
    parts = [by.said(operand, entity) for operand in node.operands]
    zh, en = ("取最小", "the least of ") if node.op == "least" else ("取最大", "the greatest of ")

    def run(subject: Subject) -> Pair:
        texts = [part(subject) for part in parts]
        return f"{zh}（{'；'.join(t[0] for t in texts)}）", f"{en}({'; '.join(t[1] for t in texts)})"

    return run


def _call(by: Working, node: Call, entity: str) -> Said:
    if node.function in ("monthly", "yearly"):
        inner, sign = by.said(node.arguments[0], entity), "÷" if node.function == "monthly" else "×"
        plain = isinstance(node.arguments[0], (Ref, Aggregate, Const))
        made = (f"{{}} {sign} 12" if plain else f"({{}}) {sign} 12").format

        def converted(subject: Subject) -> Pair:
            zh, en = inner(subject)
            return made(zh), made(en)

        return converted
    parts = [_argument(by, argument, entity) for argument in node.arguments]
    zh, en = CALLS["zh"][node.function].format, CALLS["en"][node.function].format
    if len(parts) == 2:
        first, second = parts

        def of_two(subject: Subject) -> Pair:
            (a_zh, a_en), (b_zh, b_en) = first(subject), second(subject)
            return zh(a_zh, b_zh), en(a_en, b_en)

        return of_two

    def run(subject: Subject) -> Pair:
        texts = [part(subject) for part in parts]
        return zh(*(text[0] for text in texts)), en(*(text[1] for text in texts))

    return run


def _argument(by: Working, node: Node, entity: str) -> Said:
    if isinstance(node, AsOf):
        return by.said(node, entity)
    if isinstance(node, Ref):
        return by.value(node, entity)
    return by.summed(node, entity) if node.kind.unit.startswith("yuan") else by.said(node, entity)


NUMBER_SAYERS: dict[type[Node], Sayer] = {
    Arithmetic: _arithmetic, Negate: _negate, Case: _case, Coalesce: _coalesce, Extreme: _extreme, Call: _call,
}  # fmt: skip
