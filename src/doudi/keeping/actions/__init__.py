"""Writes of keeping: holds placed and lifted, corrections noted and answered, what is due erased."""

from __future__ import annotations

from doudi.keeping.actions.erasing import Erased, erase_due
from doudi.keeping.actions.holding import lift_hold, place_hold
from doudi.keeping.actions.noting import answer_note, note_correction

__all__ = ["Erased", "answer_note", "erase_due", "lift_hold", "note_correction", "place_hold"]
