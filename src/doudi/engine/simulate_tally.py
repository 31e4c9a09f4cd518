"""Counting a simulation: lines by programme, township, group and size of household, and the poverty gap."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path
from threading import local
from typing import TypeVar

import duckdb

from doudi.engine.quantities import Rulebook
from doudi.engine.simulate_columns import INCOME, LABELS, MEMBERS
from doudi.engine.simulate_lines import Counts, Lines, money, together
from doudi.engine.simulate_pairs import ALL, Pairs
from doudi.engine.simulation import Line, PovertyGap, Shortfall, Side, Simulation

_TOWNSHIP = 9
_IN_ALL = {"zh": "合计", "en": "in all"}
_NOWHERE = {"zh": "地区不明", "en": "area unknown"}
_LARGEST = 5
UNKNOWN = "__unknown"
"""Ends the key of the line of families of which it is not known whether anybody of a group is in them."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Everybody:
    """What is counted over all programmes together."""

    in_all: Line
    heads: int
    headless: int
    townships: tuple[Line, ...]
    groups: tuple[Line, ...]
    sizes: tuple[Line, ...]


class Tally:
    """Counts the slices in a folder, each thread on a connection of its own."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        pairs: Pairs,
        before: Rulebook,
        after: Rulebook,
        out: Path,
        threads: int = 1,
    ) -> None:
        self._connection, self._pairs, self._threads = connection, pairs, threads
        self._before, self._after, self._view, self._own = before, after, pairs.view(out), local()

    def simulation(
        self, *, as_of: date, errors: int, left_out: tuple[str, ...], differing: tuple[str, ...], started: float
    ) -> Simulation:
        """The whole result."""
        with ThreadPoolExecutor(self._threads) as pool:
            counting = pool.submit(self._apart, self._everybody)
            measuring = pool.submit(self._apart, self._gap)
            programmes = [pool.submit(self._apart, partial(self._programme, name)) for name in self._pairs.firsts]
            found, gap = counting.result(), measuring.result()
            lines = tuple(line for one in programmes for line in one.result())
        return Simulation(
            as_of,
            self._before.place,
            self._before.hash,
            self._after.hash,
            found.in_all.households,
            found.heads,
            found.headless,
            errors,
            found.in_all.winners + found.in_all.losers + found.in_all.otherwise,
            found.in_all,
            self._pairs.counted,
            lines,
            found.townships,
            found.groups,
            found.sizes,
            gap,
            left_out,
            differing,
            round(time.perf_counter() - started, 3),
        )

    def _apart(self, count: Callable[[Lines], T]) -> T:
        """On the connection of this thread, where the view was made: making it reads the heads of all files."""
        if not hasattr(self._own, "lines"):
            connection = self._connection.cursor()
            connection.execute(self._view)
            self._own.lines = Lines(connection, self._pairs)
        return count(self._own.lines)

    def _programme(self, name: str, lines: Lines) -> list[Line]:
        found = self._before.programmes.get(name) or self._after.programmes[name]
        lines.put_programme_together(name)
        return list(lines.of(name, f"'{name}'", {name: found.label}))

    def _everybody(self, lines: Lines) -> _Everybody:
        groups = [f'"group__{name}"' for name in self._pairs.groups]
        lines.put_together(ALL, f"coalesce(area[:{_TOWNSHIP}], '') AS township", *groups)
        counted = (
            f"SELECT coalesce(sum({lines.persons} * n), 0), coalesce(sum(n) FILTER (({lines.persons}) IS NULL), 0) "
            f"FROM {together(ALL)}"
        )
        ((heads, headless),) = lines.connection.execute(counted).fetchall()
        return _Everybody(
            next(lines.of(ALL, "''", {"": _IN_ALL}), None) or _nobody(),
            int(heads),
            int(headless),
            tuple(lines.of(ALL, "township", {"": _NOWHERE})),
            tuple(self._groups(lines)),
            tuple(self._sizes(lines)),
        )

    def _groups(self, lines: Lines) -> Iterator[Line]:
        for name in self._pairs.groups:
            own = f'"group__{name}"'
            yield from lines.of(ALL, f"'{name}'", LABELS, where=f"{own} > 0", persons=own)
        for name in self._pairs.groups:
            key, label = f"{name}{UNKNOWN}", LABELS[name]
            said = {"zh": f"不知道有没有{label['zh']}", "en": f"not known whether any: {label['en']}"}
            where = f'"group__{name}" IS NULL'
            yield from lines.of(ALL, f"'{key}'", {key: said}, where=where, persons="NULL::INTEGER")

    def _sizes(self, lines: Lines) -> Iterator[Line]:
        if not lines.has_size:
            return
        labels = {str(n): {"zh": f"{n} 口人", "en": f"{n} member{'s' * (n != 1)}"} for n in range(_LARGEST)}
        labels[str(_LARGEST)] = {"zh": f"{_LARGEST} 口人及以上", "en": f"{_LARGEST} members and more"}
        size = f"least({lines.persons}, {_LARGEST})::INTEGER::VARCHAR"
        key = f"CASE WHEN {lines.persons} IS NULL THEN '' ELSE {size} END"  # least() passes over an unknown
        yield from lines.of(ALL, key, {**labels, "": {"zh": "人数不明", "en": "size unknown"}})

    def _gap(self, lines: Lines) -> PovertyGap | None:
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
        return _poverty(lines.connection.sql(query).to_arrow_table().to_pylist()[0])


def _nobody() -> Line:
    side = Side(0, 0, 0, 0, 0, 0, money(None), money(None), money(None))
    return Line("", _IN_ALL, 0, side, side, 0, 0, 0, 0, 0, 0, 0)


def _poverty(row: Counts) -> PovertyGap:
    persons = int(row["persons"] or 0)

    def shortfall(name: str) -> Shortfall:
        total, households = Decimal(row[f"{name}_sum"] or 0) / 12, row[f"{name}_households"]
        mean = total / households if households else Decimal(0)
        index = Decimal(row[f"{name}_index"] or 0) / persons if persons else Decimal(0)
        return Shortfall(money(total), households, money(mean), index.quantize(Decimal("0.000001"), ROUND_HALF_UP))

    return PovertyGap(
        row["households"],
        persons,
        row["undetermined"],
        shortfall("without"),
        shortfall("before"),
        shortfall("after"),
    )
