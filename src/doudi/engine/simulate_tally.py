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
    """Counts over the view `pairs` of one connection.

    Households that are the same in all that a line may be asked by are put together first, with their number `n` and their
    money: the view is gone through once for all lines of everybody and once a programme.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, pairs: Pairs, before: Rulebook, after: Rulebook) -> None:
        self._connection, self._pairs = connection, pairs
        self._before, self._after = before, after
        self._members = MEMBERS.partition(".")[2] if MEMBERS.partition(".")[2] in pairs.measures else None

    def simulation(
        self, *, as_of: date, errors: int, left_out: tuple[str, ...], differing: tuple[str, ...], started: float
    ) -> Simulation:
        """The whole result."""
        groups = [f'"group__{name}"' for name in self._pairs.groups]
        self._put_together(ALL, f"coalesce(area[:{_TOWNSHIP}], '') AS township", *groups)
        in_all = next(self._lines(ALL, "''", {"": _IN_ALL}), None) or _nobody()
        persons = self._persons()
        counted = (
            f"SELECT coalesce(sum({persons} * n), 0), coalesce(sum(n) FILTER (({persons}) IS NULL), 0) "
            f"FROM {_together(ALL)}"
        )
        ((heads, headless),) = self._connection.execute(counted).fetchall()
        return Simulation(
            as_of,
            self._before.place,
            self._before.hash,
            self._after.hash,
            in_all.households,
            int(heads),
            int(headless),
            errors,
            in_all.winners + in_all.losers + in_all.otherwise,
            in_all,
            self._pairs.counted,
            tuple(line for name in self._pairs.firsts for line in self._programme(name)),
            tuple(self._lines(ALL, "township", {"": _NOWHERE})),
            tuple(self._groups()),
            tuple(self._sizes()),
            self._gap(),
            left_out,
            differing,
            round(time.perf_counter() - started, 3),
        )

    def _put_together(self, target: str, *keys: str, where: str = "TRUE") -> None:
        """The table of a target: households by standing, size and further keys, their number and money."""
        size = [f'"{self._members}"'] if self._members else []
        standing = [f'"{target}.{part}"' for part in ("s0", "s1", "u0", "u1", "c")]
        money = ", ".join(f'sum("{target}.{part}") AS "{target}.{part}"' for part in ("y0", "y1", "o0", "o1"))
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {_together(target)} AS SELECT {', '.join([*keys, *size, *standing])}, "
            f"count(*) AS n, {money} FROM pairs WHERE {where} GROUP BY ALL"
        )

    def _programme(self, name: str) -> Iterator[Line]:
        """The line of a programme. Most families get nothing of it on either side: they are what is left of all."""
        found = self._before.programmes.get(name) or self._after.programmes[name]
        neither = " AND ".join(_is(name, part, "not_eligible") for part in ("s0", "s1"))
        self._put_together(name, where=f"({neither}) IS NOT TRUE")
        rest = ", ".join(f"'not_eligible' AS \"{name}.{part}\"" for part in ("s0", "s1"))
        left = f"(SELECT sum(n) FROM {_together(ALL)}) - (SELECT coalesce(sum(n), 0) FROM {_together(name)})"
        self._connection.execute(
            f"INSERT INTO {_together(name)} BY NAME SELECT {rest}, 'unchanged' AS \"{name}.c\", left_over AS n "
            f"FROM (SELECT {left} AS left_over) WHERE left_over > 0"
        )
        yield from self._lines(name, f"'{name}'", {name: found.label})
        self._connection.execute(f"DROP TABLE {_together(name)}")

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
            f"{_number(_is(target, 'c', change))} AS {change}"
            for change in ("winner", "loser", "otherwise", "unchanged", "undetermined")
        )
        moves = ", ".join(
            f"{_number(_is(target, 's0', a) + ' AND ' + _is(target, 's1', b))} AS {name}"
            for name, a, b in (("newly_in", "not_eligible", "eligible"), ("out_of", "eligible", "not_eligible"))
        )
        query = (
            f"SELECT {key} AS key, sum(n)::BIGINT AS households, {sides}, {moves}, {changes} FROM {_together(target)} "
            f"WHERE {where} GROUP BY 1 ORDER BY key = '', key"
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


def _together(target: str) -> str:
    return f'"together {target}"'


def _is(target: str, part: str, value: str) -> str:
    return f"\"{target}.{part}\" = '{value}'"


def _number(condition: str) -> str:
    return f"coalesce(sum(n) FILTER ({condition}), 0)::BIGINT"


def _side(target: str, number: int, persons: str) -> str:
    standing = f"s{number}"
    eligible = _is(target, standing, "eligible")
    year, once, unknown = (f'"{target}.{part}{number}"' for part in "you")
    return (
        f"{_number(eligible)} AS eligible{number}, "
        f"{_number(_is(target, standing, 'not_eligible'))} AS not_eligible{number}, "
        f"{_number(_is(target, standing, 'undetermined'))} AS undetermined{number}, "
        f"sum({persons} * n) FILTER ({eligible}) AS persons{number}, "
        f"{_number(f'{eligible} AND ({persons}) IS NULL')} AS headless{number}, "
        f"{_number(unknown)} AS amount_unknown{number}, "
        f"sum({year}) FILTER ({eligible}) AS year{number}, sum({once}) FILTER ({eligible}) AS once{number}"
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
