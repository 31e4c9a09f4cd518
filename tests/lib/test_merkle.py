"""The tree against the definition of RFC 9162 written down naively, and every proof against every change of it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256 as plain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.lib import merkle
from doudi.lib.merkle import BadProof, inclusion, is_consistent, leaf_hash, root, root_from_inclusion, sha256

# the tree of RFC 6962's and Certificate Transparency's test data: eight inputs and the roots after each
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, as it is written there."""
    if not leaves:
        return plain(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return plain(b"\1" + naive(leaves[:cut]) + naive(leaves[cut:])).digest()


class Stored:
    """Leaf hashes, and the hash of every complete tile as a database keeps it."""

    def __init__(self, size: int) -> None:
        self.levels = [[leaf_hash(str(number).encode(), sha256) for number in range(size)]]
        while len(self.levels[-1]) >= merkle.TILE:
            row = self.levels[-1]
            tiles = range(0, len(row) - len(row) % merkle.TILE, merkle.TILE)
            self.levels.append([naive(row[at : at + merkle.TILE]) for at in tiles])

    def rows(self, level: int, begin: int, end: int) -> Sequence[bytes]:
        found = self.levels[level][begin:end]
        assert len(found) == end - begin, "only what is complete is stored"
        return found


@pytest.mark.parametrize("size", range(1, 9))
def test_the_known_roots_are_found(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(text), sha256) for text in INPUTS[:size]]
    assert root(size, lambda _level, begin, end: leaves[begin:end], sha256).hex() == ROOTS[size - 1]


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537, 66_000])
def test_the_root_is_that_of_the_definition(size: int) -> None:
    stored = Stored(size)
    assert root(size, stored.rows, sha256) == naive(stored.levels[0])


BIG = Stored(70_000)


@given(st.integers(1, 70_000), st.data())
def test_each_leaf_is_proved_and_no_other(size: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, size - 1))
    path = inclusion(position, size, BIG.rows, sha256)
    top = root(size, BIG.rows, sha256)
    leaf = BIG.levels[0][position]
    assert root_from_inclusion(leaf, position, size, path, sha256) == top
    other = data.draw(st.integers(0, 69_999).filter(lambda n: n != position))
    assert root_from_inclusion(BIG.levels[0][other], position, size, path, sha256) != top
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        wrong = [*path[:at], sha256(path[at]), *path[at + 1 :]]
        assert root_from_inclusion(leaf, position, size, wrong, sha256) != top
        with pytest.raises(BadProof):
            root_from_inclusion(leaf, position, size, path[:-1], sha256)
    with pytest.raises(BadProof):
        root_from_inclusion(leaf, position, size, [*path, top], sha256)


@given(st.integers(1, 70_000), st.data())
def test_growth_is_proved_and_nothing_else(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    path = merkle.consistency(old, new, BIG.rows, sha256)
    before, after = root(old, BIG.rows, sha256), root(new, BIG.rows, sha256)
    assert is_consistent(old, new, before, after, path, sha256)
    assert not is_consistent(old, new, sha256(before), after, path, sha256)
    assert not is_consistent(old, new, before, sha256(after), path, sha256)
    assert not is_consistent(old, new, before, after, [*path, after], sha256)
    if path:
        assert not is_consistent(old, new, before, after, path[:-1], sha256)


def test_small_trees_are_proved_in_every_pair() -> None:
    for new in range(1, 34):
        for old in range(1, new + 1):
            path = merkle.consistency(old, new, BIG.rows, sha256)
            assert is_consistent(old, new, root(old, BIG.rows, sha256), root(new, BIG.rows, sha256), path, sha256)


@pytest.mark.parametrize(("position", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_proof(position: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion(position, size, BIG.rows, sha256)
    with pytest.raises(BadProof):
        root_from_inclusion(b"", position, size, [], sha256)


def test_sm3_is_the_standard_one() -> None:
    # GB/T 32905-2016, appendix A.1: "abc"
    assert merkle.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
