"""A family's papers laid out by hand: all that departments know of it is taken away, then rows are put back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.twin.assistance import Application
from doudi.twin.county import County
from doudi.twin.plan import Array

LINES = {True: 83_000, False: 65_000}
"""Dibao line of the county in fen a month from July 2026, urban and rural (its README)."""
Fen = int


@dataclass
class Stage:
    """Rows to be added by table, people whose own rows are taken away, applications replaced. Money in fen."""

    county: County
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    cleared: set[int] = field(default_factory=set)
    applications: dict[str, Application] = field(default_factory=dict)
    used: int = 0

    def line(self, one: Application) -> Fen:
        return LINES[bool(self.county.families.urban[one.household])]

    def clear(self, one: Application, *, savings: Fen = 10_000, **changes: Any) -> Application:
        """A family of whom nothing is known but small savings; everybody has signed."""
        one = replace(one, **{"other_income": 0, "education": 0, "obligors": "有", "signed": one.members, **changes})
        self.cleared |= set(one.members)
        self.applications[one.number] = one
        for person in one.members:
            self.save(person, savings)
        return one

    def save(self, person: int, deposits: Fen, wealth: Fen = 0) -> None:
        self.rows["bank"] = [row for row in self.rows["bank"] if row["person"] != person]
        self.rows["bank"].append({"person": person, "deposits": deposits, "wealth": wealth})

    def unanswered(self, person: int) -> None:
        self.rows["bank"] = [row for row in self.rows["bank"] if row["person"] != person]

    def pay(self, person: int, months: list[int], cents: Fen, payer: int = 0) -> None:
        for month in months:
            self.rows["wages"].append({"person": person, "month": month, "payer": payer, "cents": cents})

    def pension(self, person: int, scheme: int, cents: Fen, basic: Fen = 0, state: int = 0) -> None:
        self.rows["pensions"].append(
            {"person": person, "scheme": scheme, "cents": cents, "basic": basic, "state": state}
        )

    def treat(self, person: int, day: int, kind: int, paid: Fen) -> None:
        self.used += 1
        row = {"serial": 10**11 + self.used, "person": person, "day": day, "kind": kind, "illness": 3}
        self.rows["settlements"].append({**row, "total": paid * 2, "pooled": paid, "major": 0, "aid": 0, "paid": paid})

    def home(self, people: list[int], area: int, use: int = 0, state: int = 0) -> None:
        """`area` in hundredths of m²; several people own together under one unit number."""
        self.used += 1
        unit = 99_000_000_000_000 + self.used
        for person in people:
            row = {"person": person, "unit": unit, "door": self.used, "use": use, "area": area}
            self.rows["property"].append({**row, "joint": len(people) > 1, "registered": 17_000, "state": state})

    def vehicle(self, person: int, kind: int, state: int = 0) -> None:
        self.used += 1
        row = {"person": person, "plate": 100_000 + self.used, "kind": kind, "registered": 17_500}
        self.rows["vehicles"].append({**row, "state": state, "price": 58})

    def business(self, person: int, kind: int, capital: int, state: int = 0) -> None:
        """`capital` in 10,000 yuan."""
        self.used += 1
        row = {"person": person, "code": 9_900_000_000 + self.used, "kind": kind, "capital": capital}
        self.rows["businesses"].append({**row, "established": 18_000, "state": state, "role": 2 if kind == 1 else 0})

    def card(self, person: int, category: int, grade: int, state: int = 0) -> None:
        row = {"person": person, "category": category, "grade": grade, "issued": 17_000}
        self.rows["cards"].append({**row, "state": state, "renewed": False})

    def held(self, person: int, begin: int, end: int) -> None:
        self.rows["custody"].append({"person": person, "kind": 0, "begin": begin, "end": end})

    def subsidy(self, person: int, day: int, cents: Fen) -> None:
        self.rows["subsidies"].append({"person": person, "item": 0, "cents": cents, "day": day})

    def finished(self) -> County:
        """The county with all of it in place."""
        county, cleared = self.county, np.array(sorted(self.cleared), dtype=np.int64)
        work, own, health = county.work, county.belongings, county.health
        for column in (health.death_reported, health.death_registered):
            column[cleared] = column[cleared] & np.isin(cleared, [row["person"] for row in self.rows["dead"]])
        applications = tuple(self.applications.get(one.number, one) for one in county.assistance.applications)
        return replace(
            county,
            health=replace(
                health,
                cards=self._mended("cards", health.cards, cleared),
                settlements=self._mended("settlements", health.settlements, cleared),
            ),
            work=replace(
                work,
                wages=self._mended("wages", work.wages, cleared),
                pensions=self._mended("pensions", work.pensions, cleared),
                custody=self._mended("custody", work.custody, cleared),
            ),
            belongings=replace(
                own,
                property=self._mended("property", own.property, cleared),
                vehicles=self._mended("vehicles", own.vehicles, cleared),
                businesses=self._mended("businesses", own.businesses, cleared),
                bank=self._mended("bank", own.bank, cleared),
                subsidies=self._mended("subsidies", own.subsidies, cleared),
            ),
            assistance=replace(county.assistance, applications=applications),
        )

    def _mended(self, name: str, table: pa.Table, cleared: Array) -> pa.Table:
        kept = table.filter(pc.invert(pc.is_in(table["person"], pa.array(cleared))))
        added = self.rows[name]
        if added:
            kept = pa.concat_tables([kept, pa.Table.from_pylist(added, schema=table.schema)])
        return kept.take(pa.array(np.argsort(kept["person"].to_numpy(), kind="stable")))
