"""What is missing for a proposal and what can be done about each thing: who is asked, and for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doudi.cases.logic.obligors import MISSING
from doudi.engine.rulebook import Rulebook

REMEDIES = {"declared": "ask", "discretion": "choose"}
"""By the source of a fact: the family is asked, or one of the staff chooses with a reason."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One missing thing. `persons` are ids; `remedy` is a code: sign, register, reconcile, list (obligors), ask,
    choose, check (nobody has asked the department), wait (it has been asked and has not answered).
    """

    remedy: str
    label: str
    why: str
    persons: tuple[str, ...]
    fact: str
    supplier: str = ""
    """Which department answers, where one does."""


def lacks_of(missing: Sequence[Mapping[str, Any]], rulebook: Rulebook, lang: str) -> tuple[Lack, ...]:
    """The missing things, persons of one thing together, in the order the engine asks."""
    found: dict[tuple[str, str, str], list[str]] = {}
    labels: dict[tuple[str, str, str], str] = {}
    suppliers: dict[tuple[str, str, str], str] = {}
    for item in missing:
        key = (_remedy(item, rulebook), item["fact"], item["reason"])
        found.setdefault(key, []).extend([item["person"]] if item["person"] else [])
        labels.setdefault(key, item["label"][lang])
        suppliers.setdefault(key, _supplier(item["fact"], rulebook, lang) if key[0] in ("check", "wait") else "")
    return tuple(
        Lack(key[0], labels[key], key[2], tuple(dict.fromkeys(persons)), key[1], suppliers[key])
        for key, persons in found.items()
    )


def _remedy(item: Mapping[str, Any], rulebook: Rulebook) -> str:
    if item["reason"] == "not_permitted":
        return "sign"
    if item["fact"] in ("household.head", "household.area"):
        return "register"
    if item["reason"] == "conflicting":
        return "reconcile"
    if item["fact"].startswith(MISSING):
        return "list"
    fact = rulebook.facts.get(item["fact"])
    if fact is not None and fact.source in REMEDIES:
        return REMEDIES[fact.source]
    return "check" if item["reason"] == "never_asked" else "wait"


def _supplier(name: str, rulebook: Rulebook, lang: str) -> str:
    """The department behind a record (`person.<record>`) or behind a fact compiled from its rows."""
    record = rulebook.records.get(name.partition(".")[2])
    fact = rulebook.facts.get(name)
    rows = fact.from_rows if fact is not None else None
    feed = record.feed if record is not None else rulebook.feeds.get(rows.feed) if rows is not None else None
    return feed.supplier[lang] if feed is not None else ""
