"""Lines of a simulation over one connection: families that are alike put together, then counted by what is asked.

A target is a programme, or all of them together. Its table has one row for all households that are the same in standing,
size and further keys, with their number `n` and their money, so that the view `pairs` is gone through once a target.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

import duckdb

from doudi.engine.feeds import Bilingual
from doudi.engine.simulate_columns import MEMBERS
from doudi.engine.simulate_pairs import Pairs
from doudi.engine.simulation import Line, Side

_CENT = Decimal("0.01")
Counts = dict[str, Any]


class Lines:
    """Counts over the view `pairs` of one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, pairs: Pairs) -> None:
        self.connection = connection
        size = MEMBERS.partition(".")[2]
        self._size = [f'"{size}"'] if size in pairs.measures else []
        self.persons = self._size[0] if self._size else "NULL::INTEGER"
        """Unknown stays unknown: summed it adds nothing and is counted apart."""

    @cached_property
    def _everyone(self) -> int:
        """How many households there are."""
        ((count,),) = self.connection.execute("SELECT count(*) FROM pairs").fetchall()
        return int(count)

    @property
    def has_size(self) -> bool:
        """Whether it is told how many people a household has."""
        return bool(self._size)

    def put_together(self, target: str, *keys: str, where: str = "TRUE") -> None:
        """Make the table of a target."""
        standing = [f'"{target}.{part}"' for part in ("s0", "s1", "u0", "u1", "c")]
        sums = ", ".join(f'sum("{target}.{part}") AS "{target}.{part}"' for part in ("y0", "y1", "o0", "o1"))
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {together(target)} AS SELECT {', '.join([*keys, *self._size, *standing])}, "
            f"count(*) AS n, {sums} FROM pairs WHERE {where} GROUP BY ALL"
        )

    def put_programme_together(self, name: str) -> None:
        """Make the table of a programme. Most families do not get it on either side: they are what is left of all."""
        neither = " AND ".join(is_(name, part, "not_eligible") for part in ("s0", "s1"))
        self.put_together(name, where=f"({neither}) IS NOT TRUE")
        standing = ", ".join(f"'not_eligible' AS \"{name}.{part}\"" for part in ("s0", "s1"))
        left = f"{self._everyone} - (SELECT coalesce(sum(n), 0) FROM {together(name)})"
        self.connection.execute(
            f"INSERT INTO {together(name)} BY NAME SELECT {standing}, 'unchanged' AS \"{name}.c\", left_over AS n "
            f"FROM (SELECT {left} AS left_over) WHERE left_over > 0"
        )

    def of(
        self, target: str, key: str, labels: dict[str, Bilingual], *, where: str = "TRUE", persons: str | None = None
    ) -> Iterator[Line]:
        """One line a value of `key`, sorted by it; the unknown one last."""
        sides = ", ".join(_side(target, number, persons or self.persons) for number in (0, 1))
        changes = ", ".join(
            f"{households(is_(target, 'c', change))} AS {change}"
            for change in ("winner", "loser", "otherwise", "unchanged", "undetermined")
        )
        moves = ", ".join(
            f"{households(is_(target, 's0', a) + ' AND ' + is_(target, 's1', b))} AS {name}"
            for name, a, b in (("newly_in", "not_eligible", "eligible"), ("out_of", "eligible", "not_eligible"))
        )
        query = (
            f"SELECT {key} AS key, sum(n)::BIGINT AS households, {sides}, {moves}, {changes} FROM {together(target)} "
            f"WHERE {where} GROUP BY 1 ORDER BY key = '', key"
        )
        for row in self.connection.sql(query).to_arrow_table().to_pylist():
            yield _line(row, labels.get(row["key"]) or {"zh": row["key"], "en": row["key"]})


def together(target: str) -> str:
    """The name of a target's table."""
    return f'"together {target}"'


def is_(target: str, part: str, value: str) -> str:
    """That a column of a target has a value."""
    return f"\"{target}.{part}\" = '{value}'"


def households(condition: str) -> str:
    """How many households meet a condition."""
    return f"coalesce(sum(n) FILTER ({condition}), 0)::BIGINT"


def _side(target: str, number: int, persons: str) -> str:
    standing = f"s{number}"
    eligible = is_(target, standing, "eligible")
    year, once, unknown = (f'"{target}.{part}{number}"' for part in "you")
    return (
        f"{households(eligible)} AS eligible{number}, "
        f"{households(is_(target, standing, 'not_eligible'))} AS not_eligible{number}, "
        f"{households(is_(target, standing, 'undetermined'))} AS undetermined{number}, "
        f"sum({persons} * n) FILTER ({eligible}) AS persons{number}, "
        f"{households(f'{eligible} AND ({persons}) IS NULL')} AS headless{number}, "
        f"{households(unknown)} AS amount_unknown{number}, "
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
            money((row[f"year{n}"] or Decimal(0)) / 12),
            money(row[f"year{n}"]),
            money(row[f"once{n}"]),
        )
        for n in (0, 1)
    ]
    rest = (row[k] for k in ("newly_in", "out_of", "winner", "loser", "otherwise", "unchanged", "undetermined"))
    return Line(row["key"], label, row["households"], sides[0], sides[1], *rest)


def money(value: Any) -> Decimal:
    """Yuan with cents."""
    return Decimal(value or 0).quantize(_CENT, ROUND_HALF_UP)
