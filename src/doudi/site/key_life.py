"""The life of a key: added, used for writing, everything sealed anew with it, the older one taken out of use.

The register is written as role `migrate`; each act is on record in the audit log.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.key_adapters import store_of
from doudi.core.key_store import VaultError
from doudi.core.vault import HEAD_START, Vault, add_key, open_vault, vault
from doudi.exchange.adapters.signing import NAME as SIGNING
from doudi.exchange.adapters.signing import fingerprint, make_key
from doudi.site.database import acting_as, is_embedded
from doudi.site.key_register import check_keys, known_keys, note_signing_key, register_keys
from doudi.site.key_rotation import Progress, Rotated, rotate, under_key

KINDS = ("field", "blind")


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key as `doudi keys list` tells it."""

    name: str
    state: str
    """writing, waiting (until its instant), reading, fixed, retired or missing."""
    added_at: datetime | None
    rows: int | None
    where: dict[str, int]


def key_lines(*, counted: bool = True) -> list[KeyLine]:
    """Every key of the house and of the register; with how many rows lie under it, if counted."""
    keys = vault()
    registered = {key.name: key for key in known_keys()}
    lines = []
    for name in sorted({*keys.fingerprints(), *registered}, key=_order):
        known = registered.get(name)
        where = under_key(name) if counted and name.startswith(KINDS) else {}
        rows = sum(where.values()) if counted and name.startswith(KINDS) else None
        lines.append(
            KeyLine(name, _state(name, keys, known is not None and known.retired_at is not None),
                    known.added_at if known else None, rows, {place: n for place, n in where.items() if n})
        )  # fmt: skip
    return lines


def add(*, actor: Actor, at: datetime, kind: str, head_start: float = HEAD_START) -> str:
    """A further key; running processes read with it at once and write with it after the head start."""
    store = store_of(settings.HOME)
    check_keys(open_vault(store))
    name = add_key(store, kind, head_start)
    with as_owner():
        register_keys(open_vault(store))
    record_act(actor=actor, verb="site.add_key", subjects=[("key", name)], at=at)
    return name


def add_signing_key(*, actor: Actor, at: datetime) -> str:
    """Another key that signs answers to other systems, where the known one is lost for good: proofs given before no
    longer hold. VaultError while it is there.
    """
    folder = settings.HOME / "keys"
    if fingerprint(folder) is not None:
        raise VaultError("vault.key_in_use", f"{SIGNING} is there; with another, proofs given before would not hold.")
    make_key(folder)
    with as_owner():
        note_signing_key(folder)
    record_act(actor=actor, verb="site.add_key", subjects=[("key", SIGNING)], at=at)
    return SIGNING


def rotate_all(*, actor: Actor, at: datetime, say: Progress) -> Rotated:
    """Everything under the newest keys; the instant from which nothing new came under the older ones is kept."""
    _await_head_start()
    with as_owner(), connection.cursor() as cursor:
        register_keys(vault())
        cursor.execute(
            "UPDATE site_key SET rotated_xid = pg_current_xact_id() WHERE name = ANY(%s) AND rotated_xid IS NULL",
            [_older(vault())],
        )
    done = rotate(say)
    record_act(
        actor=actor, verb="site.rotate_keys", subjects=[("key", name) for name in _writing(vault())], at=at,
        count=done.cells + done.indexes + done.elsewhere, outcome="done" if done.is_whole else "refused",
        reason="" if done.is_whole else "site.rotation_incomplete",
    )  # fmt: skip
    return done


def retire(*, actor: Actor, at: datetime, name: str) -> None:
    """Take a key out of use. VaultError while it writes, while a row lies under it, or while somebody may still be
    writing with it.
    """
    keys = vault()
    if name not in keys.fingerprints() or not name.startswith(KINDS) or name in _writing(keys):
        raise VaultError("vault.key_in_use", f"{name} cannot be retired: it is used for writing, fixed, or no key.")
    _refuse_open_writers(name)
    used = {place: rows for place, rows in under_key(name).items() if rows}
    if used:
        told = ", ".join(f"{place} {rows}" for place, rows in sorted(used.items()))
        raise VaultError("vault.key_in_use", f"{name} is still in use ({told}): run `doudi keys rotate` first.")
    store = store_of(settings.HOME)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE site_key SET retired_at = %s WHERE name = %s", [at, name])
    store.retire(name)  # the register first: a key that is there and said to be retired does no harm
    record_act(actor=actor, verb="site.retire_key", subjects=[("key", name)], at=at)


def _refuse_open_writers(name: str) -> None:
    """A transaction that began before the last rotation may have sealed something under the older key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rotated_xid IS NULL, rotated_xid >= pg_snapshot_xmin(pg_current_snapshot()) "
            "AND rotated_xid <= pg_current_xact_id() FROM site_key WHERE name = %s",
            [name],
        )
        row = cursor.fetchone()
    if row is None or row[0]:
        raise VaultError("vault.key_in_use", f"{name} was not rotated yet: run `doudi keys rotate` first.")
    if row[1]:
        raise VaultError(
            "vault.key_in_use", f"Something that began before the rotation is still being written; retire {name} later."
        )


def _await_head_start() -> None:
    """Until the newest keys write in every process."""
    keys = vault()
    latest = max([0.0, *keys.writes_from.values()])
    if latest > time.time() + 2 * HEAD_START:
        raise VaultError("vault.key_waits", "A key is only used for writing later: rotate when its instant has come.")
    while time.time() < latest:
        time.sleep(0.1)


def _writing(keys: Vault) -> list[str]:
    return [f"{kind}-{keys.writing(kind)}" for kind in KINDS]


def _older(keys: Vault) -> list[str]:
    return [name for name in keys.fingerprints() if name.startswith(KINDS) and name not in _writing(keys)]


def _state(name: str, keys: Vault, is_retired: bool) -> str:
    if name == SIGNING:
        return "fixed" if fingerprint(settings.HOME / "keys") else "missing"
    if name not in keys.fingerprints():
        return "retired" if is_retired else "missing"
    if not name.startswith(KINDS):
        return "fixed"
    if name in _writing(keys):
        return "writing"
    return "waiting" if keys.writes_from.get(name, 0.0) > time.time() else "reading"


def _order(name: str) -> tuple[str, int]:
    kind, _, number = name.partition("-")
    return kind, int(number) if number.isdigit() else 0


@contextmanager
def as_owner() -> Iterator[None]:
    """The register is the owner's: web and work only read it."""
    with acting_as("migrate", settings.HOME) if is_embedded() else nullcontext():
        yield
