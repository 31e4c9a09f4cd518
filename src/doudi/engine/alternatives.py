"""What fits a household: the chain's way and why the first ones did not fit, packages opened, every other programme.

Nothing is decided here. Each offer carries outcome, amount, what is missing, and, where it does not fit, the conditions
that fail with their sentences and articles. As text: `alternatives_told`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from doudi.engine.errors import EngineError
from doudi.engine.feeds import Bilingual
from doudi.engine.missing import Missing
from doudi.engine.proposal import plain
from doudi.engine.python import Program
from doudi.engine.quantities import Quantity, Rulebook
from doudi.engine.run import program_for, programme_result
from doudi.engine.standing import Standing, standings
from doudi.engine.subject import Case, Subject, Value
from doudi.engine.tree import Aggregate, And, Node, Not, Or, Ref
from doudi.engine.vocabulary import Basis


@dataclass(frozen=True, slots=True)
class Why:
    """A condition that fails (or, under `not`, holds), of the household or one person."""

    name: str
    person: str | None
    label: Bilingual
    sentence: Bilingual
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One programme. `outcome`: eligible, not_eligible, undetermined, or gap (a figure it needs is set nowhere)."""

    programme: str
    label: Bilingual
    authority: Bilingual
    outcome: str
    amount: Decimal | None
    period: str
    """month, year or once; empty for a recognition without money."""
    why: tuple[Why, ...]
    """Where not eligible."""
    missing: tuple[Missing, ...]
    """Where undetermined."""
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """A package and whether a recognition opens it: yes, no, or unknown while one of them is undetermined."""

    name: str
    label: Bilingual
    is_open: bool | None
    opened_by: tuple[str, ...]
    offers: tuple[Offer, ...]
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """All of it for one household as of a day."""

    chain: tuple[Offer, ...]
    """In the order the chain tries them; what stands after the one granted was not needed."""
    packages: tuple[OpenedPackage, ...]
    others: tuple[Offer, ...]
    """Programmes in no chain and in no package shown."""

    def fitting(self) -> tuple[Offer, ...]:
        """All that fits, in the order of chain, packages, others; each once."""
        all_of = [*self.chain, *(o for p in self.packages for o in p.offers), *self.others]
        return tuple({o.programme: o for o in all_of if o.outcome == "eligible"}.values())

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data; money as text."""
        data: dict[str, Any] = plain(self)
        return data


def alternatives(rulebook: Rulebook, case: Case, *, chain: str = "basic_living") -> Alternatives:
    """What fits better, for one case. A figure that is set nowhere spoils only the programme that needs it."""
    if chain not in rulebook.chains:
        raise EngineError("policy.chain_unknown", name=chain)
    program = program_for(rulebook, case.as_of)
    stand = standings(rulebook, program, case.household)
    offers = {name: _offer(rulebook, program, case, one) for name, one in stand.items()}
    packages = tuple(_packages(rulebook, stand, offers))
    shown = {*rulebook.chains[chain].programmes, *(o.programme for p in packages for o in p.offers)}
    return Alternatives(
        tuple(offers[name] for name in rulebook.chains[chain].programmes),
        packages,
        tuple(offer for name, offer in offers.items() if name not in shown),
    )


def _packages(rulebook: Rulebook, stand: dict[str, Standing], offers: dict[str, Offer]) -> Iterator[OpenedPackage]:
    """Packages that are open or may be; closed ones are left out."""
    for package in rulebook.packages.values():
        by = tuple(name for name in package.when if stand[name].outcome == "eligible")
        unsure = any(stand[name].outcome in ("undetermined", "gap") for name in package.when)
        if by or unsure:
            own = tuple(offers[name] for name in package.programmes)
            yield OpenedPackage(package.name, package.label, True if by else None, by, own, package.basis)


def _offer(rulebook: Rulebook, program: Program, case: Case, stand: Standing) -> Offer:
    programme = rulebook.programmes[stand.programme]
    why: tuple[Why, ...] = ()
    missing: tuple[Missing, ...] = ()
    outcome = stand.outcome
    try:
        if outcome == "not_eligible":
            why = _why(rulebook, program, case.household, stand.programme)
        elif outcome == "undetermined":
            missing = programme_result(rulebook, stand.programme, case).missing
    except EngineError:
        outcome = "gap"  # on the way to what is missing a figure was needed that is set nowhere
    return Offer(
        stand.programme, programme.label, programme.authority, outcome, stand.amount, stand.period, why, missing,
        programme.basis,
    )  # fmt: skip


def _why(rulebook: Rulebook, program: Program, household: Subject, programme: str) -> tuple[Why, ...]:
    """The conditions that fail; none where its own conditions hold and another one of the chain was granted first."""
    quantity = rulebook.quantities[f"household.{programme}__eligible"]
    found = _Failing(rulebook, program).of(quantity.formula, household)
    return tuple({(one.name, one.person): one for one in found}.values())


class _Failing:
    """Finds the lowest named conditions that make a formula false."""

    def __init__(self, rulebook: Rulebook, program: Program) -> None:
        self._rulebook, self._program = rulebook, program

    def of(self, node: Node, subject: Subject, wanted: bool = True) -> Iterator[Why]:
        """The conditions that keep `node` from being `wanted`; one for which a figure is set nowhere is no reason."""
        if self._value(node, subject) is not (not wanted):
            return
        if isinstance(node, Not):
            yield from self.of(node.operand, subject, not wanted)
        elif isinstance(node, (And, Or)):
            for operand in node.operands:
                yield from self.of(operand, subject, wanted)
        elif isinstance(node, Ref):
            yield from self._named(node, subject, wanted)
        elif isinstance(node, Aggregate) and node.over == "person" and node.value is not None:
            for person in (subject.household or subject).members:
                if node.where is None or self._value(node.where, person) is True:
                    yield from self.of(node.value, person, wanted)

    def _value(self, node: Node, subject: Subject) -> Value:
        """The value; unknown where it cannot be worked out."""
        try:
            return self._program.evaluate(node, subject)
        except EngineError:
            return None

    def _named(self, node: Ref, subject: Subject, wanted: bool) -> Iterator[Why]:
        quantity = self._rulebook.quantities.get(f"{node.entity}.{node.name}")
        if quantity is None:
            return
        owner = _owner(node, subject)
        below = list(self.of(quantity.formula, owner, wanted)) if owner is not None else []
        if below:
            yield from below
        elif owner is not None and quantity.origin == "rule":
            yield _told(quantity, owner, wanted)


def _owner(node: Ref, subject: Subject) -> Subject | None:
    household = subject.household or subject
    if node.via_head:
        return household.head
    return household if node.entity == "household" else subject.person or subject


def _told(quantity: Quantity, subject: Subject, wanted: bool) -> Why:
    said = (quantity.no if wanted else quantity.yes) or quantity.label
    person = subject.id if subject.entity == "person" else None
    return Why(quantity.qualified, person, quantity.label, said, quantity.basis)
