"""One rulebook for one day in Python: values of quantities, facts and parts of formulas for one case.

The functions are generated from the checked tree (`python_source`); here they are linked with the day's figures and
constants. The other rendering is SQL; each is the other's oracle.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import CodeType, FunctionType
from typing import Any

from doudi.engine.errors import EngineError
from doudi.engine.python_code import MAKING, source_of
from doudi.engine.quantities import Parameter, Rulebook
from doudi.engine.subject import Subject, Value
from doudi.engine.tree import Aggregate, KnownExceeds, Node, Ref
from doudi.engine.vocabulary import ParameterValue
from doudi.lib import money, months

Function = Callable[..., Any]
_AREA_LENGTH = {"province": 2, "prefecture": 4, "county": 6, "township": 9, "village": 12}
_TWELVE = Decimal(12)


class Program:
    """One rulebook for one day. Values of a subject are memorised in the subject; a function is made when needed."""

    def __init__(self, rulebook: Rulebook, as_of: date) -> None:
        self._rulebook, self.as_of = rulebook, as_of
        self.source = source_of(rulebook)
        self._globals: dict[str, Any] = {
            "__builtins__": _BUILTINS, **FUNCTIONS, "day": as_of, "too_large": self._too_large,
        }  # fmt: skip
        self._named: dict[tuple[str, str], Function] = {}
        self._listed: list[tuple[str, str, Function]] = []
        self._nodes: dict[tuple[int, str], tuple[Node, Function]] = {}
        self._known: dict[tuple[int, str], Function] = {}
        self._figures: dict[str, dict[tuple[Value, Value], ParameterValue]] = {}
        self._binders: dict[str, Callable[..., Any]] = {}
        self._makers: dict[str, Callable[..., Function]] = {"quantity": self._of_name, "node": self.part}

    def value(self, subject: Subject, name: str) -> Value:
        """The value of a fact or quantity of this subject's entity."""
        key = (subject.entity, name)
        found = self._named.get(key)
        if found is None:
            found = self._named[key] = self.function(subject.entity, name)
        value: Value = found(subject)
        return value

    def function(self, entity: str, name: str) -> Function:
        """The function that gives a fact or quantity of a subject of an entity."""
        qualified = f"{entity}.{name}"
        if qualified not in self._rulebook.quantities:
            return lambda s: s.facts.get(name)
        found = self._named.get((entity, name))
        if found is None:
            with MAKING:
                found = self._named[entity, name] = self.linked(self.source.quantity(qualified))
        return found

    def listed(self) -> list[tuple[str, str, Function]]:
        """The rules and facts from rows of households and persons: qualified name, entity, function."""
        if not self._listed:
            self._listed = [
                (quantity.qualified, quantity.entity, self.function(quantity.entity, quantity.name))
                for quantity in self._rulebook.quantities.values()
                if quantity.origin in ("rule", "rows") and quantity.entity in ("household", "person")
            ]
        return self._listed

    def part(self, node: Node, entity: str) -> Function:
        """The function that gives a part of a formula for a subject of the entity it stands in. Parts are known by
        their identity and kept, so that no other part comes to stand in their place.
        """
        found = self._nodes.get((id(node), entity))
        if found is None:
            found = self._nodes[id(node), entity] = (node, self._made(node, entity))
        return found[1]

    def _made(self, node: Node, entity: str) -> Function:
        if isinstance(node, Ref) and node.entity == entity and not node.via_head:
            return self.function(entity, node.name)
        with MAKING:
            return self.linked(self.source.node(node, entity))

    def evaluate(self, node: Node, subject: Subject) -> Value:
        """The value of any node in the scope of a subject."""
        value: Value = self.part(node, subject.entity)(subject)
        return value

    def known_part(self, node: KnownExceeds, subject: Subject) -> tuple[Decimal, bool]:
        """(the sum of what is known, whether any part is unknown)."""
        key = (id(node), subject.entity)
        if key not in self._known:
            with MAKING:
                self._known[key] = self.linked(self.source.known_part(node, subject.entity))
        found: tuple[Decimal, bool] = self._known[key](subject)
        return found

    def rows_of(self, node: Aggregate, subject: Subject) -> list[Subject]:
        """What an aggregate runs over for a subject."""
        if node.over == "person":
            return (subject.household or subject).members
        if node.within == "person":
            return (subject.person or subject).rows[node.over]
        return [row for member in (subject.household or subject).members for row in member.rows[node.over]]

    def parameter_used(self, name: str, household: Subject) -> ParameterValue | None:
        """The dated value of a parameter that holds for a household; None while area or key are unknown. A gap is an
        error.
        """
        parameter = self._rulebook.parameters[name]
        area = household.facts.get("area")
        key = self.evaluate(parameter.by, household) if parameter.by is not None else None
        if area is None or (parameter.by is not None and key is None):
            return None
        figures = self._figures.setdefault(name, {})
        found = figures.get((area, key))
        if found is None:
            found = figures[area, key] = self._figure(parameter, str(area), key)
        return found

    def _figure(self, parameter: Parameter, area: str, key: Value) -> ParameterValue:
        day = self.as_of
        for value in parameter.values:
            holds = value.from_on <= day and (value.to_on is None or day <= value.to_on)
            if holds and area.startswith(value.area) and (parameter.by is None or value.key == key):
                return value
        name, label = parameter.name, parameter.label["zh"]
        raise EngineError("run.parameter_gap", None, name=name, area=area, day=day.isoformat(), label=label)

    def _too_large(self, qualified: str) -> EngineError:
        return EngineError("run.overflow", self._rulebook.quantities[qualified].at, name=qualified)

    # -- linking -------------------------------------------------------------------------------------------------------

    def also(
        self, names: dict[str, Any], binders: dict[str, Callable[..., Any]], makers: dict[str, Callable[..., Function]]
    ) -> None:
        """What else generated code may name: as it is, bound when it is linked, or made when it is first called."""
        self._globals |= names
        self._binders |= binders
        self._makers |= makers

    def linked(self, code: CodeType) -> Function:
        """The code with the names that it reads bound."""
        with MAKING:
            for name in code.co_names:
                if name in self.source.needs and name not in self._globals:
                    self._globals[name] = self._bound(name, *self.source.needs[name])
            return FunctionType(code, self._globals)

    def _bound(self, name: str, sort: str, *what: Any) -> Any:
        if sort == "constant":
            return what[0].value
        if sort == "codes":
            return frozenset(what[0].values)
        if sort == "day":
            return self.part(what[0], "household")(_NOBODY)
        if sort == "parameter":
            return self._parameter(what[0])
        binder = self._binders.get(sort)
        return self._later(name, self._makers[sort], what) if binder is None else binder(*what)

    def _of_name(self, qualified: str) -> Function:
        return self.function(*qualified.split(".", 1))

    def _later(self, name: str, make: Callable[..., Function], what: tuple[Any, ...]) -> Function:
        """A function that is made, in its own place, when it is first called."""

        def first(*given: Any) -> Any:
            made = self._globals[name] = make(*what)
            return made(*given)

        return first

    def _parameter(self, name: str) -> Function:
        key = f"parameter {name}"

        def run(household: Subject) -> Value:
            memo = household.memo
            if key not in memo:
                used = self.parameter_used(name, household)
                memo[key] = None if used is None else used.value
            return memo[key]

        return run


