"""Counting a simulation: lines by programme, township, group and size of household, and the poverty gap."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb

from doudi.engine.feeds import Bilingual
from doudi.engine.quantities import Rulebook
from doudi.engine.simulate_columns import INCOME, LABELS, MEMBERS
from doudi.engine.simulate_pairs import ALL, Pairs
from doudi.engine.simulation import Line, PovertyGap, Shortfall, Side, Simulation

_CENT = Decimal("0.01")
_TOWNSHIP = 9
_IN_ALL = {"zh": "合计", "en": "in all"}
_NOWHERE = {"zh": "地区不明", "en": "area unknown"}
_LARGEST = 5
UNKNOWN = "__unknown"
"""Ends the key of the line of families of which it is not known whether anybody of a group is in them."""
Counts = dict[str, Any]


class Tally:
    """Counts over the view `pairs` of one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, pairs: Pairs, before: Rulebook, after: Rulebook) -> None:
        self._connection, self._pairs = connection, pairs
        self._before, self._after = before, after
        self._members = MEMBERS.partition(".")[2] if MEMBERS.partition(".")[2] in pairs.measures else None

    def simulation(
        self, *, as_of: date, errors: int, left_out: tuple[str, ...], differing: tuple[str, ...], started: float
    ) -> Simulation:
        """The whole result."""
        in_all = next(self._lines(ALL, "''", {"": _IN_ALL}), None) or _nobody()
        persons = self._persons()
        counted = f"SELECT coalesce(sum({persons}), 0), count(*) FILTER (({persons}) IS NULL) FROM pairs"
        ((heads, headless),) = self._connection.execute(counted).fetchall()
        return Simulation(
            as_of,
            self._before.place,
            self._before.hash,
            self._after.hash,
            in_all.households,
            int(heads),
            headless,
            errors,
            in_all.winners + in_all.losers + in_all.otherwise,
            in_all,
            self._pairs.counted,
            tuple(line for name in self._pairs.firsts for line in self._lines(name, f"'{name}'", self._label(name))),
            tuple(self._lines(ALL, f"coalesce(area[:{_TOWNSHIP}], '')", {"": _NOWHERE})),
            tuple(self._groups()),
            tuple(self._sizes()),
            self._gap(),
            left_out,
            differing,
            round(time.perf_counter() - started, 3),
        )

    def _label(self, name: str) -> dict[str, Bilingual]:
        found = self._before.programmes.get(name) or self._after.programmes[name]
        return {name: found.label}

    def _groups(self) -> Iterator[Line]:
        for name in self._pairs.groups:
            own = f'"group__{name}"'
            yield from self._lines(ALL, f"'{name}'", LABELS, where=f"{own} > 0", persons=own)
        for name in self._pairs.groups:
            key, label = f"{name}{UNKNOWN}", LABELS[name]
            said = {"zh": f"不知道有没有{label['zh']}", "en": f"not known whether any: {label['en']}"}
            where = f'"group__{name}" IS NULL'
            yield from self._lines(ALL, f"'{key}'", {key: said}, where=where, persons="NULL::INTEGER")

    def _sizes(self) -> Iterator[Line]:
        if self._members is None:
            return
        labels = {str(n): {"zh": f"{n} 口人", "en": f"{n} member{'s' * (n != 1)}"} for n in range(_LARGEST)}
        labels[str(_LARGEST)] = {"zh": f"{_LARGEST} 口人及以上", "en": f"{_LARGEST} members and more"}
        size = f"least({self._persons()}, {_LARGEST})::INTEGER::VARCHAR"
        key = f"CASE WHEN {self._persons()} IS NULL THEN '' ELSE {size} END"  # least() passes over an unknown
        yield from self._lines(ALL, key, {**labels, "": {"zh": "人数不明", "en": "size unknown"}})

    def _persons(self) -> str:
        """Unknown stays unknown: summed it adds nothing and is counted apart."""
        return f'"{self._members}"' if self._members else "NULL::INTEGER"

    def _lines(
        self, target: str, key: str, labels: dict[str, Bilingual], *, where: str = "TRUE", persons: str | None = None
    ) -> Iterator[Line]:
        """One line a value of `key`, sorted by it; the unknown one last."""
        sides = ", ".join(_side(target, number, persons or self._persons()) for number in (0, 1))
        changes = ", ".join(
            f"count(*) FILTER (\"{target}.c\" = '{change}') AS {change}"
            for change in ("winner", "loser", "otherwise", "unchanged", "undetermined")
        )
        moves = ", ".join(
            f"count(*) FILTER (\"{target}.s0\" = '{a}' AND \"{target}.s1\" = '{b}') AS {name}"
            for name, a, b in (("newly_in", "not_eligible", "eligible"), ("out_of", "eligible", "not_eligible"))
        )
        query = (
            f"SELECT {key} AS key, count(*) AS households, {sides}, {moves}, {changes} FROM pairs WHERE {where} "
            "GROUP BY 1 ORDER BY key = '', key"
        )
        for row in self._connection.sql(query).to_arrow_table().to_pylist():
            yield _line(row, labels.get(row["key"]) or {"zh": row["key"], "en": row["key"]})

    def _gap(self) -> PovertyGap | None:
        """Twelve months of shortfall, so that a yearly amount stays exact; divided by twelve at the end."""
        if "group__line" not in self._pairs.measures:
            return None
        income, members = (f'"{name.partition(".")[2]}"' for name in (INCOME, MEMBERS))
        help_of = {
            "without": "0",
            "before": " + ".join(f'"{name}.y0"' for name in self._pairs.chained) or "0",
            "after": " + ".join(f'"{name}.y1"' for name in self._pairs.chained) or "0",
        }
        need = f'(12 * "group__line" * {members})'
        columns = ", ".join(
            f"greatest({need} - (12 * {income}::DECIMAL(24,10) + {text}), 0)::DECIMAL(38,10) AS {name}"
            for name, text in help_of.items()
        )
        known = " AND ".join(f"({text}) IS NOT NULL" for text in (income, need, *help_of.values()))
        totals = ", ".join(
            f"sum({n}) FILTER (known) AS {n}_sum, count(*) FILTER (known AND {n} > 0) AS {n}_households, "
            f"sum({n} / need * persons) FILTER (known AND need > 0) AS {n}_index"
            for n in help_of
        )
        query = (
            "SELECT count(*) FILTER (known) AS households, sum(persons) FILTER (known) AS persons, "
            f"count(*) FILTER (NOT known) AS undetermined, {totals} FROM (SELECT {members} AS persons, {need} AS need, "
            f"{columns}, ({known}) AS known FROM pairs WHERE {members} IS DISTINCT FROM 0)"
        )
        return _poverty(self._connection.sql(query).to_arrow_table().to_pylist()[0])


