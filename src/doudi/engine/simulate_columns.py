"""Which quantities a simulation screens, and how a household's standing in each programme is read from them.

Standing: eligible, not_eligible, undetermined. A programme of a chain counts where the chain grants it. It is undetermined
where a requirement of the chain is not met, where the chain is undetermined and its own conditions are not known to fail,
and where it is pending beside another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from doudi.engine.errors import EngineError, Where
from doudi.engine.quantities import Quantity, Rulebook
from doudi.engine.reading import nearest
from doudi.engine.side_by_side import SideBySide
from doudi.engine.tree import BOOLEAN, Aggregate, And, Compare, Const, Kind, Node, Ref
from doudi.engine.walk import references

LINE, MEMBERS, INCOME = "dibao_line", "household.counted_members", "household.assessed_income"
"""What the poverty gap and head counts are measured by; a rulebook without them has none."""
_NOWHERE = Where("?", 1, 1)
_COUNT = Kind("integer", "people", 0)
_AGE, _COUNTED, _DISABLED = "person.age", "person.is_counted", "person.is_severely_disabled"
AGES = {"children": (None, 17), "working_age": (18, 59), "old": (60, None)}
LABELS = {
    "children": {"zh": "未满 18 周岁的人", "en": "people under 18"},
    "working_age": {"zh": "18 至 59 周岁的人", "en": "people of 18 to 59"},
    "old": {"zh": "60 周岁及以上的人", "en": "people of 60 and over"},
    "severely_disabled": {"zh": "重度残疾人", "en": "severely disabled people"},
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one programme stands under one of the two rulebooks: SQL of outcome and amount, and what it pays by."""

    outcome: str
    amount: str
    """SQL of the amount where eligible; 0 for a recognition without money; NULL is unknown."""
    unit: str
    names: tuple[str, ...]
    """The screened columns it reads."""


def programmes_of(before: Rulebook, after: Rulebook, both: SideBySide, wanted: Sequence[str] | None) -> list[str]:
    """The programmes asked for: those wanted, else those of chains and those that the reform touches."""
    known = list(dict.fromkeys([*_chained(before), *_chained(after), *before.programmes, *after.programmes]))
    if wanted is not None:
        for name in wanted:
            if name not in known:
                raise EngineError("simulate.programme_unknown", suggestion=nearest(name, known), name=name)
        return list(dict.fromkeys(wanted))
    chained = {*_chained(before), *_chained(after)}
    return [p for p in known if p in chained or p not in after.programmes or _is_touched(both, p)]


def lacks_figure(rulebook: Rulebook, programme: str, day: date) -> bool:
    """Whether a programme reads a figure that nobody has set for the day: it cannot be worked out for anyone."""
    waiting = [f"household.{programme}__{part}" for part in ("outcome", "amount")]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        quantity = rulebook.quantities.get(name)
        if name in seen or quantity is None:
            continue
        seen.add(name)
        for ref, _ in references(quantity.formula, quantity.entity):
            if ref.entity == "parameter":
                values = rulebook.parameters[ref.name].values
                if not any(v.from_on <= day and (v.to_on is None or day <= v.to_on) for v in values):
                    return True
            waiting.append(f"{ref.entity}.{ref.name}")
    return False


def _chained(rulebook: Rulebook) -> list[str]:
    return [name for chain in rulebook.chains.values() for name in chain.programmes]


def _is_touched(both: SideBySide, programme: str) -> bool:
    return any(f"household.{programme}__{part}" in both.differing for part in ("outcome", "amount"))


def standing(rulebook: Rulebook, both: SideBySide, programme: str, *, second: bool) -> Standing:
    """The standing of a programme under the first or the second rulebook; one it does not have grants nothing."""
    if programme not in rulebook.programmes:
        return Standing("'not_eligible'", "0", "yuan/month", ())

    def column(name: str) -> str:
        return both.second(name) if second else name

    own, amount = column(f"{programme}__outcome"), column(f"{programme}__amount")
    names = [own, amount]
    outcome = f'"{own}"'
    chain = next((c.name for c in rulebook.chains.values() if programme in c.programmes), None)
    if chain is not None:
        chosen, pending = column(f"chain__{chain}__programme"), column(f"chain__{chain}__pending")
        ready = [column(name) for name, _ in rulebook.requirements.get(f"chain:{chain}", [])]
        names += [chosen, pending, *ready]
        blocked = "".join(f"WHEN \"{name}\" IS NOT TRUE THEN 'undetermined' " for name in ready)
        outcome = (
            f"CASE {blocked}WHEN \"{chosen}\" = '{programme}' THEN 'eligible' "
            f"WHEN \"{chosen}\" = 'undetermined' AND \"{own}\" <> 'not_eligible' THEN 'undetermined' "
            f"WHEN \"{pending}\" = '{programme}' THEN 'undetermined' ELSE 'not_eligible' END"
        )
    pays = rulebook.programmes[programme].amount is not None
    unit = rulebook.quantities[f"household.{programme}__amount"].kind.unit
    return Standing(outcome, f'"{amount}"' if pays else "0", unit, tuple(names))


def measured(both: SideBySide, before: Rulebook) -> tuple[SideBySide, list[str], list[str]]:
    """With quantities of our own: heads by group, and the line; their columns, and the groups there are."""
    own: dict[str, Quantity] = {}
    for name, where in _groups(before):
        own[name] = _own(name, _COUNT, Aggregate(_COUNT, "count", "person", "household", None, where))
    groups = list(own)
    names = [f"group__{name}" for name in groups]
    for qualified in (MEMBERS, INCOME):
        if qualified in before.quantities:
            names.append(qualified.partition(".")[2])
    if LINE in before.parameters and len(names) == len(groups) + 2:
        kind = before.parameters[LINE].kind
        own["line"] = _own("line", kind, Ref(kind, "parameter", LINE))
        names.append("group__line")
    quantities = {**both.rulebook.quantities, **{q.qualified: q for q in own.values()}}
    return replace(both, rulebook=replace(both.rulebook, quantities=quantities)), names, groups


def _own(name: str, kind: Kind, formula: Node) -> Quantity:
    label = LABELS.get(name, {"zh": name, "en": name})
    return Quantity("household", f"group__{name}", kind, label, formula, (), _NOWHERE, "", origin="simulation")


def _groups(rulebook: Rulebook) -> Iterable[tuple[str, Node]]:
    """The groups this rulebook can tell, with who belongs to them: counted members by age, and severely disabled."""
    counted = _person(rulebook, _COUNTED)
    age = _person(rulebook, _AGE)
    if age is not None and counted is not None:
        for name, (low, high) in AGES.items():
            tests: list[Node] = [counted]
            if low is not None:
                tests.append(Compare(BOOLEAN, ">=", age, Const(age.kind, low)))
            if high is not None:
                tests.append(Compare(BOOLEAN, "<=", age, Const(age.kind, high)))
            yield name, And(BOOLEAN, tuple(tests))
    disabled = _person(rulebook, _DISABLED)
    if disabled is not None and counted is not None:
        yield "severely_disabled", And(BOOLEAN, (counted, disabled))


def _person(rulebook: Rulebook, qualified: str) -> Ref | None:
    quantity = rulebook.quantities.get(qualified)
    return Ref(quantity.kind, "person", quantity.name) if quantity is not None else None
