"""Decide one case: the chain's outcome, programme, amount, what is missing, and the reasons."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from decimal import Decimal
from functools import partial
from hashlib import sha256

from doudi.engine.errors import EngineError
from doudi.engine.explain import Explainer
from doudi.engine.feeds import Bilingual
from doudi.engine.missing import Missing, Seeker
from doudi.engine.proposal import ProgrammeResult, Proposal, Values
from doudi.engine.python import Program
from doudi.engine.python_code import MAKING
from doudi.engine.quantities import Rulebook
from doudi.engine.subject import Case, Subject, Value
from doudi.engine.tree import Aggregate
from doudi.engine.words import shown

_PROGRAMS: OrderedDict[tuple[str, date], tuple[Program, Explainer]] = OrderedDict()
_KEPT = 64


def program_for(rulebook: Rulebook, as_of: date) -> Program:
    """The compiled rulebook of a day; the last few are kept."""
    return _kept(rulebook, as_of)[0]


def _kept(rulebook: Rulebook, as_of: date) -> tuple[Program, Explainer]:
    key = (rulebook.hash, as_of)
    found = _PROGRAMS.get(key)
    if found is not None:
        return found
    with MAKING:
        if key not in _PROGRAMS:
            program = Program(rulebook, as_of)
            _PROGRAMS[key] = (program, Explainer(rulebook, program))
            while len(_PROGRAMS) > _KEPT:
                _PROGRAMS.popitem(last=False)
        return _PROGRAMS[key]


def decide(rulebook: Rulebook, case: Case, *, chain: str = "basic_living", explain: bool = True) -> Proposal:
    """The proposal of a chain for a case. Raises EngineError for a gap in the figures or an overflow."""
    if chain not in rulebook.chains:
        raise EngineError("policy.chain_unknown", name=chain)
    program, explainer = _kept(rulebook, case.as_of)
    household = case.household
    prefix = f"chain__{chain}__"
    programme = str(program.value(household, prefix + "programme"))
    outcome = str(program.value(household, prefix + "outcome"))
    pending = str(program.value(household, prefix + "pending"))
    amount = program.value(household, prefix + "amount")
    seeker = Seeker(rulebook, program)
    results = tuple(
        _programme(rulebook, program, seeker, name, household) for name in rulebook.chains[chain].programmes
    )
    chosen = programme if outcome == "eligible" else None
    missing = _missing(rulebook, program, seeker, chain, household, results, outcome, pending)
    return Proposal(
        case.as_of,
        rulebook.place,
        rulebook.hash,
        sha256(case.canonical).hexdigest(),
        chain,
        household.id,
        outcome,
        chosen,
        None if pending == "none" else pending,
        amount if isinstance(amount, Decimal) else Decimal(amount) if isinstance(amount, int) else None,
        missing,
        results,
        _headline(rulebook, outcome, chosen, pending, amount, missing),
        Values(partial(_values, program, household)),
        explainer.steps(_roots(chain, outcome, chosen, results), household) if explain else (),
    )


def programme_result(rulebook: Rulebook, name: str, case: Case) -> ProgrammeResult:
    """One programme for a case by its own rules, in a chain or not. Raises EngineError for a gap or an overflow."""
    program = program_for(rulebook, case.as_of)
    return _programme(rulebook, program, Seeker(rulebook, program), name, case.household)


def _programme(rulebook: Rulebook, program: Program, seeker: Seeker, name: str, household: Subject) -> ProgrammeResult:
    outcome = str(program.value(household, f"{name}__outcome"))
    amount = program.value(household, f"{name}__amount")
    missing = _requirements(rulebook, program, seeker, name, household)
    if outcome == "undetermined" and not missing:
        missing = seeker.of(f"{name}__eligible", household)
    return ProgrammeResult(
        name, rulebook.programmes[name].label, outcome, missing, amount if isinstance(amount, Decimal) else None
    )


def _requirements(
    rulebook: Rulebook, program: Program, seeker: Seeker, owner: str, household: Subject
) -> tuple[Missing, ...]:
    """The first requirement that is not true, with the persons it fails for; then what else makes it unknown."""
    for name, label in rulebook.requirements.get(owner, []):
        value = program.value(household, name)
        if value is True:
            continue
        found: list[Missing] = []
        formula = rulebook.quantities[f"household.{name}"].formula
        if (
            isinstance(formula, Aggregate)
            and formula.op == "all"
            and formula.over == "person"
            and formula.value is not None
        ):
            for person in household.members:
                counts = formula.where is None or program.evaluate(formula.where, person)
                if counts is not False and program.evaluate(formula.value, person) is not True:
                    found.append(Missing(f"household.{name}", person.id, label, "not_permitted", name))
        return tuple(found) or (
            Missing(f"household.{name}", None, label, "not_permitted", name),
            *seeker.of(name, household),
        )
    return ()


def _missing(
    rulebook: Rulebook,
    program: Program,
    seeker: Seeker,
    chain: str,
    household: Subject,
    results: tuple[ProgrammeResult, ...],
    outcome: str,
    pending: str,
) -> tuple[Missing, ...]:
    if outcome == "undetermined":
        first = _requirements(rulebook, program, seeker, f"chain:{chain}", household)
        if first:
            return first
    if outcome == "not_eligible":
        return ()
    found: dict[tuple[str, str | None], Missing] = {}
    for result in results:
        if result.outcome == "eligible":
            break
        if result.outcome != "undetermined":
            continue
        found.update({(m.fact, m.person): m for m in result.missing if (m.fact, m.person) not in found})
        passes = f"household.chain__{chain}__pass__{result.name}" in rulebook.quantities
        if not (passes and program.value(household, f"chain__{chain}__pass__{result.name}") is True):
            break
    return tuple(found.values())


def _roots(chain: str, outcome: str, chosen: str | None, results: tuple[ProgrammeResult, ...]) -> list[str]:
    """What the reasons start from: the programme found, all that refused, or those up to the one that stopped."""
    names: list[str] = []
    for result in results:
        names.append(f"household.{result.name}__eligible")
        if result.name == chosen:
            names.append(f"household.{result.name}__amount")
            break
    return names


def _values(program: Program, household: Subject) -> dict[tuple[str, str], Value]:
    values: dict[tuple[str, str], Value] = {}
    for qualified, entity, value in program.listed():
        for subject in (household,) if entity == "household" else household.persons:
            try:
                values[qualified, subject.id] = value(subject)
            except EngineError:
                values[qualified, subject.id] = None
    return values


def _headline(
    rulebook: Rulebook, outcome: str, chosen: str | None, pending: str, amount: Value, missing: tuple[Missing, ...]
) -> Bilingual:
    """The first sentence a reader must know."""
    said: dict[str, str] = {}
    for lang in ("zh", "en"):
        if outcome == "undetermined":
            names = list(dict.fromkeys(m.label[lang] for m in missing))
            said[lang] = (
                f"还定不下来，缺：{'、'.join(names)}"
                if lang == "zh"
                else f"Cannot be determined yet; missing: {', '.join(names)}"
            )
            continue
        if chosen is None:
            said[lang] = "系统建议：不符合各项条件" if lang == "zh" else "Proposal: does not qualify for any programme"
            continue
        label = rulebook.programmes[chosen].label[lang]
        text = f"系统建议：符合{label}条件" if lang == "zh" else f"Proposal: qualifies for {label}"
        if isinstance(amount, (Decimal, int)):
            money = shown(amount, rulebook.quantities[f"household.{chosen}__amount"].kind, lang)
            text += f"，每月 {money} 元" if lang == "zh" else f", {money} yuan a month"
        if pending != "none":
            other = rulebook.programmes[pending].label[lang]
            text += f"（{other}待定）" if lang == "zh" else f" ({other} still open)"
        said[lang] = text
    return said
