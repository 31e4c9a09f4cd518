"""The consoles of the three administrators, as a socket: apps fill boxes, each for the administrator it concerns."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from doudi.core.sockets import Socket

Words = str | Promise


@dataclass(frozen=True, slots=True)
class ConsoleLine:
    """One state: what it is about, how it stands, whether that is well (ok, soon, late or nothing), where to go.

    `code` is the technical name beside the words; `detail` a further line under them.
    """

    label: Words
    value: Words
    state: str = ""
    url: str = ""
    code: str = ""
    detail: Words = ""


@dataclass(frozen=True, slots=True)
class ConsoleBox:
    """One box: a title, its lines, and a link for more. Never personal data, never content of deliveries or keys."""

    name: str
    title: Words
    lines: tuple[ConsoleLine, ...]
    order: int = 100
    url: str = ""
    link: Words = ""
    note: Words = ""


consoles: Socket[ConsoleBox] = Socket("consoles")
"""Fillers take (actor, at) and yield the boxes of the actor's console; nothing for anybody else."""
SYSTEM, SECURITY, AUDIT = "system_administrator", "security_administrator", "audit_administrator"

further_keys: Socket[ConsoleLine] = Socket("console_keys")
"""Fillers take (at) and yield the state of keys beside the vault's: never a key, only what tells it from others."""
