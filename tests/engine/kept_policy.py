"""A small policy with a choice, reckoned income, rows, a figure by area; and one family: what is kept and replayed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.engine.small import chain_of, fact, household, programme, rule, said, write_policy

FACTS = {"household.discretion_hardship": fact("boolean", "discretion", label={"zh": "特殊困难", "en": "hardship"})}
RULES = {
    "person.income": rule("money", "sum(row.amount where row.ok)"),
    "person.imputed_wage": rule("money", "case when person.f then 100 else 0 end"),
    "household.income": rule("money", "sum(person.income) + sum(person.imputed_wage)"),
    "household.is_poor": rule("boolean", "household.income / household.people < line"),
    "household.is_accepted": rule("boolean", "household.is_poor or discretion(hardship)"),
}
LINE = {
    "type": "money",
    "label": said("标准"),
    "set_by": ["nation"],
    "values": [{"area": "nation", "from": "2026-01-01", "value": "500", "basis": {"document": "办法"}}],
}


def policy(folder: Path, **changed: Any) -> Path:
    """The policy folder; `changed` replaces parts of the figure."""
    return write_policy(
        folder,
        RULES,
        facts=FACTS,
        parameters={"line": {**LINE, **changed}},
        programmes={"help": programme("household.is_accepted", amount="600 - household.income / household.people")},
        chains={"basic_living": chain_of("help")},
    )


def family(**facts: Any) -> dict[str, Any]:
    """CASE.json of two people with rows of one delivery."""
    row = {"amount": "1000.10", "ok": True, "_row": 3, "_delivery": "d1"}
    first, second = {"id": "li", "f": True, "rows": {"row": [row]}}, {"id": "wang", "f": False}
    return household({"people": 2, **facts}, first, second)
