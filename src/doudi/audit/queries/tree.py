"""Reading the tree: its rows of hashes, its root at any size, proofs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db.models import Max

from doudi.audit.logic.notes import Note, parse
from doudi.audit.models import Checkpoint, Entry, Leaf, Tile
from doudi.core.vault import vault
from doudi.lib import merkle

HASH_OF = {"intl": "sha256", "sm": "sm3"}


def hash_name() -> str:
    """The hash of this house's log: it goes with the crypto of its keys."""
    return HASH_OF[vault().crypto]


def size() -> int:
    """How many entries have a place in the tree."""
    last = Leaf.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def rows(level: int, begin: int, end: int) -> Sequence[bytes]:
    """Hashes of a row; LookupError where one is missing."""
    if level == 0:
        leaves = Leaf.objects.filter(position__gte=begin, position__lt=end).order_by("position")
        hashes = [bytes(one) for (one,) in leaves.values_list("hash")]
    else:
        tiles = Tile.objects.filter(level=level, number__gte=begin, number__lt=end).order_by("number")
        hashes = [bytes(one) for (one,) in tiles.values_list("hash")]
    if len(hashes) != end - begin:
        raise LookupError(f"row {level} of the tree has not all of {begin} to {end - 1}")
    return hashes


def root_at(wanted: int) -> bytes:
    """The root over the first `wanted` entries."""
    return merkle.root(wanted, rows, merkle.HASHES[hash_name()])


def last_checkpoint() -> Checkpoint | None:
    """The newest signed word."""
    return Checkpoint.objects.order_by("-size").first()


def place_of(entry_id: UUID) -> int | None:
    """The place of an entry, from 0; None while it waits for one."""
    return Leaf.objects.filter(entry_id=entry_id).values_list("position", flat=True).first()


def places_of(entry_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The places of several entries; one that waits has none."""
    return dict(Leaf.objects.filter(entry_id__in=list(entry_ids)).values_list("entry_id", "position"))


def inclusion_proof(entry_id: UUID, under: int | None = None) -> dict[str, object] | None:
    """What proves to anybody that an entry is in the log, under the newest checkpoint or the one of a size; None where
    there is no such checkpoint or it does not speak of the entry (yet).
    """
    leaf = Leaf.objects.filter(entry_id=entry_id).first()
    word = last_checkpoint() if under is None else Checkpoint.objects.filter(size=under).first()
    if leaf is None or word is None or leaf.position >= word.size:
        return None
    path = merkle.inclusion(leaf.position, word.size, rows, merkle.HASHES[hash_name()])
    return {
        "entry": bytes(Entry.objects.get(id=entry_id).canonical).decode(),
        "position": leaf.position,
        "path": [one.hex() for one in path],
        "checkpoint": word.note,
    }


def checkpoints() -> Iterator[tuple[Note, str]]:
    """Every signed word, the smallest first."""
    for one in Checkpoint.objects.order_by("size").iterator():
        yield parse(one.note)[0], one.note
