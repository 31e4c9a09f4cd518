"""What is missing for a proposal and what can be done about each thing: who is asked, and for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doudi.engine.rulebook import Rulebook

REMEDIES = {"declared": "ask", "discretion": "choose"}
"""By the source of a fact: the family is asked, or one of the staff chooses with a reason."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One missing thing. `remedy` is a code: sign, register, ask, choose, wait, reconcile; `persons` are ids."""

    remedy: str
    label: str
    why: str
    persons: tuple[str, ...]
    fact: str


def lacks_of(missing: Sequence[Mapping[str, Any]], rulebook: Rulebook, lang: str) -> tuple[Lack, ...]:
    """The missing things, persons of one thing together, in the order the engine asks."""
    found: dict[tuple[str, str, str], list[str]] = {}
    labels: dict[tuple[str, str, str], str] = {}
    for item in missing:
        key = (_remedy(item, rulebook), item["fact"], item["reason"])
        found.setdefault(key, []).extend([item["person"]] if item["person"] else [])
        labels.setdefault(key, item["label"][lang])
    return tuple(
        Lack(remedy, labels[key], key[2], tuple(dict.fromkeys(persons)), key[1])
        for key, persons in found.items()
        for remedy in (key[0],)
    )


def _remedy(item: Mapping[str, Any], rulebook: Rulebook) -> str:
    if item["reason"] == "not_permitted":
        return "sign"
    if item["fact"] in ("household.head", "household.area"):
        return "register"
    if item["reason"] == "conflicting":
        return "reconcile"
    fact = rulebook.facts.get(item["fact"])
    if fact is not None and fact.source in REMEDIES:
        return REMEDIES[fact.source]
    return "wait"
