"""`doudi audit verify`: the whole log read again and held against everything that was signed, here and outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from multiprocessing import get_context

from django.db import connection, connections

from doudi.audit.adapters.holders import FolderHolder
from doudi.audit.adapters.signing import is_signed_by
from doudi.audit.logic.checking import CHUNK, Checked, Finding, Stack, StoredEntry, check_range, tile_findings
from doudi.audit.logic.notes import BadNote, PublicKey, parse
from doudi.audit.logic.time_told import ACCEPTED, JITTER
from doudi.audit.models import Checkpoint, Entry, Leaf, Tile
from doudi.audit.queries.tree import hash_name, size
from doudi.lib.merkle import HASHES

AT_ONCE = 4096
_ROWS = """
SELECT l.position, l.entry_id, l.hash, coalesce(e.id, l.entry_id), e.at, e.account_id, e.actor_name, e.role,
  e.area_code, e.purpose, e.verb, e.outcome, e.reason, e.count, e.before_digest, e.after_digest, e.content_digest,
  e.mark, e.canonical, s.subjects
FROM audit_leaf l LEFT JOIN audit_entry e ON e.id = l.entry_id
LEFT JOIN LATERAL (SELECT array_agg(ARRAY[kind, subject]::text[]) AS subjects FROM audit_subject
  WHERE entry_id = l.entry_id) s ON true
