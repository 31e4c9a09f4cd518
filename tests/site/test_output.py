"""Results are written whole, in the form of the pack, and an application number never leads out of the folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doudi.site.flow.output import csv_text, file_name, write_reasons


def test_tables_are_utf8_without_a_mark_and_end_lines_with_crlf() -> None:
    assert csv_text([{"甲": "1", "乙": 'a,"b"'}], ["甲", "乙"]) == '甲,乙\r\n1,"a,""b"""\r\n'


@pytest.mark.parametrize("number", ["../../etc/passwd", "/abs", ".hidden", "a/b", "a\\b", "..", "a\x00b", "%2e"])
def test_an_application_number_is_one_plain_file_name(number: str, tmp_path: Path) -> None:
    write_reasons(tmp_path / "reasons", {number: {"n": 1}})
    written = list(tmp_path.rglob("*.json"))
    assert [path.parent for path in written] == [tmp_path / "reasons"] and not written[0].name.startswith(".")


def test_different_numbers_have_different_files() -> None:
    assert file_name("SQ2026云00001") == "SQ2026云00001"
    assert len({file_name(number) for number in ("a/b", "a%2Fb", "a_b", "a b")}) == 4


def test_reasons_of_an_earlier_run_go(tmp_path: Path) -> None:
    write_reasons(tmp_path, {"A": {}, "B": {}})
    write_reasons(tmp_path, {"B": {"n": 1}})
    assert {path.name: json.loads(path.read_text()) for path in tmp_path.iterdir()} == {"B.json": {"n": 1}}