def _side(target: str, number: int, persons: str) -> str:
    outcome = f'"{target}.s{number}"'
    year, once = f'"{target}.y{number}"', f'"{target}.o{number}"'
    eligible = f"FILTER ({outcome} = 'eligible')"
    return (
        f"count(*) {eligible} AS eligible{number}, "
        f"count(*) FILTER ({outcome} = 'not_eligible') AS not_eligible{number}, "
        f"count(*) FILTER ({outcome} = 'undetermined') AS undetermined{number}, "
        f"sum({persons}) {eligible} AS persons{number}, "
        f"count(*) FILTER ({outcome} = 'eligible' AND ({persons}) IS NULL) AS headless{number}, "
        f'count(*) FILTER ("{target}.u{number}") AS amount_unknown{number}, '
        f"sum({year}) {eligible} AS year{number}, sum({once}) {eligible} AS once{number}"
    )


def _line(row: Counts, label: Bilingual) -> Line:
    sides = [
        Side(
            row[f"eligible{n}"],
            row[f"not_eligible{n}"],
            row[f"undetermined{n}"],
            int(row[f"persons{n}"] or 0),
            row[f"headless{n}"],
            row[f"amount_unknown{n}"],
            _money((row[f"year{n}"] or Decimal(0)) / 12),
            _money(row[f"year{n}"]),
            _money(row[f"once{n}"]),
        )
        for n in (0, 1)
    ]
    rest = (row[k] for k in ("newly_in", "out_of", "winner", "loser", "otherwise", "unchanged", "undetermined"))
    return Line(row["key"], label, row["households"], sides[0], sides[1], *rest)


def _nobody() -> Line:
    side = Side(0, 0, 0, 0, 0, 0, _money(None), _money(None), _money(None))
    return Line("", _IN_ALL, 0, side, side, 0, 0, 0, 0, 0, 0, 0)


def _money(value: Any) -> Decimal:
    return Decimal(value or 0).quantize(_CENT, ROUND_HALF_UP)


def _poverty(row: Counts) -> PovertyGap:
    persons = int(row["persons"] or 0)

    def shortfall(name: str) -> Shortfall:
        total, households = Decimal(row[f"{name}_sum"] or 0) / 12, row[f"{name}_households"]
        mean = total / households if households else Decimal(0)
        index = Decimal(row[f"{name}_index"] or 0) / persons if persons else Decimal(0)
        return Shortfall(_money(total), households, _money(mean), index.quantize(Decimal("0.000001"), ROUND_HALF_UP))

    return PovertyGap(
        row["households"],
        persons,
        row["undetermined"],
        shortfall("without"),
        shortfall("before"),
        shortfall("after"),
    )
