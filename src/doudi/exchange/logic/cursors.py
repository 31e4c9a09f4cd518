"""A cursor that says nothing: an id turned into another, and back, under a key. Four rounds of a Feistel network, which
with a good keyed digest cannot be told from chance (Luby, Rackoff 1988); what comes out looks like what went in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

Mac = Callable[[bytes], bytes]
HALF, ROUNDS = 8, 4


def turned(plain: UUID, mac: Mac) -> UUID:
    """The id as it is told."""
    return _through(plain, mac, range(ROUNDS))


def turned_back(told: UUID, mac: Mac) -> UUID:
    """The id it stands for."""
    swapped = UUID(bytes=told.bytes[HALF:] + told.bytes[:HALF])
    found = _through(swapped, mac, reversed(range(ROUNDS)))
    return UUID(bytes=found.bytes[HALF:] + found.bytes[:HALF])


def _through(given: UUID, mac: Mac, rounds: Iterable[int]) -> UUID:
    left, right = given.bytes[:HALF], given.bytes[HALF:]
    for number in rounds:
        mixed = mac(bytes([number]) + right)[:HALF]
        left, right = right, bytes(one ^ other for one, other in zip(left, mixed, strict=True))
    return UUID(bytes=left + right)
