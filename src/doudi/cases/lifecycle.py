"""The course of an application, as one table: what may follow what, who may do it, what it needs. No path confirms.

entered → accepted → verified → proposed → reviewed; returned with a reason from anywhere before reviewed. Posting and
confirmation come later: until then no move ends in them. Who holds a permission is said in `accounts.logic.roles`.
"""

from __future__ import annotations

from dataclasses import dataclass

STATES = ("entered", "accepted", "verified", "proposed", "reviewed", "returned")
OPEN = ("entered", "accepted", "verified", "proposed", "returned")
"""Somebody still has something to do."""
BEFORE_OPINION = ("entered", "accepted", "verified", "returned")
"""The engine may be asked anew; later its proposal lies under somebody's opinion and stays as it is."""

WHOLE_DAYS = 30
"""Working days from acceptance to confirmation: 民发〔2021〕57号 第二十二条 (45 in special cases)."""
SOON_FROM = 5
"""Working days left from which a page says so in amber."""


@dataclass(frozen=True, slots=True)
class Move:
    """One act on an application. `by_a_person`: the machine itself may not do it. `needs` names what must be there."""

    name: str
    starts: tuple[str, ...]
    ends: str
    permission: str
    by_a_person: bool = False
    with_reason: bool = False
    needs: tuple[str, ...] = ()


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("enter", (), "entered", "cases.enter"),
        Move("accept", ("entered", "returned"), "accepted", "cases.accept"),
        Move("verify", ("accepted", "verified"), "verified", "cases.verify"),
        Move(
            "propose",
            ("verified", "returned"),
            "proposed",
            "cases.propose",
            by_a_person=True,
            needs=("acceptance", "verification", "assessment"),
        ),
        Move("agree", ("proposed",), "reviewed", "cases.review", by_a_person=True, needs=("another",)),
        Move(
            "send_back",
            ("proposed",),
            "returned",
            "cases.review",
            by_a_person=True,
            with_reason=True,
            needs=("another",),
        ),
        Move("return", ("entered", "accepted", "verified"), "returned", "cases.return", with_reason=True),
    )
}


def may_follow(state: str, move: str) -> bool:
    """Whether a move may be made in a state."""
    return state in MOVES[move].starts


def next_moves(state: str) -> tuple[str, ...]:
    """The moves that may be made in a state, in the order of the table."""
    return tuple(name for name, move in MOVES.items() if state in move.starts)


def reachable() -> frozenset[str]:
    """Every state some path from entering leads to."""
    found = {MOVES["enter"].ends}
    while True:
        further = {move.ends for move in MOVES.values() if found & set(move.starts)}
        if further <= found:
            return frozenset(found)
        found |= further
