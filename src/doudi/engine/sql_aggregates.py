"""Aggregates as SQL: per group, three-valued, as semantics.md says. All aggregates over the same rows share one grouping.

The rows of a grouping carry, for each aggregate, what it needs already worked out: a value `x` that is NULL where the row does
not count, and a doubt `u`, true where the row makes the aggregate unknown. The phantom row of a person whose feed did not
answer counts as a row whose condition is unknown unless it is plainly false.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from doudi.engine.sql_numbers import Numbers, Sql


def over_nobody(op: str, numbers: Numbers) -> str:
    """What an aggregate is over nobody; those not named here are unknown."""
    known = {"any": "FALSE", "exists": "FALSE", "all": "TRUE"}
    return numbers.whole(0) if op in ("sum", "count", "count_distinct") else known.get(op, "NULL")


def condition(where: str | None, *, phantoms: bool) -> str:
    """The three-valued condition of a row."""
    text = where or "TRUE"
    if not phantoms:
        return text
    return f"(CASE WHEN phantom THEN (CASE WHEN {text} IS FALSE THEN FALSE END) ELSE {text} END)"


@dataclass(slots=True)
class Grouping:
    """One GROUP BY over the rows of one entity; columns of the rows and of the groups, each text once."""

    numbers: Numbers
    cells: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)

    def cell(self, text: str) -> str:
        """The name of a column of the rows."""
        return self.cells.setdefault(text, f"x{len(self.cells)}")

    def column(self, text: str) -> str:
        """The name of a column of the groups."""
        return self.made.setdefault(text, f"a{len(self.made)}")

    def query(self, key: str, source: str, where: str) -> str:
        """The grouping as a query over `source`."""
        cells = "".join(f", {text} AS {name}" for text, name in self.cells.items())
        made = ", ".join(f"{text} AS {name}" for text, name in self.made.items())
        return f"SELECT {key}, {made} FROM (SELECT {key}{cells} FROM ({source}){where}) GROUP BY {key}"

    def _doubt(self, c: str, v: str) -> str:
        return f"bool_or({self.cell(f'({c} IS NULL OR ({c} AND {v} IS NULL))')})"

    def _counted(self, c: str, v: str) -> str:
        return self.cell(f"(CASE WHEN {c} THEN {v} END)")

    def aggregate(self, op: str, c: str, v: str, order: str) -> str:
        """The name of one aggregate's column from the texts of its condition, value and order."""
        number = self.numbers.type
        if op == "count":
            doubt, counted = f"bool_or({self.cell(f'({c} IS NULL)')})", self._counted(c, "TRUE")
            return self.column(f"CASE WHEN {doubt} THEN NULL ELSE count({counted})::{number} END")
        if op in ("exists", "any", "all"):
            return self._kleene(op, c, v)
        doubt = self._doubt(c, v)
        if op == "sum":
            total = f"coalesce(sum({self._counted(c, v)}), 0)::{number}"
            return self.column(f"CASE WHEN {doubt} THEN NULL ELSE {total} END")
        if op == "count_distinct":
            return self.column(f"CASE WHEN {doubt} THEN NULL ELSE count(DISTINCT {self._counted(c, v)})::{number} END")
        if op in ("min", "max"):
            return self.column(f"CASE WHEN {doubt} THEN NULL ELSE {op}({self._counted(c, v)}) END")
        if op == "latest":
            c, v, order = self.cell(c), self.cell(v), self.cell(order)
            unknown = f"coalesce(bool_or({c} IS NULL OR ({c} AND {order} IS NULL)), FALSE)"
            rows = f"list(struct_pack(k := {order}, v := {v})) FILTER ({c})"
            return self.column(f"CASE WHEN {unknown} THEN NULL ELSE list_latest({rows}, max({order}) FILTER ({c})) END")
        raise ValueError(op)

    def _kleene(self, op: str, c: str, v: str) -> str:
        text = {"exists": c, "any": f"({c} AND {v})", "all": f"({c} AND NOT {v})"}[op]
        decided, doubt = f"bool_or({self.cell(text)})", f"bool_or({self.cell(f'({text} IS NULL)')})"
        yes, no = ("FALSE", "TRUE") if op == "all" else ("TRUE", "FALSE")
        return self.column(f"CASE WHEN {decided} THEN {yes} WHEN {doubt} THEN NULL ELSE {no} END")

    def known_part(self, c: str, v: str) -> tuple[str, str]:
        """Names of (the sum of what is known, whether any part is unknown)."""
        known = f"coalesce(sum({self._counted(c, v)}), 0)::{self.numbers.type}"
        return self.column(known), self.column(self._doubt(c, v))


def once_per_key(numbers: Numbers, key: str, source: str, where: str, c: str, v: str, k: str) -> str:
    """A sum that counts each key once; rows of one key that disagree make it unknown."""
    rows = f"SELECT {key}, {c} AS c, {v} AS v, {k} AS k FROM ({source}){where}"
    per_key = (
        f"SELECT {key}, k, min(v) AS low, max(v) AS high, bool_or(c IS NULL OR v IS NULL OR k IS NULL) AS doubt "
        f"FROM ({rows}) WHERE c IS NOT FALSE GROUP BY {key}, k"
    )
    return (
        f"SELECT {key}, CASE WHEN bool_or(doubt OR low <> high) THEN NULL "
        f"ELSE coalesce(sum(low), 0)::{numbers.type} END AS a0 FROM ({per_key}) GROUP BY {key}"
    )


def read_back(op: str, column: str, joined: str, numbers: Numbers) -> Sql:
    """The aggregate's column after the left join, with its answer for nobody."""
    return Sql(f"(CASE WHEN {joined} IS NULL THEN {over_nobody(op, numbers)} ELSE {column} END)")


MACROS = (
    "CREATE OR REPLACE TEMP MACRO list_latest(rows, newest) AS "
    "CASE WHEN len(list_distinct(list_transform(list_filter(rows, lambda r: r.k = newest), "
    "lambda r: coalesce(r.v::VARCHAR, chr(1))))) = 1 "
    "THEN list_filter(rows, lambda r: r.k = newest)[1].v END",
)
