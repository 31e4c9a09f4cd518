"""How one household stands in every programme of a rulebook: granted or not, and how much by what period.

A programme of a chain counts where the chain grants it: it is undetermined where a requirement of the chain is not met,
where the chain is undetermined and its own conditions are not known to fail, and where it is pending beside another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from doudi.engine.errors import EngineError
from doudi.engine.python import Program
from doudi.engine.quantities import Rulebook
from doudi.engine.subject import Subject
from doudi.lib import money

PERIODS = {"yuan/month": "month", "yuan/year": "year", "yuan": "once"}


@dataclass(frozen=True, slots=True)
class Standing:
    """One programme for one household. `outcome`: eligible, not_eligible, undetermined, or gap (a figure not set)."""

    programme: str
    outcome: str
    amount: Decimal | None
    """Where eligible: zero for a recognition without money, None if unknown."""
    period: str
    """month, year or once; empty for a recognition without money."""
    problem: EngineError | None = None

    @property
    def monthly(self) -> Decimal | None:
        """What it adds to a month: a twelfth of a yearly amount, nothing of what is paid once; None is unknown."""
        if self.outcome == "not_eligible" or self.period in ("once", ""):
            return Decimal(0)
        if self.outcome != "eligible" or self.amount is None:
            return None
        return money.divide(self.amount, Decimal(12)) if self.period == "year" else self.amount


def standings(
    rulebook: Rulebook, program: Program, household: Subject, programmes: Sequence[str] | None = None
) -> dict[str, Standing]:
    """Every programme (or those asked for) by name, those of chains first."""
    chains = {name: chain.name for chain in rulebook.chains.values() for name in chain.programmes}
    names = list(dict.fromkeys([*chains, *rulebook.programmes])) if programmes is None else programmes
    return {name: _standing(rulebook, program, household, name, chains.get(name)) for name in names}


def _standing(rulebook: Rulebook, program: Program, household: Subject, name: str, chain: str | None) -> Standing:
    period = ""
    if rulebook.programmes[name].amount is not None:
        period = PERIODS.get(rulebook.quantities[f"household.{name}__amount"].kind.unit, "once")
    try:
        outcome = str(program.value(household, f"{name}__outcome"))
        if chain is not None:
            outcome = _in_chain(rulebook, program, household, name, chain, outcome)
        if outcome != "eligible":
            return Standing(name, outcome, None, period)
        amount = program.value(household, f"{name}__amount") if period else Decimal(0)
    except EngineError as error:
        return Standing(name, "gap", None, period, error)
    return Standing(name, outcome, Decimal(amount) if isinstance(amount, (int, Decimal)) else None, period)


def _in_chain(rulebook: Rulebook, program: Program, household: Subject, name: str, chain: str, own: str) -> str:
    for requirement, _ in rulebook.requirements.get(f"chain:{chain}", []):
        if program.value(household, requirement) is not True:
            return "undetermined"
    chosen = program.value(household, f"chain__{chain}__programme")
    if chosen == name:
        return "eligible"
    if chosen == "undetermined" and own != "not_eligible":
        return "undetermined"
    return "undetermined" if program.value(household, f"chain__{chain}__pending") == name else "not_eligible"
