"""Every use of a data product; each leaves one audit entry."""

from __future__ import annotations

from doudi.exchange.actions.allowing import count_call
from doudi.exchange.actions.answering import answer_question
from doudi.exchange.actions.reading import read_rows
from doudi.exchange.actions.refusing import note_refusal, note_turned_away
from doudi.exchange.actions.subscribing import end_subscription, read_changes, subscribe

__all__ = [
    "answer_question", "count_call", "end_subscription", "note_refusal", "note_turned_away", "read_changes",
    "read_rows", "subscribe",
]  # fmt: skip
