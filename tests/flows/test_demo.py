"""The demo county as `make run` shows it and as CI tries it: the answers stored beside it, through the real path."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.project import ROOT
from tests.flows.dirt import rewrite, wrong_number
from tests.flows.running import differences, expected, run_folder

DEMO = ROOT / "demo"


def _trial(folder: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    code = "from doudi.site.cli import main; main()"
    command = [sys.executable, "-c", code, "trial", str(folder), "--out", str(out), *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DOUDI_", "DJANGO_"))}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_the_trial_gives_the_stored_answers_and_leaves_nothing_behind(tmp_path: Path) -> None:
    scratch = tmp_path / "临时 scratch"
    scratch.mkdir()
    os.environ["TMPDIR"] = str(scratch)
    try:
        done = _trial(DEMO, tmp_path / "out 结果")
    finally:
        del os.environ["TMPDIR"]
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out 结果"
    for name in ("decisions", "findings"):
        assert (out / f"{name}.csv").read_bytes() == (DEMO / "expected" / f"{name}.csv").read_bytes()
    refused = json.loads((out / "refused.json").read_text())
    assert set(refused[0]) == {"file", "feed", "row", "column", "cell", "code", "message"}
    whole = {item["file"]: item["code"] for item in refused if "截断" in item["file"] or "数字证号" in item["file"]}
    assert len(whole) == 2
    applications = {row["申请编号"] for row in expected(DEMO, "decisions")}
    assert {path.stem for path in (out / "reasons").iterdir()} == applications
    assert not list(scratch.iterdir())


def test_a_folder_without_applications_gives_no_decision(tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path / "in", ignore=shutil.ignore_patterns("applications.csv", "expected"))
    done = _trial(tmp_path / "in", tmp_path / "out")
    assert done.returncode == 1 and "refused.json" in done.stderr
    assert (tmp_path / "out" / "refused.json").exists()


@pytest.mark.parametrize("words", [["no-such-folder", "--out", "x"], ["."], [".", "--out", "x", "--place", "99x"]])
def test_wrong_usage_is_two(words: list[str], tmp_path: Path) -> None:
    code = "from doudi.site.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, "trial", *words], capture_output=True, cwd=tmp_path, check=False)
    assert done.returncode == 2


def test_loading_twice_changes_nothing(own_database: str) -> None:
    first = run_folder(DEMO)
    again = run_folder(DEMO)
    assert again.decisions == first.decisions == expected(DEMO, "decisions")
    assert (again.loaded.entered, again.loaded.people, again.loaded.households, again.loaded.areas) == (0, 0, 0, 0)


@pytest.mark.parametrize("seed", range(2))
def test_other_hands_same_meaning_same_decisions(seed: int, tmp_path: Path, own_database: str) -> None:
    rewrite(DEMO, tmp_path / "rewritten", seed)
    found = run_folder(tmp_path / "rewritten")
    assert not differences(expected(DEMO, "decisions"), found.decisions)
    assert not differences(expected(DEMO, "findings"), found.findings)


MISSING = {
    "yinhang_jinrong.csv": "待定:缺金融资产",
    "gongan_huji.csv": "待定:缺",
    "gongan_cheliang.xlsx": "待定:缺",
}


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_delivery_makes_its_facts_unknown_and_never_zero(
    name: str, tmp_path: Path, own_database: str
) -> None:
    shutil.copytree(DEMO, tmp_path / "in", ignore=shutil.ignore_patterns("expected"))
    for path in (tmp_path / "in").glob(f"{Path(name).stem}*"):
        path.unlink()
    before = {row["申请编号"]: row["结论"] for row in expected(DEMO, "decisions")}
    after = run_folder(tmp_path / "in").outcomes()
    assert set(after) == set(before)
    changed = {number: after[number] for number in before if after[number] != before[number]}
    assert changed and all(outcome.startswith(MISSING[name]) for outcome in changed.values())
    recognised = {"低保", "特困", "低保边缘", "刚性支出困难"}
    assert not recognised & set(after.values())


def test_an_application_with_a_wrong_number_is_undetermined_not_lost(tmp_path: Path, own_database: str) -> None:
    shutil.copytree(DEMO, tmp_path / "in", ignore=shutil.ignore_patterns("expected"))
    path = tmp_path / "in" / "applications.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    target = next(row for row in expected(DEMO, "decisions") if row["结论"] == "低保" and int(row["计入人数"]) > 1)
    number = target["申请编号"]
    place = next(i for i, line in enumerate(lines) if line.startswith(number))
    member = lines[place].split(",")[4].split(";")[1]
    lines[place] = lines[place].replace(member, wrong_number(member))
    path.write_text("".join(lines), encoding="utf-8", newline="")
    found = run_folder(tmp_path / "in")
    assert found.outcome(number) == "待定:缺授权"
    assert [row["证号"] for row in found.findings if row["申请编号"] == number][-1] == wrong_number(member)
    assert "applications.number_invalid" in {problem.code for problem in found.problems}
    others = [row for row in expected(DEMO, "decisions") if row["申请编号"] != number]
    assert not differences(others, found.decisions)


def test_a_file_no_feed_knows_is_named_and_does_no_harm(tmp_path: Path, own_database: str) -> None:
    shutil.copytree(DEMO, tmp_path / "in")
    (tmp_path / "in" / "水费.csv").write_text("户号,金额\n1,2\n")
    found = run_folder(tmp_path / "in")
    strangers = [problem.file for problem in found.problems if problem.code == "sources.no_feed"]
    assert strangers == ["水费.csv"] and not differences(expected(DEMO, "decisions"), found.decisions)


def test_areas_without_their_ancestor_are_refused(tmp_path: Path, own_database: str) -> None:
    shutil.copytree(DEMO, tmp_path / "in", ignore=shutil.ignore_patterns("expected"))
    path = tmp_path / "in" / "areas.csv"
    kept = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if not line.startswith("9901,")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    found = run_folder(tmp_path / "in")
    assert "areas.ancestor_missing" in {problem.code for problem in found.problems} and found.loaded.areas == 0
    assert not differences(expected(DEMO, "decisions"), found.decisions)
