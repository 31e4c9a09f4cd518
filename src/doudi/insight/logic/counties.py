"""The impacts of a draft in several counties taken together: sums of what is known; what is not known has no number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from doudi.engine.feeds import Bilingual

Result = Mapping[str, Any]
COUNTS = ("households", "persons", "changed", "errors")


def taken_together(known: Mapping[str, Result], unknown: Mapping[str, Bilingual]) -> dict[str, Any]:
    """One impact of many, by county; without any known one it is a problem, and says each county's."""
    lines: list[dict[str, Any]] = [
        {**one["in_all"], "key": code, "label": {}, "changed": one["changed"], "errors": one["errors"]}
        for code, one in known.items()
    ]
    lines += [{"key": code, "problem": dict(why)} for code, why in unknown.items()]
    counties = sorted(lines, key=lambda line: str(line["key"]))
    if not known:
        return {"problem": dict(next(iter(unknown.values()), {})), "counties": counties}
    results = list(known.values())
    return {
        "as_of": results[0]["as_of"],
        "figures_on": max(str(one.get("figures_on", "")) for one in results),
        **{name: sum(one[name] for one in results) for name in COUNTS},
        "in_all": _sum([one["in_all"] for one in results]),
        "programmes": _by_key(line for one in results for line in one["programmes"]),
        "areas": _by_key(line for one in results for line in one["areas"]),
        "unset": {name: label for one in results for name, label in one.get("unset", {}).items()},
        "left_out": sorted({name for one in results for name in one["left_out"]}),
        "differing": sorted({name for one in results for name in one["differing"]}),
        "counties": counties,
    }


def _by_key(lines: Iterable[Result]) -> list[Any]:
    found: dict[str, list[Result]] = {}
    for line in lines:
        found.setdefault(line["key"], []).append(line)
    return [_sum(own) for own in found.values()]


def _sum(values: list[Any]) -> Any:
    """Tables by name, counts and money by adding; words as the first has them. One unknown makes a sum unknown."""
    first = values[0]
    if isinstance(first, Mapping):
        return {
            name: first[name] if name in ("key", "label") else _sum([one.get(name) for one in values]) for name in first
        }
    if any(one is None for one in values):
        return None
    if isinstance(first, int) and not isinstance(first, bool):
        return sum(values)
    try:
        return f"{sum((Decimal(one) for one in values), Decimal(0)):f}"
    except (InvalidOperation, TypeError):
        return first
