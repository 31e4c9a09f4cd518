"""The archive of a rulebook's files."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest

from doudi.rulebook.logic.bundle import pack, policy_files, unpack, write_files

ROOT = Path(__file__).resolve().parents[2] / "policy"


def test_the_same_files_give_the_same_bytes_whatever_their_order() -> None:
    assert pack({"facts/a.yaml": "甲", "facts/b.yaml": "乙"}) == pack({"facts/b.yaml": "乙", "facts/a.yaml": "甲"})


def test_what_is_packed_comes_out_again(tmp_path: Path) -> None:
    files = policy_files(ROOT)
    assert unpack(pack(files)) == files
    write_files(files, tmp_path)
    assert policy_files(tmp_path) == files


def test_a_bundle_holds_the_yaml_files_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "a.yaml").write_text("facts: {}\n", encoding="utf-8")
    (tmp_path / "facts" / "sample.csv").write_text("x\n", encoding="utf-8")
    assert list(policy_files(tmp_path)) == ["facts/a.yaml"]


@pytest.mark.parametrize("name", ["../x.yaml", "facts/../../x.yaml", "/etc/x.yaml", "facts/x.py", ""])
def test_a_name_outside_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        unpack(zlib.compress(json.dumps([[name, "x"]]).encode()))


def test_a_bundle_that_unpacks_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="large"):
        unpack(zlib.compress(b" " * (65 * 1024 * 1024)))
