"""Whose rows may be seen: the area bounds of whoever acts, told to the database with every transaction.

The policies of the tables compare a row's area with `doudi.lo` and `doudi.hi`; where nothing was told they let nothing
through. The audit log is told apart: `doudi.log` says whether it may be read at all. Who tells them: the middleware for
a request (the acting grant), a command and a job for themselves (the machine, by `acting(Actor.system())`), and nobody
else. How they reach the database is `core.postgresql`'s affair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from doudi.core.actor import NOWHERE, Actor

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LAST = "z"
"""Comes after every area code, whatever the collation: they are digits."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Half-open range of area codes, `lo <= area < hi`; and whether the audit log may be read."""

    lo: str
    hi: str
    log: bool = False

    def __post_init__(self) -> None:
        if not all(text == "" or text == LAST or (text.isascii() and text.isdigit()) for text in (self.lo, self.hi)):
            raise ValueError("bounds are area codes")

    def covers(self, other: Bounds) -> bool:
        """Whether another range lies within this one; what is empty lies within any."""
        is_within = other.hi == "" or (self.lo <= other.lo and other.hi <= self.hi)
        return is_within and (self.log or self == EVERYWHERE or not other.log)


class WiderContext(RuntimeError):
    """Something tried to act for more than the grant it runs under."""

    code = "core.wider_context"


LOG_READERS = ("auditor", "audit_administrator")
"""Roles whose grants open the audit log: those of `audit.read` in the access policy, as a test says."""
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
    area, reads = actor.people_area, actor.role in LOG_READERS
    return Bounds(area, after(area), reads) if area and area != NOWHERE else Bounds("", "", reads)


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
    held = _BOUNDS.get()
    token = _BOUNDS.set(None if held is None or held.hi == "" else EVERYWHERE)
    try:
        yield
    finally:
        _BOUNDS.reset(token)


@contextmanager
def reading_log(_why: str) -> Iterator[None]:
    """The few reads of the audit log for others than its readers (what a person is told of looks at them), which say
    why. A test lists who may call it. Where no context was set it sets none.
    """
    held = _BOUNDS.get()
    token = _BOUNDS.set(held and replace(held, log=True))
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
