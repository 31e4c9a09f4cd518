"""The course of a draft, as one table: what may follow what, and who may do it. One approves what another wrote.

drafting → submitted → published, or back to returned with a reason; discarded by its author. A draft that an upgrade
laid out waits as submitted if it checks, else as drafting until an officer takes it over; the next upgrade supersedes
what nobody took.
"""

from __future__ import annotations

from dataclasses import dataclass

STATES = ("drafting", "submitted", "returned", "published", "discarded")
EDITABLE = ("drafting", "returned")
OPEN = ("drafting", "submitted", "returned")
ORIGINS = ("browser", "sheet", "import", "upgrade")


@dataclass(frozen=True, slots=True)
class Move:
    """One act on a draft. `by_author`: only who wrote it; `by_another`: never who wrote it."""

    name: str
    starts: tuple[str, ...]
    ends: str
    permission: str
    by_author: bool = False
    by_another: bool = False
    with_reason: bool = False


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("open", (), "drafting", "rulebook.edit"),
        Move("edit", EDITABLE, "drafting", "rulebook.edit", by_author=True),
        Move("renew", EDITABLE, "drafting", "rulebook.edit", by_author=True),
        Move("take_over", ("drafting", "submitted", "returned"), "drafting", "rulebook.edit"),
        Move("submit", EDITABLE, "submitted", "rulebook.edit", by_author=True),
        Move("withdraw", ("submitted",), "drafting", "rulebook.edit", by_author=True),
        Move("discard", EDITABLE, "discarded", "rulebook.edit", by_author=True),
        Move("supersede", OPEN, "discarded", "rulebook.edit", by_author=True),
        Move("approve", ("submitted",), "published", "rulebook.approve", by_another=True),
        Move("return", ("submitted",), "returned", "rulebook.approve", by_another=True, with_reason=True),
    )
}


def may_follow(state: str, move: str) -> bool:
    """Whether a move may be made in a state."""
    return state in MOVES[move].starts
