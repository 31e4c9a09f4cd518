"""Reads of exchange: products, what the register says, who used what."""

from __future__ import annotations

from doudi.exchange.queries.answering import Asked, answers_for, rows_after
from doudi.exchange.queries.products import products
from doudi.exchange.queries.using import board, recent_uses

__all__ = ["Asked", "answers_for", "board", "products", "recent_uses", "rows_after"]
