"""Aggregates as SQL: per group, three-valued, as semantics.md says.

Every query here reads rows with a condition `c` (true, false or NULL) and a value `v` already worked out. The phantom row
of a person whose feed did not answer counts as a row whose condition is unknown unless it is plainly false.
"""

from __future__ import annotations

from doudi.engine.sql_expression import Sql

EMPTY = {
    "sum": "0::HUGEINT",
    "count": "0::HUGEINT",
    "count_distinct": "0::HUGEINT",
    "any": "FALSE",
    "exists": "FALSE",
    "all": "TRUE",
}
"""What an aggregate is over nobody; the others are unknown."""


def condition(where: str | None, *, phantoms: bool) -> str:
    """The three-valued condition of a row."""
    text = where or "TRUE"
    if not phantoms:
        return text
    return f"(CASE WHEN phantom THEN (CASE WHEN {text} IS FALSE THEN FALSE END) ELSE {text} END)"


def aggregate(op: str, c: str, v: str, order: str) -> str:
    """One aggregate over a group from the names of its condition, value and order columns."""
    unknown = f"coalesce(bool_or({c} IS NULL OR ({c} AND {v} IS NULL)), FALSE)"
    if op == "count":
        return f"CASE WHEN coalesce(bool_or({c} IS NULL), FALSE) THEN NULL ELSE (count(*) FILTER ({c}))::HUGEINT END"
    if op == "sum":
        return f"CASE WHEN {unknown} THEN NULL ELSE coalesce(sum({v}) FILTER ({c}), 0::HUGEINT) END"
    if op == "count_distinct":
        return f"CASE WHEN {unknown} THEN NULL ELSE (count(DISTINCT {v}) FILTER ({c}))::HUGEINT END"
    if op in ("min", "max"):
        return f"CASE WHEN {unknown} THEN NULL ELSE {op}({v}) FILTER ({c}) END"
    if op == "exists":
        return f"CASE WHEN coalesce(bool_or({c}), FALSE) THEN TRUE WHEN coalesce(bool_or({c} IS NULL), FALSE) THEN NULL ELSE FALSE END"
    if op == "any":
        yes, doubt = f"bool_or({c} AND {v})", f"bool_or(({c} AND {v}) IS NULL)"
        return f"CASE WHEN coalesce({yes}, FALSE) THEN TRUE WHEN coalesce({doubt}, FALSE) THEN NULL ELSE FALSE END"
    if op == "all":
        no, doubt = f"bool_or(({c} AND NOT {v}))", f"bool_or(({c} AND NOT {v}) IS NULL)"
        return f"CASE WHEN coalesce({no}, FALSE) THEN FALSE WHEN coalesce({doubt}, FALSE) THEN NULL ELSE TRUE END"
    if op == "latest":
        doubt = f"coalesce(bool_or({c} IS NULL OR ({c} AND {order} IS NULL)), FALSE)"
        newest = f"max({order}) FILTER ({c})"
        return f"CASE WHEN {doubt} THEN NULL ELSE list_latest(list(struct_pack(k := {order}, v := {v})) FILTER ({c}), {newest}) END"
    raise ValueError(op)


def known_part(c: str, v: str) -> tuple[str, str]:
    """(the sum of what is known, whether any part is unknown) of a group."""
    return (
        f"coalesce(sum({v}) FILTER ({c} AND {v} IS NOT NULL), 0::HUGEINT)",
        f"coalesce(bool_or({c} IS NULL OR ({c} AND {v} IS NULL)), FALSE)",
    )


def once_per_key(rows: str, group: str) -> str:
    """A sum that counts each key once; rows of one key that disagree make it unknown."""
    per_key = (
        f"SELECT {group}, k, min(v) AS low, max(v) AS high, bool_or(c IS NULL OR v IS NULL OR k IS NULL) AS doubt "
        f"FROM ({rows}) WHERE c IS NOT FALSE GROUP BY {group}, k"
    )
    return (
        f"SELECT {group}, CASE WHEN bool_or(doubt OR low <> high) THEN NULL ELSE coalesce(sum(low), 0::HUGEINT) END AS a "
        f"FROM ({per_key}) GROUP BY {group}"
    )


def over_nobody(op: str, column: str, joined: str) -> Sql:
    """The aggregate's column after the left join, with its answer for nobody."""
    return Sql(f"(CASE WHEN {joined} IS NULL THEN {EMPTY.get(op, 'NULL')} ELSE {column} END)")


MACROS = (
    "CREATE OR REPLACE TEMP MACRO list_latest(rows, newest) AS "
    "CASE WHEN len(list_distinct(list_transform(list_filter(rows, lambda r: r.k = newest), lambda r: coalesce(r.v::VARCHAR, chr(1))))) = 1 "
    "THEN list_filter(rows, lambda r: r.k = newest)[1].v END",
)
