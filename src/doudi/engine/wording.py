"""Formulas as plain text, zh and en: with the names of things, or with the values put in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from doudi.engine.python import Program
from doudi.engine.quantities import Rulebook
from doudi.engine.subject import Subject, Value
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
    Kind,
    KnownExceeds,
    Negate,
    Node,
    Not,
    Or,
    Ref,
)

UNITS = {
    "zh": {
        "yuan": "元",
        "yuan/month": "元/月",
        "yuan/year": "元/年",
        "m2": "平方米",
        "months": "个月",
        "years": "岁",
        "people": "人",
        "ratio": "",
        "none": "",
    },
    "en": {
        "yuan": "yuan",
        "yuan/month": "yuan a month",
        "yuan/year": "yuan a year",
        "m2": "m²",
        "months": "months",
        "years": "years",
        "people": "people",
        "ratio": "",
        "none": "",
    },
}
_COMPARE = {
    "zh": {"=": "等于", "!=": "不等于", "<": "低于", "<=": "不高于", ">": "高于", ">=": "不低于"},
    "en": {"=": "is", "!=": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"},
}
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_UNKNOWN = {"zh": "未知", "en": "unknown"}
_MAX_SHOWN = 6


def shown(value: Value, kind: Kind, lang: str, codes: Callable[[str], str] | None = None) -> str:
    """A value as people read it: thousands separated, money with two decimals, yes and no as words."""
    if value is None:
        return _UNKNOWN[lang]
    if isinstance(value, bool):
        return {"zh": {True: "是", False: "否"}, "en": {True: "yes", False: "no"}}[lang][value]
    if isinstance(value, (int, Decimal)):
        return _number(Decimal(value), kind)
    if isinstance(value, date):
        return value.isoformat()[:7] if kind.base == "month" else value.isoformat()
    return codes(value) if codes else value


def _number(value: Decimal, kind: Kind) -> str:
    if kind.unit.startswith("yuan"):
        return f"{value.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):,.2f}"
    rounded = value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
    return f"{rounded.normalize():,f}" if rounded != rounded.to_integral_value() else f"{int(rounded):,}"


class Wording:
    """Text of formulas of one rulebook. With `program` and `subject`, values stand in for names."""

    def __init__(self, rulebook: Rulebook, lang: str) -> None:
        self._rulebook, self._lang = rulebook, lang
        self._codes = [f.codes for f in rulebook.facts.values() if f.codes]

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
        return self._codes

    def formula(self, node: Node) -> str:
        """The formula with the names of things."""
        return self._text(node, None, None)

    def worked(self, node: Node, program: Program, subject: Subject) -> str:
        """The formula with the values put in."""
        return self._text(node, program, subject)

    def _text(self, node: Node, program: Program | None, subject: Subject | None) -> str:
        text: str = getattr(self, "_" + type(node).__name__.lower())(node, program, subject)
        return text

    def _value(self, node: Node, program: Program, subject: Subject) -> str:
        return shown(program.evaluate(node, subject), node.kind, self._lang, lambda text: self.code(node, text))

    def _const(self, node: Const, program: Program | None, subject: Subject | None) -> str:
        if isinstance(node.value, Decimal):
            return f"{node.value:,f}"
        return shown(node.value, node.kind, self._lang)

    def _asof(self, node: AsOf, program: Program | None, subject: Subject | None) -> str:
        if program is not None and subject is not None:
            return self._value(node, program, subject)
        return "申请日" if self._lang == "zh" else "the day of application"

    def _ref(self, node: Ref, program: Program | None, subject: Subject | None) -> str:
        if program is not None and subject is not None:
            return self._value(node, program, subject)
        label = self.label(node.entity, node.name)
        if node.via_head:
            return f"户主的{label}" if self._lang == "zh" else f"{label} of the head"
        return label

    def _inner(self, node: Node, program: Program | None, subject: Subject | None) -> str:
        text = self._text(node, program, subject)
        return f"({text})" if isinstance(node, (And, Or, Arithmetic, Case, Compare)) else text

    def _not(self, node: Not, program: Program | None, subject: Subject | None) -> str:
        inner = self._inner(node.operand, program, subject)
        return f"不是 {inner}" if self._lang == "zh" else f"not {inner}"

    def _and(self, node: And, program: Program | None, subject: Subject | None) -> str:
        return (" 且 " if self._lang == "zh" else " and ").join(self._inner(o, program, subject) for o in node.operands)

    def _or(self, node: Or, program: Program | None, subject: Subject | None) -> str:
        return (" 或 " if self._lang == "zh" else " or ").join(self._inner(o, program, subject) for o in node.operands)

    def _compare(self, node: Compare, program: Program | None, subject: Subject | None) -> str:
        left, right = self._text(node.left, program, subject), self._text(node.right, program, subject)
        if isinstance(node.right, Const) and isinstance(node.right.value, str):
            right = self.code(node.left, node.right.value)
        return f"{left} {_COMPARE[self._lang][node.op]} {right}"

    def _in(self, node: In, program: Program | None, subject: Subject | None) -> str:
        names = [self.code(node.operand, v) for v in node.values]
        operand = self._text(node.operand, program, subject)
        return (
            f"{operand} 是 {'、'.join(names)} 之一" if self._lang == "zh" else f"{operand} is one of {', '.join(names)}"
        )

    def _arithmetic(self, node: Arithmetic, program: Program | None, subject: Subject | None) -> str:
        strong = node.op in "*/"
        parts = []
        for index, operand in enumerate((node.left, node.right)):
            text = self._text(operand, program, subject)
            weak = isinstance(operand, Arithmetic) and operand.op in "+-"
            if isinstance(operand, (Case, Compare)) or (weak and (strong or index)):
                text = f"({text})"
            parts.append(text)
        return f"{parts[0]} {_SIGNS[node.op]} {parts[1]}"

    def _negate(self, node: Negate, program: Program | None, subject: Subject | None) -> str:
        return f"−{self._inner(node.operand, program, subject)}"

    def _case(self, node: Case, program: Program | None, subject: Subject | None) -> str:
        if program is not None and subject is not None:
            return self._chosen(node, program, subject)
        texts = []
        for test, value in node.branches:
            if isinstance(value, Const) and value.value is None:
                continue
            test_text, value_text = self._text(test, None, None), self._text(value, None, None)
            texts.append(f"若{test_text}，则 {value_text}" if self._lang == "zh" else f"if {test_text}: {value_text}")
        otherwise = self._text(node.otherwise, None, None)
        if not texts:
            return otherwise
        joined = "；".join(texts) if self._lang == "zh" else "; ".join(texts)
        return f"{joined}；否则 {otherwise}" if self._lang == "zh" else f"{joined}; otherwise {otherwise}"

    def _chosen(self, node: Case, program: Program, subject: Subject) -> str:
        for test, value in node.branches:
            holds = program.evaluate(test, subject)
            if holds is None:
                return _UNKNOWN[self._lang]
            if holds:
                return self._text(value, program, subject)
        return self._text(node.otherwise, program, subject)

    def _coalesce(self, node: Coalesce, program: Program | None, subject: Subject | None) -> str:
        if program is not None and subject is not None:
            return self._value(node, program, subject)
        inner, default = self._text(node.operand, None, None), self._text(node.default, None, None)
        return f"{inner}（没有时按 {default}）" if self._lang == "zh" else f"{inner} ({default} if there is none)"

    def _extreme(self, node: Extreme, program: Program | None, subject: Subject | None) -> str:
        name = {
            "zh": {"least": "取小", "greatest": "取大"},
            "en": {"least": "the least of", "greatest": "the greatest of"},
        }[self._lang][node.op]
        return f"{name}({'; '.join(self._text(o, program, subject) for o in node.operands)})"

    def _call(self, node: Call, program: Program | None, subject: Subject | None) -> str:
        if node.function in ("monthly", "yearly"):
            sign = "÷" if node.function == "monthly" else "×"
            return f"{self._inner(node.arguments[0], program, subject)} {sign} 12"
        texts = [self._text(a, program, subject) for a in node.arguments]
        templates = _CALLS[self._lang]
        return (
            templates[node.function].format(*texts)
            if node.function in templates
            else f"{node.function}({', '.join(texts)})"
        )

    def _aggregate(self, node: Aggregate, program: Program | None, subject: Subject | None) -> str:
        if program is not None and subject is not None:
            return self._worked_aggregate(node, program, subject)
        whose = (
            ("家庭成员" if self._lang == "zh" else "members")
            if node.over == "person"
            else self._rulebook.records[node.over].feed.label[self._lang]
        )
        value = self._text(node.value, None, None) if node.value is not None else ""
        where = self._text(node.where, None, None) if node.where is not None else ""
        text = _AGGREGATES[self._lang][node.op].format(whose=whose, value=value)
        return f"{text}（{where}）" if where and self._lang == "zh" else f"{text} ({where})" if where else text

    def _worked_aggregate(self, node: Aggregate, program: Program, subject: Subject) -> str:
        total = self._value(node, program, subject)
        if node.op != "sum" or node.value is None or node.once_per is not None:
            return total
        rows = [r for r in program.rows_of(node, subject) if node.where is None or program.evaluate(node.where, r)]
        values = [self._value(node.value, program, r) for r in rows]
        if not 1 < len(values) <= _MAX_SHOWN or _UNKNOWN[self._lang] in values:
            return total
        return f"({' + '.join(values)})"

    def _knownexceeds(self, node: KnownExceeds, program: Program | None, subject: Subject | None) -> str:
        total, limit = self._text(node.total, program, subject), self._text(node.limit, program, subject)
        return (
            f"已知部分合计 {total} 超过 {limit}" if self._lang == "zh" else f"the known part, {total}, exceeds {limit}"
        )

    def _isknown(self, node: Node, program: Program | None, subject: Subject | None) -> str:
        return ""


_CALLS = {
    "zh": {
        "age_on": "{0} 出生、到 {1} 的周岁",
        "round_to": "{0}，四舍五入到 {1}",
        "round_up_to": "{0}，向上进到 {1} 的整数倍",
        "area_at": "{0} 所在的{1}",
        "months_before": "{0} 前 {1} 个月",
        "add_months": "{0} 后 {1} 个月",
        "month_of": "{0} 所在月",
        "full_months_between": "{0} 到 {1} 的整月数",
        "same_month": "{0} 与 {1} 同月",
    },
    "en": {
        "age_on": "age on {1}, born {0}",
        "round_to": "{0}, rounded to {1}",
        "round_up_to": "{0}, rounded up to a multiple of {1}",
        "area_at": "the {1} of {0}",
        "months_before": "{1} months before {0}",
        "add_months": "{1} months after {0}",
        "month_of": "the month of {0}",
        "full_months_between": "full months from {0} to {1}",
        "same_month": "{0} and {1} are of one month",
    },
}
_AGGREGATES = {
    "zh": {
        "sum": "{whose}的{value}合计",
        "count": "{whose}的数目",
        "count_distinct": "{whose}中不同{value}的个数",
        "any": "{whose}中有人{value}",
        "all": "{whose}全部{value}",
        "min": "{whose}中最小的{value}",
        "max": "{whose}中最大的{value}",
        "exists": "有{whose}的记录",
        "latest": "{whose}中最近的{value}",
    },
    "en": {
        "sum": "{value} of {whose}, added up",
        "count": "number of {whose}",
        "count_distinct": "number of different {value} in {whose}",
        "any": "any of {whose}: {value}",
        "all": "all of {whose}: {value}",
        "min": "least {value} of {whose}",
        "max": "greatest {value} of {whose}",
        "exists": "there is a record in {whose}",
        "latest": "latest {value} of {whose}",
    },
}
