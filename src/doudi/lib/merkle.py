"""Merkle trees as RFC 9162 shapes them, over tiles of 256: roots, inclusion and consistency proofs.

A leaf is H(0x00 ‖ data), a node H(0x01 ‖ left ‖ right); a tree of n leaves is cut at the largest power of two below n.
Nothing is stored here: a reader gives the hashes of a tile row, so that a tree of millions needs a few hundred of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

Hash = Callable[[bytes], bytes]
Row = Callable[[int, int, int], Sequence[bytes]]
"""(level, from, to) → hashes of the subtrees of 256**level leaves with these numbers; level 0 are leaf hashes."""

TILE_BITS = 8
TILE = 1 << TILE_BITS


class BadProof(ValueError):
    """A proof does not lead where it must."""


def sha256(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """SM3, by the OpenSSL under Python. Raises ValueError where that has none."""
    return hashlib.new("sm3", data).digest()


HASHES: dict[str, Hash] = {"sha256": sha256, "sm3": sm3}


def leaf_hash(data: bytes, hashed: Hash) -> bytes:
    """The hash of an entry."""
    return hashed(b"\0" + data)


def node_hash(left: bytes, right: bytes, hashed: Hash) -> bytes:
    """The hash of two neighbours."""
    return hashed(b"\1" + left + right)


def root_of(hashes: Sequence[bytes], hashed: Hash) -> bytes:
    """The root over subtree hashes that stand side by side, all but the last complete and of one size."""
    row = list(hashes)
    if not row:
        return hashed(b"")
    while len(row) > 1:
        pairs = [hashed(b"\1" + row[i] + row[i + 1]) for i in range(0, len(row) - 1, 2)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0]


def subtree(begin: int, size: int, rows: Row, hashed: Hash) -> bytes:
    """The root over `size` leaves from `begin` on, a subtree of some tree: complete, or its right edge."""
    if size < TILE:
        return root_of(rows(0, begin, begin + size), hashed)
    if not size & (size - 1):
        level = (size.bit_length() - 1) // TILE_BITS
        width = TILE**level
        return root_of(rows(level, begin // width, (begin + size) // width), hashed)
    cut = _cut(size)
    return node_hash(subtree(begin, cut, rows, hashed), subtree(begin + cut, size - cut, rows, hashed), hashed)


def root(size: int, rows: Row, hashed: Hash) -> bytes:
    """The root of the first `size` leaves."""
    return subtree(0, size, rows, hashed) if size else hashed(b"")


def inclusion(position: int, size: int, rows: Row, hashed: Hash) -> list[bytes]:
    """What proves that leaf `position` (from 0) is in the tree of `size`: the neighbours from the leaf up."""
    if not 0 <= position < size:
        raise ValueError(f"no leaf {position} in a tree of {size}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _cut(end - begin)
        if position < middle:
            path.append(subtree(middle, end - middle, rows, hashed))
            end = middle
        else:
            path.append(subtree(begin, middle - begin, rows, hashed))
            begin = middle
    return path[::-1]


def consistency(old: int, new: int, rows: Row, hashed: Hash) -> list[bytes]:
    """What proves that the tree of `new` leaves begins with the one of `old` (RFC 9162, 2.1.4)."""
    if not 0 < old <= new:
        raise ValueError(f"no proof from {old} to {new}")
    return list(_subproof(old, 0, new, True, rows, hashed))


def _subproof(old: int, begin: int, end: int, is_whole: bool, rows: Row, hashed: Hash) -> Iterator[bytes]:
    if old == end - begin:
        if not is_whole:
            yield subtree(begin, end - begin, rows, hashed)
        return
    cut = _cut(end - begin)
    if old <= cut:
        yield from _subproof(old, begin, begin + cut, is_whole, rows, hashed)
        yield subtree(begin + cut, end - begin - cut, rows, hashed)
    else:
        yield from _subproof(old - cut, begin + cut, end, False, rows, hashed)
        yield subtree(begin, cut, rows, hashed)


def root_from_inclusion(leaf: bytes, position: int, size: int, path: Sequence[bytes], hashed: Hash) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2). BadProof where its length cannot be right."""
    if not 0 <= position < size:
        raise BadProof("the position is outside the tree")
    at, last, found = position, size - 1, leaf
    for neighbour in path:
        if not last:
            raise BadProof("the path is too long")
        if at & 1 or at == last:
            found = node_hash(neighbour, found, hashed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, neighbour, hashed)
        at, last = at >> 1, last >> 1
    if last:
        raise BadProof("the path is too short")
    return found


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes], hashed: Hash) -> bool:
    """Whether a consistency proof shows that the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    way = [old_root, *path] if not old & (old - 1) else list(path)
    if not way:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = way[0]
    for neighbour in way[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            first, second = node_hash(neighbour, first, hashed), node_hash(neighbour, second, hashed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, neighbour, hashed)
        at, last = at >> 1, last >> 1
    return not last and first == old_root and second == new_root


def _cut(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