WHERE l.position >= %s AND l.position < %s ORDER BY l.position"""
_STRAYS = {
    "entry_unplaced": """SELECT e.id FROM audit_entry e WHERE NOT EXISTS (SELECT 1 FROM audit_leaf l
        WHERE l.entry_id = e.id) AND NOT EXISTS (SELECT 1 FROM audit_waiting w WHERE w.entry_id = e.id)""",
    "waiting_without_entry": """SELECT w.entry_id FROM audit_waiting w WHERE NOT EXISTS (SELECT 1 FROM audit_entry e
        WHERE e.id = w.entry_id)""",
    "checkpoint_missing": """SELECT h.size FROM audit_holding h WHERE NOT EXISTS (SELECT 1 FROM audit_checkpoint c
        WHERE c.size = h.size)""",
    "subject_without_entry": """SELECT DISTINCT s.entry_id FROM audit_subject s WHERE NOT EXISTS (SELECT 1
        FROM audit_entry e WHERE e.id = s.entry_id)""",
}


@dataclass(frozen=True, slots=True)
class Report:
    """How many entries and checkpoints were checked, and what was found; nothing found is the good answer."""

    size: int
    waiting: int
    checkpoints: int
    held: int
    findings: list[Finding]
    turned_back: list[TurnedBack]


@dataclass(frozen=True, slots=True)
class TurnedBack:
    """A checkpoint that bears an earlier time than the one before it, under an entry that says why."""

    size: int
    at: datetime
    before: datetime
    entry: str


@dataclass(frozen=True, slots=True)
class Word:
    """A checkpoint that the log must fit: a signed one of the database, or one held outside."""

    size: int
    root: bytes
    kind: str
    at: datetime


def check_log(
    *,
    key: PublicKey,
    held: Iterable[FolderHolder] = (),
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Report:
    """Reads everything. `held` are folders with checkpoints that the house could not change."""
    findings: list[Finding] = []
    own = [*_own_words(key, findings)]
    outside = [*_held_words(key, held, findings)]
    whole = size()
    strays = [*_strays()]
    turned = [*_turned_back(own, findings)]
    signed_at = {word.size: word.at for word in own}
    resigned = (word for word in outside if signed_at.get(word.size, word.at) != word.at)
    findings += [Finding("held_history_differs", word.size, word.size) for word in resigned]
    words = sorted((word for word in (*own, *outside)), key=lambda word: word.size)
    found, good = _checked(whole, [word for word in words if word.size <= whole], workers, progress)
    # entries are gone, at the end or with the gap closed: anywhere behind the last checkpoint that the log still fits
    findings += [Finding("log_cut", good, word.size - 1) for word in words if word.size > whole]
    findings += found
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_waiting")
        waiting = int(cursor.fetchone()[0])
    return Report(whole, waiting, len(own), len(outside), findings + strays, turned)


def _turned_back(own: Sequence[Word], findings: list[Finding]) -> Iterator[TurnedBack]:
    """Where time went back from one checkpoint to the next; without an entry between them that says so, a finding."""
    for before, word in pairwise(own):
        if word.at >= before.at - JITTER:
            continue
        between = Leaf.objects.filter(position__gte=before.size, position__lt=word.size).values("entry_id")
        said = Entry.objects.filter(id__in=between, verb=ACCEPTED).first()
        if said is None:
            findings.append(Finding("time_went_back", before.size, word.size - 1))
        else:
            yield TurnedBack(word.size, word.at, before.at, str(said.id))


def _checked(
    whole: int, words: Sequence[Word], workers: int, progress: Callable[[int, int], None]
) -> tuple[list[Finding], int]:
    """All ranges, then what only the whole can tell, tiles and roots; and the largest size whose checkpoint fits."""
    hashed = HASHES[hash_name()]
    findings: list[Finding] = []
    tiles: list[bytes] = []
    before, good = Stack(hashed), 0
    sizes = [word.size for word in words]
    broken = False
    for begin, checked in _ranges(whole, sizes, workers):
        findings += checked.findings
        tiles += checked.tiles
        for word in (word for word in words if begin < word.size <= begin + CHUNK and word.size in checked.at_size):
            if before.root(checked.at_size[word.size]) == word.root:
                good = word.size
            else:
                findings.append(Finding(word.kind, good, word.size - 1))
        broken = broken or any(one.kind == "leaf_missing" for one in checked.findings)
        for height, found in checked.end:
            before.push(height, found)
        progress(min(begin + CHUNK, whole), whole)
        if broken:
            break
    if not broken:
        stored = {(one.level, one.number): bytes(one.hash) for one in Tile.objects.iterator()}
        findings += tile_findings(tiles, stored, size(), hashed)
    return findings, good


def _ranges(whole: int, sizes: Sequence[int], workers: int) -> Iterator[tuple[int, Checked]]:
    begins = range(0, whole, CHUNK)
    asked = [(begin, min(begin + CHUNK, whole), [s for s in sizes if begin < s <= begin + CHUNK]) for begin in begins]
    if workers <= 1 or len(asked) < 2:
        for one in asked:
            yield one[0], range_checked(*one)
        return
    connections.close_all()
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from zip(begins, pool.map(range_checked, *zip(*asked, strict=True)), strict=True)


def range_checked(begin: int, end: int, sizes: Sequence[int]) -> Checked:
    """One range, read in portions."""
    return check_range(begin, end, _rows(begin, end), sizes, HASHES[hash_name()])


def _rows(begin: int, end: int) -> Iterator[StoredEntry]:
    with connection.cursor() as cursor:
        for first in range(begin, end, AT_ONCE):
            cursor.execute(_ROWS, [first, min(first + AT_ONCE, end)])
            for row in cursor.fetchall():
                yield StoredEntry(*row)


def _own_words(key: PublicKey, findings: list[Finding]) -> Iterator[Word]:
    """The database's own checkpoints, each as it was signed."""
    for one in Checkpoint.objects.order_by("size").iterator():
        try:
            note, is_whole = parse(one.note)[0], is_signed_by(key, one.note)
        except BadNote:
            findings.append(Finding("checkpoint_altered", one.size, one.size))
            continue
        if not is_whole or (note.size, note.root, note.at) != (one.size, bytes(one.root), one.at):
            findings.append(Finding("checkpoint_altered", one.size, one.size))
        else:
            yield Word(note.size, note.root, "history_differs", note.at)


def _held_words(key: PublicKey, held: Iterable[FolderHolder], findings: list[Finding]) -> Iterator[Word]:
    """Checkpoints outside: one that is not signed by the log's key is a finding, too."""
    for holder in held:
        for note, text in holder.notes():
            if is_signed_by(key, text):
                yield Word(note.size, note.root, "held_history_differs", note.at)
            else:
                findings.append(Finding("held_not_signed", note.size, note.size))


def _strays() -> Iterator[Finding]:
    """What belongs to no place: entries slipped in, entries taken away before they had one, subjects of nothing."""
    for kind, query in _STRAYS.items():
        with connection.cursor() as cursor:
            cursor.execute(query)
            for (what,) in cursor.fetchall():
                yield Finding(kind, what - 1, what - 1) if isinstance(what, int) else Finding(kind, entry=str(what))
