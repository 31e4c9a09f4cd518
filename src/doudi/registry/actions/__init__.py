"""Every write of the registry; each is one transaction with one audit entry."""

from __future__ import annotations

from doudi.registry.actions.family import (
    add_member,
    change_head,
    merge_households,
    move_household,
    remove_member,
    split_household,
)
from doudi.registry.actions.households import form_hukou_households, form_unit, form_units
from doudi.registry.actions.identity import add_bank_account, correct_number, merge_persons, rename_person
from doudi.registry.actions.people import register_people, register_unnumbered
from doudi.registry.actions.statements import (
    end_label,
    record_declaration,
    record_declarations,
    record_obligors,
    set_labels,
    set_obligation,
)
from doudi.registry.actions.upkeep import refresh_statistics

__all__ = [
    "add_bank_account",
    "add_member",
    "change_head",
    "correct_number",
    "end_label",
    "form_hukou_households",
    "form_unit",
    "form_units",
    "merge_households",
    "merge_persons",
    "move_household",
    "record_declaration",
    "record_declarations",
    "record_obligors",
    "refresh_statistics",
    "register_people",
    "register_unnumbered",
    "remove_member",
    "rename_person",
    "set_labels",
    "set_obligation",
    "split_household",
]
