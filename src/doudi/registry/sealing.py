"""What was said, sealed and opened: values of declarations, and who is obliged to support whom."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable

from doudi.core.vault import vault
from doudi.registry.logic.obligors import Obligor, from_data, to_data


def value_context(declaration: uuid.UUID) -> str:
    """AAD of a declared value."""
    return f"registry_declaration|value|{declaration}"


def obligors_context(statement: uuid.UUID) -> str:
    """AAD of a list of those obliged."""
    return f"registry_obligorstatement|obligors|{statement}"


def sealed_value(declaration: uuid.UUID, value: str | None) -> bytes | None:
    """A declared value as it is stored; None, asked and not known, stays None."""
    return None if value is None else vault().encrypt(value_context(declaration), value.encode())


def declared_value(declaration: uuid.UUID, stored: bytes | memoryview[int] | None) -> str | None:
    """The value of a stored declaration."""
    return None if stored is None else vault().decrypt(value_context(declaration), bytes(stored)).decode()


def sealed_obligors(statement: uuid.UUID, obligors: Iterable[Obligor]) -> bytes:
    """A list of those obliged as it is stored."""
    plain = json.dumps(to_data(obligors), ensure_ascii=False)
    return vault().encrypt(obligors_context(statement), plain.encode())


def opened_obligors(statement: uuid.UUID, stored: bytes | memoryview[int]) -> tuple[Obligor, ...]:
    """The list of a stored statement."""
    return from_data(json.loads(vault().decrypt(obligors_context(statement), bytes(stored))))
