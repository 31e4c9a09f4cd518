"""What a check of the log finds: every entry against its leaf, every leaf against the roots that were signed.

Pure: rows come in, findings go out. A range can be checked by itself (begin at a multiple of CHUNK) and beside others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from doudi.audit.logic.canonical import canonical_bytes, format_of
from doudi.lib.merkle import TILE, Hash, leaf_hash, node_hash, root_of

CHUNK = TILE * TILE


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where: a span of places in the log (both ends included), an entry, or both."""

    kind: str
    first: int | None = None
    last: int | None = None
    entry: str = ""

    def to_json(self) -> dict[str, object]:
        return {"kind": self.kind, "first": self.first, "last": self.last, "entry": self.entry or None}


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A leaf with its entry as the database has them; `canonical` is None where the entry is gone."""

    position: int
    entry_id: UUID
    hash: bytes
    id: UUID
    at: datetime
    account_id: str
    actor_name: str
    role: str
    area_code: str
    purpose: str
    verb: str
    outcome: str
    reason: str
    count: int | None
    before_digest: bytes | None
    after_digest: bytes | None
    content_digest: str
    mark: str
    canonical: bytes | None
    subjects: Sequence[Sequence[str]] | None


@dataclass(slots=True)
class Stack:
    """Roots of the complete subtrees of a row of leaves, the largest first: what a root is folded from."""

    hashed: Hash
    parts: list[tuple[int, bytes]] = field(default_factory=list)

    def push(self, height: int, found: bytes) -> None:
        """A complete subtree more on the right."""
        parts = self.parts
        while parts and parts[-1][0] == height:
            found = node_hash(parts.pop()[1], found, self.hashed)
            height += 1
        parts.append((height, found))

    def root(self, more: Sequence[tuple[int, bytes]] = ()) -> bytes:
        """The root over these parts and some further ones on the right."""
        hashes = [found for _height, found in (*self.parts, *more)]
        if not hashes:
            return self.hashed(b"")
        root = hashes.pop()
        while hashes:
            root = node_hash(hashes.pop(), root, self.hashed)
        return root


@dataclass(frozen=True, slots=True)
class Checked:
    """What a range gave: findings, the roots of its tiles, its parts at its end and at each size asked for."""

    findings: list[Finding]
    tiles: list[bytes]
    end: list[tuple[int, bytes]]
    at_size: dict[int, list[tuple[int, bytes]]]


def check_range(begin: int, end: int, rows: Iterable[StoredEntry], sizes: Sequence[int], hashed: Hash) -> Checked:
    """Checks the places from `begin` on, before `end`, in order. A place without a leaf is a finding and ends it: roots
    beyond it cannot be known.
    """
    findings: list[Finding] = []
    stack, tiles, tile, wanted = Stack(hashed), [], [], set(sizes)
    at_size: dict[int, list[tuple[int, bytes]]] = {}
    due = begin
    for row in rows:
        if row.position != due:
            break
        wrong = fault_of(row, hashed)
        if wrong:
            findings.append(Finding(wrong, row.position, row.position, str(row.entry_id)))
        stack.push(0, row.hash)
        tile.append(row.hash)
        if len(tile) == TILE:
            tiles.append(root_of(tile, hashed))
            tile = []
        due += 1
        if due in wanted:
            at_size[due] = list(stack.parts)
    if due < end:
        findings.append(Finding("leaf_missing", due, due))
    return Checked(findings, tiles, stack.parts, at_size)


def fault_of(row: StoredEntry, hashed: Hash) -> str:
    """What is wrong with one entry and its leaf; empty when nothing is."""
    if row.canonical is None:
        return "entry_missing"
    if leaf_hash(row.canonical, hashed) != row.hash:
        return "entry_altered"
    subjects = [(kind, subject) for kind, subject in row.subjects or ()]
    if canonical_bytes(row, subjects, format_of(row.canonical)) != row.canonical:
        return "columns_altered"
    return ""


def tile_findings(
    computed: Sequence[bytes], stored: dict[tuple[int, int], bytes], size_now: int, hashed: Hash
) -> list[Finding]:
    """Every row of tiles: what is stored against what the leaves give, and what is stored beyond all leaves there are
    by now (a log goes on growing while it is checked).
    """
    findings, level, row = [], 1, list(computed)
    seen = set()
    while row:
        width = TILE**level
        for number, found in enumerate(row):
            seen.add((level, number))
            if stored.get((level, number)) != found:
                kind = "tile_altered" if (level, number) in stored else "tile_missing"
                findings.append(Finding(kind, number * width, (number + 1) * width - 1))
        row = [root_of(row[at : at + TILE], hashed) for at in range(0, len(row) - len(row) % TILE, TILE)]
        level += 1
    for level, number in sorted(set(stored) - seen):
        if (number + 1) * TILE**level <= size_now:
            continue
        findings.append(Finding("tile_unfounded", number * TILE**level, (number + 1) * TILE**level - 1))
    return findings
