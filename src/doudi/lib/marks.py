"""The line by which a table that was handed out says who has it: one cell below the last row, known when it returns."""

from __future__ import annotations

BEGINNING = "# 兜底导出 Doudi"


def mark_line(text: str) -> str:
    """The cell that carries a mark."""
    return f"{BEGINNING} · {text}"


def is_mark(cell: str) -> bool:
    """Whether a cell is such a line: a sheet that comes back filled in still has it, and it is no data."""
    return cell.strip().lstrip("'\"").startswith(BEGINNING)
