"""The rulebook of a place: `resolve` makes it of a policy, once for each content of the policy folder."""

from __future__ import annotations

from hashlib import sha256

from doudi.engine.policy import Policy
from doudi.engine.quantities import OUTCOMES, Parameter, Quantity, Record, Rulebook
from doudi.engine.resolve import resolved

__all__ = ["OUTCOMES", "Parameter", "Quantity", "Record", "Rulebook", "resolve"]

_CACHE: dict[tuple[str, str], Rulebook] = {}
KEPT = 64
"""Rulebooks kept in memory, the oldest dropped first."""


def resolve(policy: Policy, place: str) -> Rulebook:
    """The rulebook of a place: its own rules and figures before those of the areas above. Raises PolicyErrors."""
    key = (policy.hash, place)
    found = _CACHE.get(key)
    if found is None:
        found = _CACHE[key] = resolved(policy, place, sha256(f"{policy.hash}\0{place}".encode()).hexdigest())
        while len(_CACHE) > KEPT:
            _CACHE.pop(next(iter(_CACHE)), None)
    return found
