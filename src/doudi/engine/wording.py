"""Formulas as plain text, zh and en, with the names of things. With the values put in: `working`."""

from __future__ import annotations

from decimal import Decimal

from doudi.engine.quantities import Rulebook
from doudi.engine.tree import (
    Aggregate,
    And,
    Arithmetic,
    AsOf,
    Call,
    Case,
    Coalesce,
    Compare,
    Const,
    Extreme,
    In,
    KnownExceeds,
    Negate,
    Node,
    Not,
    Or,
    Ref,
)
from doudi.engine.words import AGGREGATES, CALLS, COMPARE_CODES, SIGNS, UNITS, comparisons, joined, shown

__all__ = ["UNITS", "Wording", "shown"]


class Wording:
    """Text of formulas of one rulebook in one language."""

    def __init__(self, rulebook: Rulebook, lang: str) -> None:
        self._rulebook, self._lang = rulebook, lang

    def formula(self, node: Node) -> str:
        """The formula with the names of things."""
        return self._text(node)

    def label(self, entity: str, name: str) -> str:
        """The label of a fact, quantity, column or parameter."""
        if entity == "parameter":
            return self._rulebook.parameters[name].label[self._lang]
        found = self._rulebook.quantities.get(f"{entity}.{name}") or self._rulebook.facts.get(f"{entity}.{name}")
        if found is not None:
            return found.label[self._lang]
        if entity in self._rulebook.records:
            return self._rulebook.records[entity].columns[name].label[self._lang]
        return name

    def code(self, node: Node, text: str) -> str:
        """The label of a code, where its list has one."""
        if self._lang == "zh":
            return text
        for table in self._code_tables(node):
            if text in table:
                return table[text][self._lang]
        return text

    def _code_tables(self, node: Node) -> list[dict[str, dict[str, str]]]:
        if isinstance(node, Ref) and node.entity in self._rulebook.records:
            column = self._rulebook.records[node.entity].columns.get(node.name)
            if column is not None and column.codes:
                return [column.codes]
        return [f.codes for f in self._rulebook.facts.values() if f.codes]

    def _is(self, zh: str, en: str) -> str:
        return zh if self._lang == "zh" else en

    def _join(self, *parts: str) -> str:
        return joined(self._lang, *parts)

    def _text(self, node: Node) -> str:
        text: str = getattr(self, "_" + type(node).__name__.lower())(node)
        return text

    def _inner(self, node: Node) -> str:
        """A part that stands inside another."""
        text = self._text(node)
        if isinstance(node, (And, Or, Case)) and window_months(node) is None:
            return f"（{text}）" if self._lang == "zh" else f"({text})"
        return text

    # -- leaves and logic ----------------------------------------------------------------------------------------------

    def _const(self, node: Const) -> str:
        return f"{node.value:,f}" if isinstance(node.value, Decimal) else shown(node.value, node.kind, self._lang)

    def _asof(self, node: AsOf) -> str:
        return self._is("申请日", "the day of application")

    def _ref(self, node: Ref) -> str:
        label = self.label(node.entity, node.name)
        return self._is(f"户主的{label}", f"{label} of the head") if node.via_head else label

    def _not(self, node: Not) -> str:
        return self._join(self._is("不是", "not"), self._inner(node.operand))

    def _and(self, node: And) -> str:
        months = window_months(node)
        if months is not None:
            return self._is(f"申请月前 {months} 个月", f"in the {months} months before the month of application")
        return self._is("，且", " and ").join(self._inner(o) for o in node.operands)

    def _or(self, node: Or) -> str:
        return self._is("，或", " or ").join(self._inner(o) for o in node.operands)

    def _compare(self, node: Compare) -> str:
        right = self._text(node.right)
        if isinstance(node.right, Const) and isinstance(node.right.value, str):
            right = self.code(node.left, node.right.value)
        return self._join(self._text(node.left), comparisons(node.left.kind, self._lang)[node.op], right)

    def _in(self, node: In) -> str:
        return self._join(self._text(node.operand), COMPARE_CODES[self._lang]["="], self.listed(node))

    def listed(self, node: In) -> str:
        """The codes of a list."""
        names = [self.code(node.operand, v) for v in node.values]
        listed = self._is("、".join(names[:-1]) + "或" + names[-1], f"{', '.join(names[:-1])} or {names[-1]}")
        return listed if len(names) > 1 else names[0]

    # -- numbers -------------------------------------------------------------------------------------------------------

    def _arithmetic(self, node: Arithmetic) -> str:
        strong = node.op in "*/"
        parts = []
        for index, operand in enumerate((node.left, node.right)):
            text = self._text(operand)
            weak = isinstance(operand, Arithmetic) and operand.op in "+-"
            if isinstance(operand, (Case, Compare)) or (weak and (strong or index)):
                text = f"({text})"
            parts.append(text)
        return f"{parts[0]} {SIGNS[node.op]} {parts[1]}"

    def _negate(self, node: Negate) -> str:
        return f"−{self._inner(node.operand)}"

    def _case(self, node: Case) -> str:
        texts = []
        for test, value in node.branches:
            if isinstance(value, Const) and value.value is None:
                continue
            condition, result = self._text(test), self._text(value)
            texts.append(
                self._join(f"若{condition}，按", result) if self._lang == "zh" else f"if {condition}: {result}"
            )
        otherwise = self._text(node.otherwise)
        if not texts:
            return otherwise
        last = self._join("否则按", otherwise) if self._lang == "zh" else f"otherwise {otherwise}"
        return self._is("；", "; ").join([*texts, last])

    def _coalesce(self, node: Coalesce) -> str:
        inner, default = self._text(node.operand), self._text(node.default)
        return self._is(f"{inner}（没有时按{default}）", f"{inner} ({default} if there is none)")

    def _extreme(self, node: Extreme) -> str:
        texts = [self._text(o) for o in node.operands]
        name = self._is(
            {"least": "取最小", "greatest": "取最大"}[node.op],
            {"least": "the least of ", "greatest": "the greatest of "}[node.op],
        )
        return f"{name}（{'；'.join(texts)}）" if self._lang == "zh" else f"{name}({'; '.join(texts)})"

    def _call(self, node: Call) -> str:
        if node.function in ("monthly", "yearly"):
            sign = "÷" if node.function == "monthly" else "×"
            inner = self._text(node.arguments[0])
            plain = isinstance(node.arguments[0], (Ref, Aggregate, Const))
            return f"{inner if plain else f'({inner})'} {sign} 12"
        templates = CALLS[self._lang]
        texts = [self._text(a) for a in node.arguments]
        return templates[node.function].format(*texts)

    # -- aggregates ----------------------------------------------------------------------------------------------------

    def _aggregate(self, node: Aggregate) -> str:
        whose = self._is("家庭成员", "members")
        if node.over != "person":
            whose = self._rulebook.records[node.over].feed.label[self._lang]
        value = Wording._text(self, node.value) if node.value is not None else ""
        where = Wording._text(self, node.where) if node.where is not None else ""
        text = AGGREGATES[self._lang][node.op].format(whose=whose, value=value)
        if node.once_per is not None:
            per = Wording._text(self, node.once_per)
            text += self._is(f"（同一{per}只算一次）", f" (once per {per})")
        return f"{text}{self._is(f'（{where}）', f' ({where})')}" if where else text

    def _knownexceeds(self, node: KnownExceeds) -> str:
        total, limit = self._text(node.total), self._text(node.limit)
        return self._is(f"{total}，已知的部分已超过 {limit}", f"the known part of {total} exceeds {limit}")

    def _isknown(self, node: Node) -> str:
        return ""

    def _answered(self, node: Node) -> str:
        return self._is("部门已经反馈", "the department has answered")


def window_months(node: Node) -> int | None:
    """The number of months where a condition is that of a fact's window: column ≥ first month and < month of as_of."""
    if not isinstance(node, And) or len(node.operands) != 2:
        return None
    first, last = node.operands
    if not (isinstance(first, Compare) and isinstance(last, Compare) and (first.op, last.op) == (">=", "<")):
        return None
    start = first.right
    if isinstance(start, Call) and start.function == "months_before" and isinstance(start.arguments[1], Const):
        value = start.arguments[1].value
        if isinstance(last.right, Call) and isinstance(value, Decimal):
            return int(value)
    return None
