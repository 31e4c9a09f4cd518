"""The watermark: who, where, when, what for, and the number under which the log knows the file."""

from __future__ import annotations

from dataclasses import dataclass

IMPERSONAL = ("rulebook.", "accounts.", "areas.", "audit.", "core.", "public", "signed_in", "exchange.", "insight.read",
              "insight.simulate", "sources.receive")  # fmt: skip
"""Permissions (beginnings) of pages that show nobody's data. Whatever is not among them is marked: a new page is."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn on a file. All of it is text in the reader's language; nothing is evaluated."""

    who: str
    unit: str
    at: str
    purpose: str
    number: str

    def line(self) -> str:
        """One line, the same in a table, on paper and in a workbook's foot."""
        return " · ".join(part for part in (self.who, self.unit, self.at, self.purpose, self.number) if part)


def shows_people(permission: str) -> bool:
    """Whether a page under this permission may show somebody's data."""
    return bool(permission) and not permission.startswith(IMPERSONAL)
