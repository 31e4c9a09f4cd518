"""Declared against found: which declared facts and which limits of the rules a case is compared on, and how it stands.

Nothing here knows a county's feeds. A declared amount is laid beside the found amounts that the rules add it to; every
limit that one source alone answers for is over, within, or not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from doudi.engine.case import read_case
from doudi.engine.python import Program
from doudi.engine.reads import read_by_chains
from doudi.engine.rulebook import Rulebook
from doudi.engine.run import program_for
from doudi.engine.subject import Case, Subject, Value
from doudi.engine.vocabulary import FactDefinition
from doudi.verification.logic.materiality import Besides, Limit, found_besides, limits

NOTHING_BESIDES, FOUND_BESIDES, OVER, WITHIN = "nothing_besides", "found_besides", "over", "within"
UNKNOWN, NO_SOURCE = "unknown", "no_source"
STRIKING = (FOUND_BESIDES, OVER)
"""What a reader should look at."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a rulebook compares: declared facts with what they stand beside, and limits."""

    facts: tuple[tuple[FactDefinition, tuple[Besides, ...]], ...]
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison of one case. `found` are (quantity name, value) of what stands beside, or the limit itself."""

    subject: str
    person: str | None
    declared: bool | None
    state: str
    said: Value = None
    found: tuple[tuple[str, Value], ...] = ()
    feeds: frozenset[str] = field(default_factory=frozenset)


_OUTLOOKS: dict[str, Outlook] = {}


def outlook(rulebook: Rulebook) -> Outlook:
    """What a rulebook compares; worked out once a rulebook."""
    if rulebook.hash not in _OUTLOOKS:
        read = read_by_chains(rulebook)
        declared = [fact for fact in rulebook.facts.values() if fact.source == "declared" and fact.qualified in read]
        _OUTLOOKS[rulebook.hash] = Outlook(
            tuple((fact, found_besides(rulebook, fact.qualified)) for fact in declared), tuple(limits(rulebook))
        )
    return _OUTLOOKS[rulebook.hash]


@dataclass(frozen=True, slots=True)
class Worked:
    """A case read and ready to be asked for values."""

    rulebook: Rulebook
    case: Case
    program: Program

    def value(self, qualified: str, subject: Subject | None = None) -> Value:
        """The value of a fact or quantity: of the household, or of the subject given."""
        entity, _, name = qualified.partition(".")
        owner = subject or self.case.household
        return self.program.value(owner, name) if owner.entity == entity else None


def worked(rulebook: Rulebook, inputs: object) -> Worked:
    """Read a case. Raises EngineError if it does not fit the rulebook."""
    case = read_case(inputs, rulebook)
    return Worked(rulebook, case, program_for(rulebook, case.as_of))


def comparisons(item: Worked) -> list[Compared]:
    """All comparisons of a case, declared facts first."""
    seen = outlook(item.rulebook)
    found: list[Compared] = []
    for fact, besides in seen.facts:
        subjects = [item.case.household] if fact.entity == "household" else item.case.household.members
        found += [_declared(item, fact, besides, subject) for subject in subjects]
    found += [_limit(item, limit) for limit in seen.limits if len(limit.feeds) == 1]
    return found


def _declared(item: Worked, fact: FactDefinition, besides: tuple[Besides, ...], subject: Subject) -> Compared:
    said = subject.facts.get(fact.name)
    was_asked = fact.name in subject.facts
    found = tuple(
        (part.quantity.qualified, item.value(part.quantity.qualified, _owner(part, subject))) for part in besides
    )
    values = [value for _name, value in found]
    if not besides:
        state = NO_SOURCE
    elif any(value is not None and value != 0 and value is not False for value in values):
        state = FOUND_BESIDES
    else:
        state = UNKNOWN if None in values else NOTHING_BESIDES
    feeds = frozenset[str]().union(*(part.feeds for part in besides))
    person = subject.id if subject.entity == "person" else None
    return Compared(fact.qualified, person, was_asked and said is not None, state, said, found, feeds)


def _owner(part: Besides, subject: Subject) -> Subject:
    return subject if part.quantity.entity == subject.entity else (subject.household or subject)


def _limit(item: Worked, limit: Limit) -> Compared:
    value = item.value(limit.quantity.qualified)
    state = UNKNOWN if value is None else WITHIN if value == limit.good else OVER
    return Compared(
        limit.quantity.qualified, None, None, state, None, ((limit.quantity.qualified, value),), limit.feeds
    )
