"""Whose rows may be seen: the area bounds of whoever acts, told to the database with every transaction.

The policies of the tables compare a row's area with `doudi.lo` and `doudi.hi`; where nothing was told they let nothing
through. Who tells them: the middleware for a request (the acting grant), a command and a job for themselves (the
machine, by `acting(Actor.system())`), and nobody else. How they reach the database is `core.postgresql`'s affair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from doudi.core.actor import NOWHERE, Actor

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LAST = "z"
"""Comes after every area code, whatever the collation: they are digits."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Half-open range of area codes: `lo <= area < hi`."""

    lo: str
    hi: str

    def __post_init__(self) -> None:
        if not all(text == "" or text == LAST or (text.isascii() and text.isdigit()) for text in (self.lo, self.hi)):
            raise ValueError("bounds are area codes")

    def covers(self, other: Bounds) -> bool:
        """Whether another range lies within this one; what is empty lies within any."""
        return other == NOTHING or (self.lo <= other.lo and other.hi <= self.hi)


class WiderContext(RuntimeError):
    """Something tried to act for more than the grant it runs under."""

    code = "core.wider_context"


EVERYWHERE = Bounds("", LAST)
NOTHING = Bounds("", "")
_BOUNDS: ContextVar[Bounds | None] = ContextVar("doudi_row_bounds", default=None)


def bounds_now() -> Bounds | None:
    """The bounds of this moment; None where nobody has said for whom it is."""
    return _BOUNDS.get()


def bounds_of(actor: Actor | None) -> Bounds:
    """The bounds of an actor. Only the machine itself is everywhere: a grant without an area sees nothing."""
    if actor is None:
        return NOTHING
    if actor == Actor.system():
        return EVERYWHERE
    area = actor.people_area
    return Bounds(area, after(area)) if area and area != NOWHERE else NOTHING


def after(area: str) -> str:
    """The first code behind all that begin with an area, in digits: 990109 → 99011."""
    front = area.rstrip("9")
    return front[:-1] + str(int(front[-1]) + 1) if front else LAST


@contextmanager
def acting(actor: Actor | None) -> Iterator[None]:
    """For this actor from here on. Within a context it can only become narrower (WiderContext)."""
    held, wanted = _BOUNDS.get(), bounds_of(actor)
    if held is not None and not held.covers(wanted):
        raise WiderContext("a context was set already, and it is narrower")
    token = _BOUNDS.set(wanted)
    try:
        yield
    finally:
        _BOUNDS.reset(token)


@contextmanager
def everywhere(_why: str) -> Iterator[None]:
    """The few acts that cross areas by their nature (somebody moves away, an account's day is counted), which say why.

    A test lists who may call it. Where no context was set it sets none.
    """
    token = _BOUNDS.set(None if _BOUNDS.get() in (None, NOTHING) else EVERYWHERE)
    try:
        yield
    finally:
        _BOUNDS.reset(token)


class BoundToGrant:
    """Middleware, after the one that puts `actor` on the request: every statement from there on is within the grant."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(getattr(request, "actor", None)):
            return self._get_response(request)
