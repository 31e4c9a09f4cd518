"""Cells of tables that people open in spreadsheet programs."""

from __future__ import annotations

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would run as a formula; numbers with a sign stay."""
    return "'" + cell if cell.startswith(_RISKY) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
