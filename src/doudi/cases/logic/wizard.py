"""The application form, one topic a page: what has been answered, what comes next, and the entry made of it.

The questions about the family's means are the declared facts that the rulebook's chains read: a county that asks
something else needs no code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from doudi.cases.logic.entries import NewApplication
from doudi.engine.reads import read_by_chains
from doudi.engine.rulebook import Rulebook
from doudi.engine.vocabulary import FactDefinition
from doudi.lib.months import age_on

TOPICS = ("applicant", "members", "income", "spending", "obligors", "authorisations", "check")
FACT_TOPICS = ("income", "spending", "obligors")
OF_AGE = 18


@dataclass(frozen=True, slots=True)
class Someone:
    """A person named on the form; the number stays on the server."""

    number: str = field(repr=False)
    name: str = ""
    relation: str = ""
    masked: str = ""

    @property
    def born_on(self) -> date:
        """Day of birth as the number says it."""
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))


@dataclass(frozen=True, slots=True)
class Answers:
    """What has been answered so far, as kept in the draft."""

    applied_on: date | None = None
    household_number: str = ""
    applicant: Someone | None = None
    register: tuple[Someone, ...] = ()
    """The household as the register has it: to choose from."""
    members: tuple[Someone, ...] = ()
    facts: Mapping[str, str | None] = field(default_factory=dict)
    signed: tuple[str, ...] = field(default=(), repr=False)
    done: tuple[str, ...] = ()

    def named(self) -> set[str]:
        """Numbers of the applicant and of whom they live with."""
        applicant = (self.applicant,) if self.applicant else ()
        return {one.number for one in (*applicant, *self.members)}

    def numbers(self) -> set[str]:
        """Of everybody in the form, also of the household to choose from."""
        return self.named() | {one.number for one in self.register}

    def next_topic(self) -> str:
        """The first topic not answered, else the check of all answers."""
        open_topics = [topic for topic in TOPICS[:-1] if topic not in self.done]
        return open_topics[0] if open_topics else "check"

    def adults(self) -> tuple[Someone, ...]:
        """Members who are of age on the day of application and sign for themselves."""
        if self.applied_on is None:
            return ()
        return tuple(one for one in self.members if age_on(one.born_on, self.applied_on) >= OF_AGE)

    def unsigned(self) -> tuple[Someone, ...]:
        """Adults who have not signed."""
        return tuple(one for one in self.adults() if one.number not in self.signed)


def topic_of(fact: FactDefinition) -> str:
    """Monthly money is income, yearly money spending, everything else goes with the obligors."""
    return {"yuan/month": "income", "yuan/year": "spending"}.get(fact.kind.unit, "obligors")


def asked_in(rulebook: Rulebook, topic: str) -> list[FactDefinition]:
    """The declared facts of the household that a topic asks for, in the rulebook's order."""
    declared = [fact for fact in rulebook.facts.values() if fact.source == "declared" and fact.entity == "household"]
    read = read_by_chains(rulebook)
    return [fact for fact in declared if fact.qualified in read and topic_of(fact) == topic]


def asked_of_person(rulebook: Rulebook) -> list[FactDefinition]:
    """The declared facts that are asked of each member, in the rulebook's order."""
    read = read_by_chains(rulebook)
    declared = (fact for fact in rulebook.facts.values() if fact.source == "declared" and fact.entity == "person")
    return [fact for fact in declared if fact.qualified in read]


def entry_of(answers: Answers) -> NewApplication:
    """The application; ValueError while the applicant is missing. The number is given out when it is entered."""
    if answers.applied_on is None or answers.applicant is None:
        raise ValueError("the applicant has not been named")
    members = tuple(one.number for one in answers.members) or (answers.applicant.number,)
    return NewApplication(
        number="",
        applied_on=answers.applied_on,
        household_number=answers.household_number,
        applicant=answers.applicant.number,
        members=members,
        declared=dict(answers.facts),
        signed=tuple(number for number in answers.signed if number in members),
    )


def to_data(answers: Answers) -> dict[str, Any]:
    """Answers as JSON data."""

    def people(given: Sequence[Someone]) -> list[list[str]]:
        return [[one.number, one.name, one.relation, one.masked] for one in given]

    return {
        "applied_on": answers.applied_on.isoformat() if answers.applied_on else None,
        "household_number": answers.household_number,
        "applicant": people([answers.applicant]) if answers.applicant else [],
        "register": people(answers.register),
        "members": people(answers.members),
        "facts": dict(answers.facts),
        "signed": list(answers.signed),
        "done": list(answers.done),
    }


def from_data(data: Mapping[str, Any]) -> Answers:
    """Answers from JSON data."""

    def people(given: Sequence[Sequence[str]]) -> tuple[Someone, ...]:
        return tuple(Someone(*one) for one in given)

    applicant = people(data["applicant"])
    return Answers(
        applied_on=date.fromisoformat(data["applied_on"]) if data["applied_on"] else None,
        household_number=data["household_number"],
        applicant=applicant[0] if applicant else None,
        register=people(data["register"]),
        members=people(data["members"]),
        facts=dict(data["facts"]),
        signed=tuple(data["signed"]),
        done=tuple(data["done"]),
    )