_NOBODY = Subject("household", "", {})


def _answered(rows: list[Subject]) -> bool | None:
    return None if any(row.phantom for row in rows) else True


def _area_at(area: str, level: str) -> str | None:
    length = _AREA_LENGTH[level]
    return area[:length] if len(area) >= length else None


def _newest(found: list[tuple[Any, Any]]) -> Value:
    """The value of the latest row; unknown where there is none, or several that disagree."""
    newest = max((when for when, _ in found), default=None)
    values = {one for when, one in found if when == newest}
    return values.pop() if len(values) == 1 else None


_BUILTINS: dict[str, Any] = {"len": len, "set": set, "min": min, "max": max}
FUNCTIONS: dict[str, Any] = {
    "Overflow": money.Overflow,
    "zero": Decimal(0),
    "plus": money.plus,
    "minus": money.minus,
    "times": money.times,
    "times_rounded": money.multiply,
    "over": money.divide,
    "total": money.total,
    "answered": _answered,
    "newest": _newest,
    "area_at": _area_at,
    "monthly": lambda value: money.divide(value, _TWELVE),
    "yearly": lambda value: money.multiply(value, _TWELVE),
    "age_on": months.age_on,
    "full_months_between": months.full_months_between,
    "months_before": lambda day, count: months.months_before(day, int(count)),
    "add_months": lambda day, count: months.add_months(day, int(count)),
    "same_month": months.same_month,
    "month_of": months.month_of,
    "round_to": lambda value, step: money.round_to(Decimal(value), step),
    "round_up_to": lambda value, step: money.round_up_to(Decimal(value), step),
}
