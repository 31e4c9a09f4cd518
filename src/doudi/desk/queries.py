"""Somebody's work, gathered from the apps and put in the order in which it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doudi.accounts.access import sight_of
from doudi.accounts.logic.policy import LIMIT, MEANS, NONE
from doudi.areas.queries import names_of
from doudi.core.actor import Actor
from doudi.core.errors import DoudiError
from doudi.core.holidays import HOLIDAYS
from doudi.core.worklist import WorkItem, worklist
from doudi.lib.working_days import working_days_after
from doudi.rulebook.queries import current

SOON = 5


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One thing to do with the working days left (negative: since it was due; None: no term runs)."""

    item: WorkItem
    left: int | None
    area_name: str

    @property
    def late_by(self) -> int:
        """Working days since the term passed; at least one for what is overdue."""
        return max(1, -(self.left or 0))

    @property
    def state(self) -> str:
        """late, today, soon, later or open."""
        if self.left is None:
            return "open"
        if self.left < 0:
            return "late"
        return "today" if self.left == 0 else "soon" if self.left <= SOON else "later"


@dataclass(frozen=True, slots=True)
class Work:
    """All of somebody's work with its counts."""

    lines: tuple[WorkLine, ...]
    late: int
    today: int
    soon: int


def my_work(actor: Actor, today: date) -> Work:
    """What the apps have for the actor, the most urgent first; what has no term comes last."""
    items = sorted(worklist.collect(actor, today), key=lambda item: (item.due_on or date.max, item.key))
    names = names_of(item.area_code for item in items)
    lines = tuple(WorkLine(item, _left(today, item.due_on), names.get(item.area_code, "")) for item in items)
    states = [line.state for line in lines]
    return Work(lines, states.count("late"), states.count("today"), states.count("soon"))


def _left(today: date, due_on: date | None) -> int | None:
    if due_on is None:
        return None
    left = working_days_after(today, due_on, HOLIDAYS).days
    # a term that passed over a weekend is late although no working day lies between
    return min(left, -1) if due_on < today else left


def words(area: str, on: date, language: str) -> dict[str, str]:
    """What facts, their codes (`fact=code`) and feeds are called; nothing where no rulebook is in force."""
    try:
        rulebook = current(area, on)
    except DoudiError:
        return {}
    lang = "en" if language.startswith("en") else "zh"
    facts = {name: fact.label[lang] for name, fact in rulebook.facts.items()}
    facts |= {f"{n}={code}": said[lang] for n, fact in rulebook.facts.items() for code, said in fact.codes.items()}
    return facts | {name: feed.label[lang] for name, feed in rulebook.feeds.items()}


def untold(actor: Actor, area: str, on: date) -> frozenset[str]:
    """Declared facts whose values are not for the actor: of a class of means of which at most a limit is seen.

    What the family itself has said of its bank accounts is seen with its other figures: no bank said it.
    """
    try:
        rulebook = current(area, on)
    except DoudiError:
        return frozenset()
    hidden = {field for field in MEANS if sight_of(actor, field) in ((NONE,) if field == "bank" else (NONE, LIMIT))}
    return frozenset(name for name, fact in rulebook.facts.items() if fact.sensitivity in hidden)
