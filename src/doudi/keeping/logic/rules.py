"""The rules of keeping as policy/retention.yaml says them: how long, from which moment, why, on which basis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import yaml

from doudi.lib.months import add_months

ACTIONS = ("delete", "empty", "keep")
MARKS = ("V", "v", "M", "U")
KEYS = {"name", "tables", "what", "moment", "days", "months", "action", "why", "basis", "mark"}
INTERNAL = ("sessions", "jobs", "audit_salts", "snapshots")
"""Rules that say nothing to a resident: they stand at the end of the page."""
Told = Mapping[str, str]


class RulesError(ValueError):
    """The file of rules cannot be meant so; the message names the rule."""

    code = "keeping.rules_malformed"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `days` or `months` is the period; both empty: kept (by somebody else's law)."""

    name: str
    tables: tuple[str, ...]
    what: Told
    moment: Told
    why: Told
    basis: Told
    mark: str
    action: str
    days: int | None = None
    months: int | None = None

    def last_due_moment(self, today: date) -> date | None:
        """What has its moment on this day or before is due today; None: nothing ever is."""
        if self.months is None:
            return today - timedelta(days=self.days) if self.days is not None else None
        found = add_months(today, -self.months)
        while add_months(found + timedelta(days=1), self.months) <= today:  # a month's end is reached from several days
            found += timedelta(days=1)
        return found


def rules_in(text: str) -> tuple[Rule, ...]:
    """The rules that a file's text says; RulesError where it is no YAML or one is not whole."""
    try:
        return rules_of(yaml.safe_load(text))
    except yaml.YAMLError:
        raise RulesError("retention.yaml is no YAML.") from None


def told(rules: Iterable[Rule], language: str) -> list[dict[str, object]]:
    """The rules as a page tells them in a language (Chinese, or what begins with en), what concerns residents first."""
    lang = "en" if language.startswith("en") else "zh"
    lines: list[dict[str, object]] = [
        {
            "name": rule.name, "what": rule.what[lang], "why": rule.why[lang], "basis": rule.basis[lang],
            "moment": rule.moment[lang], "months": rule.months, "days": rule.days, "action": rule.action,
            "mark": rule.mark, "years": rule.months // 12 if rule.months and rule.months % 12 == 0 else None,
        }
        for rule in rules
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line["name"] in INTERNAL)


def told_to_residents(rules: Iterable[Rule], language: str) -> dict[str, list[dict[str, object]]]:
    """What the public page shows: `lines` about residents, `internal` about the system itself."""
    lines = told(rules, language)
    return {
        "lines": [line for line in lines if line["name"] not in INTERNAL],
        "internal": [line for line in lines if line["name"] in INTERNAL],
    }


def rules_of(data: Any) -> tuple[Rule, ...]:
    """The rules in a file's data; RulesError where one is not whole."""
    if not isinstance(data, Mapping) or set(data) != {"rules"} or not isinstance(data["rules"], list):
        raise RulesError("retention.yaml holds one list, `rules`.")
    found = tuple(_rule(one) for one in data["rules"])
    names = [rule.name for rule in found]
    tables = [table for rule in found for table in rule.tables]
    for kind, given in (("rule", names), ("table", tables)):
        twice = sorted({one for one in given if given.count(one) > 1})
        if twice:
            raise RulesError(f"retention.yaml names a {kind} twice: {', '.join(twice)}.")
    return found


def _rule(one: Any) -> Rule:
    name = str(one.get("name", "?")) if isinstance(one, Mapping) else "?"
    wrong = RulesError(f"retention.yaml: the rule {name} is not whole.")
    if not isinstance(one, Mapping) or set(one) - KEYS or KEYS - {"days", "months"} - set(one):
        raise wrong
    if any(set(one[key]) != {"zh", "en"} for key in ("what", "moment", "why", "basis")):
        raise wrong
    if one["action"] not in ACTIONS or one["mark"] not in MARKS:
        raise wrong
    if ("days" in one) + ("months" in one) != (one["action"] != "keep"):
        raise wrong
    days, months = (int(one[key]) if key in one else None for key in ("days", "months"))
    if (days or 0) < 0 or (months or 0) < 0:
        raise wrong
    told = {key: {lang: str(text) for lang, text in one[key].items()} for key in ("what", "moment", "why", "basis")}
    return Rule(
        name, tuple(str(table) for table in one["tables"]), told["what"], told["moment"], told["why"], told["basis"],
        str(one["mark"]), str(one["action"]), days, months,
    )  # fmt: skip
