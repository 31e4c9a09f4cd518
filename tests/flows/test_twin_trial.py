"""A pack nobody has seen goes the whole way: files, lake, matching, verification, engine; naive rules judge it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from doudi.twin.making import Made, make
from doudi.twin.plan import Plan
from tests.flows.naive_pack import from_deliveries, from_truth
from tests.flows.naive_rules import Asked, decide, find

SPOILT = {("nongye_butie_数字证号.xlsx", "number.as_float"), ("yibao_jiesuan_截断.csv", "file.truncated")}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Made]:
    folder, out = tmp_path_factory.mktemp("pack"), tmp_path_factory.mktemp("out")
    made = make(Plan(seed=77, households=300, dirt=0.08, pack=True), folder)
    code = "from doudi.site.cli import main; main()"
    command = [sys.executable, "-c", code, "trial", str(folder), "--out", str(out)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
    return folder, out, made


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _asked(folder: Path) -> list[Asked]:
    """Families whose head the register names legibly; of the others the county knows no line."""
    headed = {one.number for one in from_deliveries(folder) if one.head}
    return [one for one in from_truth(folder / "truth") if one.number in headed]


def test_every_decision_is_the_one_the_rules_give(tried: tuple[Path, Path, Made]) -> None:
    folder, out, made = tried
    found = {row[0]: row for row in _rows(out / "decisions.csv")}
    assert len(found) == made.applications
    wanted = [decide(one) for one in _asked(folder)]
    assert [(row, found[row[0]]) for row in wanted if found[row[0]] != row] == []


def test_every_finding_is_what_the_departments_said(tried: tuple[Path, Path, Made]) -> None:
    folder, out, _ = tried
    found = {(row[0], row[2]): row for row in _rows(out / "findings.csv")}
    wanted = [row for one in _asked(folder) for row in find(one)]
    assert [(row, found[row[0], row[2]]) for row in wanted if found[row[0], row[2]] != row] == []


def test_only_the_spoilt_files_are_refused_and_only_unreadable_rows_set_aside(tried: tuple[Path, Path, Made]) -> None:
    _, out, made = tried
    refused = json.loads((out / "refused.json").read_text(encoding="utf-8"))
    files = {(entry["file"], entry["code"]) for entry in refused if not entry["code"].startswith("row.")}
    assert files == SPOILT
    rows = [entry["feed"] for entry in refused if entry["code"] in ("row.number_check", "row.number_length")]
    assert {feed: rows.count(feed) for feed in made.unreadable if rows.count(feed)} == {
        feed: count for feed, count in made.unreadable.items() if count
    }
    assert len(rows) + len(SPOILT) == len(refused)
