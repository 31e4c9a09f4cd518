"""What other systems may be let to ask for, and the socket that apps fill with theirs."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.core.sockets import Socket


@dataclass(frozen=True, slots=True)
class KnownScope:
    """A scope of a token: its name, what it is called, and the departments (code, name) that may hold it."""

    name: str
    label: str
    departments: tuple[tuple[str, str], ...]


known_scopes: Socket[KnownScope] = Socket("known_scopes")
"""Fillers take the language of the page, `zh` or `en`."""
