"""Formulas with the values put in, as a clerk writes a sum: 月核定收入 772.80 ÷ 计入人数 2."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from doudi.engine.python import Program
from doudi.engine.quantities import Rulebook
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
    In,
    KnownExceeds,
    Node,
    Not,
    Ref,
)
from doudi.engine.wording import Wording
from doudi.engine.words import OPPOSITE, UNKNOWN, joined, number, shown

_MAX_SHOWN = 6


class Working(Wording):
    """Text of formulas worked out for one subject."""

    def __init__(self, rulebook: Rulebook, lang: str, program: Program, subject: Subject) -> None:
        super().__init__(rulebook, lang)
        self._program, self._subject = program, subject

    def worked(self, node: Node) -> str:
        """The formula with the values put in."""
        return self._text(node)

    def value(self, node: Node) -> str:
        """The value of a node alone."""
        value = self._program.evaluate(node, self._subject)
        return shown(value, node.kind, self._lang, lambda text: self.code(node, text))

    def _for(self, subject: Subject) -> Working:
        return Working(self._rulebook, self._lang, self._program, subject)

    # -- leaves and logic ----------------------------------------------------------------------------------------------

    def _asof(self, node: AsOf) -> str:
        return self.value(node)

    def _ref(self, node: Ref) -> str:
        label, value = super()._ref(node), self.value(node)
        if node.kind.base == "boolean":
            return self._is(f"{label}（{value}）", f"{label} ({value})")
        return self._join(label, value)

    def _not(self, node: Not) -> str:
        """What is so; whether it should be is in the formula."""
        return self._text(node.operand)

    def _compare(self, node: Compare) -> str:
        """What is so: 1,245.00 is not below 830.00 rather than a false sentence."""
        return self._compared(
            node, OPPOSITE[node.op] if self._program.evaluate(node, self._subject) is False else node.op
        )

    def _in(self, node: In) -> str:
        return self._listed(node, holds=self._program.evaluate(node, self._subject) is not False)

    # -- numbers -------------------------------------------------------------------------------------------------------

    def _case(self, node: Case) -> str:
        for test, value in node.branches:
            holds = self._program.evaluate(test, self._subject)
            if holds is None:
                return UNKNOWN[self._lang]
            if holds:
                return self._text(value)
        return self._text(node.otherwise)

    def _coalesce(self, node: Coalesce) -> str:
        known = self._program.evaluate(node.operand, self._subject) is not None
        return self._text(node.operand) if known else self._text(node.default)

    def _extreme(self, node: Extreme) -> str:
        if len(node.operands) != 2:
            return super()._extreme(node)
        first, second = node.operands
        if isinstance(first, Const):
            first, second = second, first
        zh, en = ("上限", "at most") if node.op == "least" else ("下限", "at least")
        limit = self._join(self._is(zh, en), self._sum(second))
        return f"{self._sum(first)}{self._is(f'（{limit}）', f' ({limit})')}"

    def _sum(self, node: Node) -> str:
        """A part with its own result, where it is more than a name."""
        text = self._text(node)
        return f"{text} = {self.value(node)}" if isinstance(node, (Arithmetic, Call)) else text

    def _argument(self, node: Node) -> str:
        return (
            self.value(node)
            if isinstance(node, (Ref, AsOf))
            else self._sum(node)
            if node.kind.unit.startswith("yuan")
            else self._text(node)
        )

    # -- aggregates ----------------------------------------------------------------------------------------------------

    def _aggregate(self, node: Aggregate) -> str:
        rows = [r for r in self._program.rows_of(node, self._subject) if self._counts(node, r)]
        total = self.value(node)
        if node.op in ("any", "all"):
            text = self._formula_of(node)
            return self._is(f"{text}（{total}）", f"{text} ({total})")
        if node.op == "exists" and not rows and total != UNKNOWN[self._lang]:
            return self._is("没有", "none found")
        if total == UNKNOWN[self._lang] or not rows:
            return total
        if node.op == "sum" and node.value is not None and node.once_per is None:
            return self._summed(node.value, rows, total, over_persons=node.over == "person")
        if node.op == "exists":
            return self._is(f"有 {len(rows)} 条", f"{len(rows)} found")
        return total

    def _formula_of(self, node: Aggregate) -> str:
        """The aggregate with the names of things, without its condition."""
        return Wording(self._rulebook, self._lang).formula(replace(node, where=None))

    def _counts(self, node: Aggregate, row: Subject) -> bool:
        return row.phantom is None and (node.where is None or self._program.evaluate(node.where, row) is True)

    def _summed(self, value: Node, rows: list[Subject], total: str, *, over_persons: bool) -> str:
        if len(rows) == 1 and not over_persons:
            own = self._rulebook.quantities.get(f"{value.entity}.{value.name}") if isinstance(value, Ref) else None
            return self._for(rows[0])._text(own.formula if own is not None else value)
        if len(rows) > _MAX_SHOWN or (not over_persons and len(rows) > 3):
            many = self._is(f"{len(rows)} 笔合计", f"{len(rows)} rows, in all")
            return self._join(many, total)
        values = [self._for(row).value(value) for row in rows]
        return values[0] if len(values) == 1 else f"({' + '.join(values)})"

    def _knownexceeds(self, node: KnownExceeds) -> str:
        total = node.total
        known, doubt = self._program.known_part(node, self._subject)
        part = number(Decimal(known), total.kind)
        limit = self._sum(node.limit)
        if self._lang == "zh":
            return joined("zh", "已知的合计" if doubt else "合计", part) + joined("zh", "，限额", limit)
        return f"{'the known part is' if doubt else 'in all'} {part}; the limit is {limit}"
