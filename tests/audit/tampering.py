"""Somebody with the database superuser's rights, who changes the log: each way once, at a place that chance names."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

Superuser = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Tamper:
    """What was done, and where it must be found: a place in the log, or an entry."""

    what: str
    position: int | None = None
    entry: str = ""


Way = Callable[[Superuser, random.Random, int], Tamper]
WAYS: list[Way] = []
_TEXTS = ("account_id", "actor_name", "role", "area_code", "purpose", "verb", "outcome", "content_digest", "mark")


def way(made: Way) -> Way:
    """One of the ways."""
    WAYS.append(made)
    return made


def _entry_at(database: Superuser, position: int) -> str:
    row = database.execute("SELECT entry_id FROM audit_leaf WHERE position = %s", (position,)).fetchone()
    assert row is not None
    return str(row[0])


def _flipped(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


@way
def a_byte_of_the_canonical_bytes(database: Superuser, chance: random.Random, size: int) -> Tamper:
    position = chance.randrange(size)
    entry = _entry_at(database, position)
    row = database.execute("SELECT canonical FROM audit_entry WHERE id = %s", (entry,)).fetchone()
    assert row is not None and isinstance(row[0], bytes)
    database.execute("UPDATE audit_entry SET canonical = %s WHERE id = %s", (_flipped(row[0], chance), entry))
    return Tamper("a byte of the canonical bytes", position, entry)


@way
def a_letter_of_a_column(database: Superuser, chance: random.Random, size: int) -> Tamper:
    position, column = chance.randrange(size), chance.choice(_TEXTS)
    entry = _entry_at(database, position)
    database.execute(f"UPDATE audit_entry SET {column} = left({column} || 'x', 12) || 'y' WHERE id = %s", (entry,))  # type: ignore[arg-type]
    return Tamper(f"column {column}", position, entry)


@way
def the_instant(database: Superuser, chance: random.Random, size: int) -> Tamper:
    position = chance.randrange(size)
    entry = _entry_at(database, position)
    database.execute("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = %s", (entry,))
    return Tamper("the instant", position, entry)


@way
def a_number_or_digest(database: Superuser, chance: random.Random, size: int) -> Tamper:
    position = chance.randrange(size)
    entry = _entry_at(database, position)
    change = chance.choice(["count = coalesce(count, 0) + 1", r"before_digest = '\x00'", r"after_digest = '\x00'"])
    database.execute(f"UPDATE audit_entry SET {change} WHERE id = %s", (entry,))  # type: ignore[arg-type]
    return Tamper(change, position, entry)


@way
def what_it_is_about(database: Superuser, chance: random.Random, size: int) -> Tamper:
    position = chance.randrange(size)
    entry = _entry_at(database, position)
    change = chance.choice([
        "UPDATE audit_subject SET subject = subject || '0' WHERE entry_id = %s",
        "UPDATE audit_subject SET kind = 'person' WHERE entry_id = %s",
        "DELETE FROM audit_subject WHERE entry_id = %s",
        "INSERT INTO audit_subject (entry_id, kind, subject) VALUES (%s, 'household', 'another')",
    ])  # fmt: skip
    database.execute(change, (entry,))  # type: ignore[arg-type]
    return Tamper(change[:6], position, entry)


@way
def an_entry_taken_away(database: Superuser, chance: random.Random, size: int) -> Tamper:
    position = chance.randrange(size)
    entry = _entry_at(database, position)
    database.execute("DELETE FROM audit_entry WHERE id = %s", (entry,))
    return Tamper("an entry taken away", position, entry)


@way
def an_entry_and_its_leaf_taken_away(database: Superuser, chance: random.Random, size: int) -> Tamper:
    position = chance.randrange(size)
    entry = _entry_at(database, position)
    database.execute("DELETE FROM audit_subject WHERE entry_id = %s", (entry,))
    database.execute("DELETE FROM audit_entry WHERE id = %s", (entry,))
    database.execute("DELETE FROM audit_leaf WHERE position = %s", (position,))
    return Tamper("an entry and its leaf taken away", position)


@way
def an_entry_and_its_leaf_taken_away_and_the_gap_closed(
    database: Superuser, chance: random.Random, size: int
) -> Tamper:
    position = chance.randrange(size - 1)
    an_entry = _entry_at(database, position)
    database.execute("DELETE FROM audit_subject WHERE entry_id = %s", (an_entry,))
    database.execute("DELETE FROM audit_entry WHERE id = %s", (an_entry,))
    database.execute("DELETE FROM audit_leaf WHERE position = %s", (position,))
    database.execute("UPDATE audit_leaf SET position = -position WHERE position > %s", (position,))
    database.execute("UPDATE audit_leaf SET position = -position - 1 WHERE position < 0")
    return Tamper("the gap closed", position)


@way
def an_entry_slipped_in(database: Superuser, chance: random.Random, size: int) -> Tamper:
    entry = _entry_at(database, chance.randrange(size))
    row = database.execute(
        "INSERT INTO audit_entry SELECT (e).* FROM (SELECT jsonb_populate_record(a, jsonb_build_object("
        "'id', gen_random_uuid(), 'verb', 'cases.slipped_in')) AS e FROM audit_entry a WHERE id = %s) made "
        "RETURNING id",
        (entry,),
    ).fetchone()
    assert row is not None
    database.execute("DELETE FROM audit_waiting WHERE entry_id = %s", (row[0],))
    return Tamper("an entry slipped in", None, str(row[0]))


@way
def two_leaves_swapped(database: Superuser, chance: random.Random, size: int) -> Tamper:
    first, second = sorted(chance.sample(range(size), 2))
    rows = [
        database.execute("SELECT entry_id, hash, since FROM audit_leaf WHERE position = %s", (at,)).fetchone()
        for at in (first, second)
    ]
    assert all(rows)
    database.execute("DELETE FROM audit_leaf WHERE position IN (%s, %s)", (first, second))
    for at, row in zip((second, first), rows, strict=True):
        assert row is not None
        database.execute("INSERT INTO audit_leaf (position, entry_id, hash, since) VALUES (%s, %s, %s, %s)", (at, *row))
    return Tamper("two leaves swapped", first)


@way
def a_byte_of_a_leaf(database: Superuser, chance: random.Random, size: int) -> Tamper:
    position = chance.randrange(size)
    row = database.execute("SELECT hash FROM audit_leaf WHERE position = %s", (position,)).fetchone()
    assert row is not None and isinstance(row[0], bytes)
    database.execute("UPDATE audit_leaf SET hash = %s WHERE position = %s", (_flipped(row[0], chance), position))
    return Tamper("a byte of a leaf", position)


@way
def an_entry_rewritten_with_its_leaf(database: Superuser, chance: random.Random, size: int) -> Tamper:
    """Consistent in itself: only what was signed tells."""
    position = chance.randrange(size)
    entry = _entry_at(database, position)
    database.execute(
        "UPDATE audit_entry SET verb = 'cases.rewritten', canonical = convert_to(regexp_replace("
        'convert_from(canonical, \'UTF8\'), \'"verb":"[^"]*"\', \'"verb":"cases.rewritten"\'), \'UTF8\') WHERE id = %s',
        (entry,),
    )
    database.execute(
        r"UPDATE audit_leaf SET hash = sha256('\x00'::bytea || "
        "(SELECT canonical FROM audit_entry WHERE id = entry_id)) WHERE position = %s",
        (position,),
    )
    return Tamper("an entry rewritten with its leaf", position)


@way
def the_end_cut_off(database: Superuser, chance: random.Random, size: int) -> Tamper:
    position = chance.randrange(1, size)
    gone = "SELECT entry_id FROM audit_leaf WHERE position >= %s"
    database.execute(f"DELETE FROM audit_subject WHERE entry_id IN ({gone})", (position,))  # type: ignore[arg-type]
    database.execute(f"DELETE FROM audit_entry WHERE id IN ({gone})", (position,))  # type: ignore[arg-type]
    database.execute("DELETE FROM audit_leaf WHERE position >= %s", (position,))
    database.execute("DELETE FROM audit_tile WHERE (number + 1) * 256 > %s AND level = 1", (position,))
    return Tamper("the end cut off", position)


@way
def a_tile(database: Superuser, chance: random.Random, size: int) -> Tamper:
    number = chance.randrange(size // 256)
    change = chance.choice([
        r"UPDATE audit_tile SET hash = sha256('\x00'::bytea) WHERE number = %s",
        "DELETE FROM audit_tile WHERE number = %s",
    ])  # fmt: skip
    database.execute(change, (number,))  # type: ignore[arg-type]
    return Tamper("a tile", number * 256 + chance.randrange(256))


@way
def a_checkpoint(database: Superuser, chance: random.Random, size: int) -> Tamper:
    row = database.execute("SELECT size FROM audit_checkpoint ORDER BY random() LIMIT 1").fetchone()
    assert row is not None and isinstance(row[0], int)
    change = chance.choice([
        r"root = sha256('\x00'::bytea)", "at = at + interval '1 hour'",
        "note = replace(note, 'time 2026', 'time 2025')",
        "note = left(note, -5) || 'AAAA' || right(note, 1)",
    ])  # fmt: skip
    database.execute(f"UPDATE audit_checkpoint SET {change} WHERE size = %s", (row[0],))  # type: ignore[arg-type]
    return Tamper("a checkpoint", row[0])
