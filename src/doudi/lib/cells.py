"""Cells of tables that people open in spreadsheet programs."""

from __future__ import annotations

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would run as a formula; numbers with a sign stay."""
    if len(cell) < 2 or not cell.startswith(_RISKY) or cell.lstrip("+-").replace(",", "").replace(".", "").isdigit():
        return cell
    return "'" + cell
