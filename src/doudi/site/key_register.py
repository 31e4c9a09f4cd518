"""Which keys a database was written with: names and fingerprints, never keys.

A start with keys that do not fit the database is refused before anything is written with them. A retired key may be
missing: nothing that is in the database was written with it any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from doudi.core.actor import Actor
from doudi.core.row_context import acting
from doudi.core.sealed import SealedColumn, sealed_columns
from doudi.core.vault import Vault, VaultError
from doudi.exchange.adapters.signing import NAME as SIGNING
from doudi.exchange.adapters.signing import fingerprint, make_key

TABLE = """CREATE TABLE IF NOT EXISTS site_key (name text PRIMARY KEY, fingerprint bytea NOT NULL);
ALTER TABLE site_key ADD COLUMN IF NOT EXISTS added_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN IF NOT EXISTS rotated_xid xid8, ADD COLUMN IF NOT EXISTS retired_at timestamptz;
REVOKE INSERT, UPDATE, DELETE ON site_key FROM web, work"""
SAMPLED_FROM = 200_000
"""Tables with more rows than this are looked through by a sample at start."""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """One key as the register knows it."""

    name: str
    fingerprint: bytes
    added_at: datetime
    retired_at: datetime | None


def register_keys(vault: Vault) -> None:
    """Adds new keys to the register (as `migrate`), after checking that the known ones are here and the same."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        check_keys(vault)
        check_ciphertexts(vault)
        for name, fingerprint in vault.fingerprints().items():
            statement = "INSERT INTO site_key (name, fingerprint) VALUES (%s, %s) ON CONFLICT DO NOTHING"
            cursor.execute(statement, [name, fingerprint])


def register_signing_key(folder: Path) -> None:
    """Makes the key that signs answers to other systems where none was ever known (as `migrate`, after
    `register_keys`). VaultError when another one is there than the one that is known: its proofs would not hold. A lost
    one stops no family's help: answers are refused until it is back, or `doudi keys add exchange` made another.
    """
    known = {key.name: bytes(key.fingerprint) for key in known_keys()}.get(SIGNING)
    if known is None:
        make_key(folder)
        note_signing_key(folder)
    elif fingerprint(folder) not in (None, known):
        raise VaultError(
            "vault.key_unknown",
            f"{SIGNING} in HOME/keys is not the one with which answers to other systems were signed. "
            "Put the right one back, or take this one away; nothing was started.",
        )


def note_signing_key(folder: Path) -> None:
    """From now on the key that is there is the known one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO site_key (name, fingerprint) VALUES (%s, %s) ON CONFLICT (name) "
            "DO UPDATE SET fingerprint = excluded.fingerprint, added_at = now()",
            [SIGNING, fingerprint(folder)],
        )


def known_keys() -> list[KnownKey]:
    """The register, by name."""
    return [KnownKey(*row) for row in _rows("SELECT name, fingerprint, added_at, retired_at FROM site_key ORDER BY 1")]


def check_keys(vault: Vault) -> None:
    """VaultError when the database knows a key that this house lacks or has otherwise, or has retired one in use."""
    here = vault.fingerprints()
    wrong = [
        key.name
        for key in known_keys()
        if key.name != SIGNING
        and (here.get(key.name) != bytes(key.fingerprint) and not (key.retired_at and key.name not in here))
    ]
    if wrong:
        raise VaultError(
            "vault.key_unknown",
            f"The database was written with other keys than those of this house ({', '.join(wrong)}). "
            "Put the right keys back; nothing was started.",
        )


def check_ciphertexts(vault: Vault) -> None:
    """VaultError when a row was written with a key that this house lacks. Large tables are looked at by a sample; all
    rows are counted by `doudi keys list`.
    """
    with acting(Actor.system()):
        _check_each(vault, _tables())


def _check_each(vault: Vault, there: dict[str, float]) -> None:
    for column in sealed_columns():
        if column.table not in there:
            continue
        sample = "TABLESAMPLE SYSTEM (1)" if there[column.table] > SAMPLED_FROM else ""
        unknown = sorted(number for number, _rows in key_uses(column, sample) if number not in vault.fields)
        if unknown:
            raise VaultError(
                "vault.key_unknown",
                f"Rows of {column.table} were written with field-{unknown[0]}, which is not among the keys of this "
                "house. Put it back; nothing was started.",
            )


def key_uses(column: SealedColumn, sample: str = "") -> list[tuple[int, int]]:
    """(key number, rows) of a column."""
    statement = (
        f'SELECT substring("{column.column}" FROM 1 FOR 4), count(*) FROM "{column.table}" {sample} '  # noqa: S608
        f'WHERE "{column.column}" IS NOT NULL GROUP BY 1 ORDER BY 1'
    )
    return [(int.from_bytes(bytes(head)), count) for head, count in _rows(statement)]


def index_uses(column: SealedColumn) -> list[tuple[int, int]]:
    """(blind key number, rows) of a column's blind index."""
    if not column.index:
        return []
    statement = (
        f'SELECT substring("{column.index}" FROM 1 FOR 4), count(*) FROM "{column.table}" '  # noqa: S608
        f'WHERE "{column.index}" IS NOT NULL GROUP BY 1 ORDER BY 1'
    )
    return [(int.from_bytes(bytes(head)), count) for head, count in _rows(statement)]


def _tables() -> dict[str, float]:
    """Tables there are, with the planner's idea of their rows."""
    statement = "SELECT relname, reltuples FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    return dict(_rows(statement))


def _rows(statement: str) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
