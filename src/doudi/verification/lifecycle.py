"""A check's states and who takes it from one to the next. One table."""

from __future__ import annotations

from dataclasses import dataclass

REQUESTED, ANSWERED, CONCLUDED = STATES = ("requested", "answered", "concluded")


@dataclass(frozen=True, slots=True)
class Transition:
    """An act that takes a check from one state to another; `permission` names who may do it."""

    act: str
    before: str
    after: str
    permission: str


TRANSITIONS = (
    Transition("answer", REQUESTED, ANSWERED, "verification.request"),
    Transition("conclude", ANSWERED, CONCLUDED, "verification.conclude"),
)


def transition(act: str, state: str) -> Transition | None:
    """The transition of an act from a state; None if the state does not allow the act."""
    return next((item for item in TRANSITIONS if (item.act, item.before) == (act, state)), None)
