"""Random households over any rulebook's vocabulary, with random unknowns; the same seed gives the same households."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from doudi.engine.case import CHOICE
from doudi.engine.rulebook import Rulebook
from doudi.engine.tree import Kind
from doudi.engine.walk import aggregates, references

REASONS = ["never_asked", "not_answered", "not_permitted", "conflicting"]
AMOUNTS = [0, 0, 0, 0, 0, 1, 12, 143, 198.4, 341, 620, 650, 800, 830, 975, 1245, 5000, 9600, 15600, 20000, 100000]
LARGE = [1_000_000, 12_345_678.9, 400_000_000]
TEXTS = ["甲", "乙", "丙", "U-1", "U-2", "U-3", "x'y"]


class Population:
    """Households of one rulebook. `doubt` is the share of facts that are unknown; half of the households have none.
    `large` is the share of numbers that are large.
    """

    def __init__(self, rulebook: Rulebook, as_of: date, seed: int, doubt: float = 0.06, large: float = 0) -> None:
        self._as_of, self._random, self._doubt, self._large = as_of, Random(seed), doubt, large
        given = [f for f in rulebook.facts.values() if f.qualified not in rulebook.quantities]
        self._facts = {e: [(f.name, f.kind) for f in given if f.entity == e] for e in ("household", "person")}
        read = {(r.entity, r.name) for q in rulebook.quantities.values() for r, _ in references(q.formula, q.entity)}
        over = {a.over for q in rulebook.quantities.values() for a in aggregates(q.formula)}
        self._records = {
            r.name: [(c.name, c.kind) for c in r.columns.values() if (r.name, c.name) in read]
            for r in rulebook.records.values()
            if r.name in over
        }

    def case(self, number: int) -> dict[str, Any]:
        """One household in the form of CASE.json."""
        random = self._random
        doubt = self._doubt if random.random() < 0.5 else 0.004
        persons = [self._person(f"p{i}", i, doubt) for i in range(random.choice([1, 1, 1, 2, 2, 3, 3, 4, 6]))]
        own = {n: self._value(k, n, doubt) for n, k in self._facts["household"]}
        own["area"] = random.choice(["990101001001", "990101002003", "990101003"]) if random.random() > doubt else None
        if own["area"] is None:
            own["area"] = {"unknown": "not_answered"}
        head: dict[str, Any] = {"head": random.choice(persons)["id"]} if random.random() > doubt else {}
        household = {**own, "id": f"h{number:07}", **head}
        return {"as_of": self._as_of.isoformat(), "household": household, "persons": persons}

    def _person(self, name: str, seat: int, doubt: float) -> dict[str, Any]:
        random = self._random
        own = {n: self._value(k, n, doubt) for n, k in self._facts["person"] if n not in ("member", "seat")}
        if any(n == "seat" for n, _ in self._facts["person"]):
            own["seat"] = seat
        records = {r: self._rows(columns, doubt) for r, columns in self._records.items()}
        return {"id": name, "member": random.random() > 0.08, **own, "records": records}

    def _rows(self, columns: list[tuple[str, Kind]], doubt: float) -> Any:
        random = self._random
        if random.random() < doubt:
            return {"unknown": random.choice(REASONS)}
        many = random.choice([0, 0, 0, 0, 0, 0, 1, 1, 2, 4])
        return [{n: self._value(k, n, doubt / 4) for n, k in columns} for _ in range(many)]

    def _value(self, kind: Kind, name: str, doubt: float) -> Any:
        """As CASE.json has it: a choice with its reason."""
        value = self._plain(kind, name, doubt)
        is_choice = name.startswith(CHOICE) and not isinstance(value, dict)
        return {"choice": value, "reason": "试算"} if is_choice else value

    def _plain(self, kind: Kind, name: str, doubt: float) -> Any:
        random = self._random
        if random.random() < doubt:
            return {"unknown": random.choice(REASONS)}
        if kind.base == "boolean":
            return random.random() < (0.85 if "authorised" in name else 0.4)
        if kind.base == "code":
            return random.choice(kind.codes[:4] if kind.codes else TEXTS)
        if kind.base == "area":
            return "990101001001"
        if kind.base in ("date", "month"):
            day = self._day(name)
            return day.isoformat() if kind.base == "date" else day.isoformat()[:7]
        return self._number(kind)

    def _day(self, name: str) -> date:
        random = self._random
        if name == "born_on":
            age = random.choice([0, 15, 16, 17, 18, 40, 59, 60, 69, 70, random.randrange(95)])
            return _years_before(self._as_of, age) + timedelta(days=random.choice([-1, 0, 0, 1, random.randrange(365)]))
        return self._as_of - timedelta(
            days=random.choice([-40, 0, 1, 9, 10, 364, 365, 366, random.randrange(-30, 500)])
        )

    def _number(self, kind: Kind) -> Any:
        random = self._random
        amount = random.choice(AMOUNTS) if random.random() < 0.9 else random.randrange(0, 40_000_000) / 100
        if self._large and random.random() < self._large:
            amount = random.choice(LARGE)
        if random.random() < 0.2:
            amount += random.choice([-0.01, 0.01, 0.005])
        if kind.minimum is None and random.random() < 0.1:
            amount = -amount
        if kind.minimum is not None:
            amount = max(amount, float(kind.minimum))
        if kind.base == "integer":
            return round(amount) % 50 + int(kind.minimum or 0)
        return f"{amount:.{2 if kind.scale == 2 else 3}f}"


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
