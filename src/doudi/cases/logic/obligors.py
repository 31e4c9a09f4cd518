"""Those obliged to support a member: what the rulebook asks of them, a list with one added, changed or taken off."""

from __future__ import annotations

import uuid

from doudi.engine.quantities import RELATION
from doudi.engine.reads import read_by_chains
from doudi.engine.rulebook import Rulebook
from doudi.engine.vocabulary import FactDefinition
from doudi.registry.logic.obligors import Obligor

MISSING = (f"person.{RELATION}", f"{RELATION}.")
"""How the names of missing things begin that a list of obligors answers."""


def asked_of_obligors(rulebook: Rulebook) -> list[FactDefinition]:
    """What the chains read of each obligor, in the rulebook's order; nothing where obligors are not listed."""
    if RELATION not in rulebook.records:
        return []
    read = read_by_chains(rulebook)
    return [fact for fact in rulebook.records[RELATION].columns.values() if f"{RELATION}.{fact.name}" in read]


def put(said: tuple[Obligor, ...] | None, one: Obligor) -> tuple[Obligor, ...]:
    """The list with one added, or in the place of the one with the same id."""
    held = said or ()
    if any(item.id == one.id for item in held):
        return tuple(one if item.id == one.id else item for item in held)
    return (*held, one)


def without(said: tuple[Obligor, ...] | None, obligor: uuid.UUID) -> tuple[Obligor, ...] | None:
    """The list without one; with nobody left it is open whether there is anybody: that is said, not guessed."""
    return tuple(item for item in said or () if item.id != obligor) or None


def fault_of(one: Obligor, rulebook: Rulebook) -> str | None:
    """What is wrong with an obligor, as a code; None if nothing is."""
    asked = {fact.name: fact for fact in asked_of_obligors(rulebook)}
    if not one.name.strip():
        return "cases.obligor_unnamed"
    if any(name not in asked for name in one.facts):
        return "cases.obligor_fact"
    off_list = (v for n, v in one.facts.items() if v is not None and asked[n].codes and v not in asked[n].codes)
    return "cases.obligor_fact" if any(True for _ in off_list) else None
