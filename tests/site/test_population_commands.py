"""`doudi screen` and `doudi simulate` on a snapshot folder: totals with undetermined apart, exit codes, no Django."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from doudi.engine.policy import load
from doudi.engine.rulebook import resolve
from doudi.site.cli import build
from tests.engine.population import Population
from tests.engine.snapshots import write_snapshot

ROOT = Path(__file__).resolve().parents[2]
HOUSEHOLDS = 40


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("population") / "snapshot"
    rulebook = resolve(load(ROOT / "policy"), "990101")
    population = Population(rulebook, date(2026, 7, 10), 5)
    write_snapshot(folder, rulebook, [population.case(n) for n in range(HOUSEHOLDS)])
    meta = {"as_of": "2026-07-10", "place": "990101", "households": HOUSEHOLDS, "persons": 0}
    (folder / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    return folder


def run(*arguments: str) -> Any:
    return CliRunner().invoke(build(), list(arguments))


def test_a_snapshot_is_screened_with_undetermined_on_a_line_of_its_own(snapshot: Path, tmp_path: Path) -> None:
    done = run("screen", "--snapshot", str(snapshot), "--out", str(tmp_path / "out"), "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["rows"] == HOUSEHOLDS and "undetermined" not in data["counts"]
    assert sum(data["counts"].values()) + data["undetermined"] + data["errors"] == HOUSEHOLDS
    again = run("screen", "--snapshot", str(snapshot), "--out", str(tmp_path / "out"), "--lang", "en")
    assert f"undetermined (in none of the above): {data['undetermined']}" in again.stdout


def test_a_reform_is_simulated_with_a_file_of_households(snapshot: Path, tmp_path: Path) -> None:
    arguments = [
        "simulate",
        str(ROOT / "reforms" / "line_up_5.yaml"),
        "--snapshot",
        str(snapshot),
        "--programme",
        "dibao",
    ]
    arguments += ["--out", str(tmp_path / "out"), "--households", str(tmp_path / "households.csv")]
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["households"] + data["errors"] == HOUSEHOLDS and data["reform"]["name"] == "line_up_5"
    lines = (tmp_path / "households.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == data["households"] + 1
    words = run(*arguments)
    assert "说不准是否有变化" in words.stdout and "低保标准提高 5%" in words.stdout


def test_what_is_wrong_is_said(snapshot: Path, tmp_path: Path) -> None:
    reform = tmp_path / "reform.yaml"
    reform.write_text("name: a\nlabel: {zh: 甲, en: a}\nparameters: {dibao_lime: {scale: 2}}\n", encoding="utf-8")
    refused = run("simulate", str(reform), "--snapshot", str(snapshot), "--json")
    assert refused.exit_code == 1
    (fault,) = json.loads(refused.stdout)["errors"]
    assert (fault["code"], fault["line"], fault["suggestion"]) == ("reform.parameter_unknown", 3, "dibao_line")
    assert run("screen", "--snapshot", str(tmp_path)).exit_code == 2
    assert run("screen", "--snapshot", str(snapshot), "--as-of", "soon").exit_code == 2
    assert run("screen", "--snapshot", str(snapshot), "--chain", "basic_livin").exit_code == 1


def test_wrong_uses_are_told_in_a_line(snapshot: Path, tmp_path: Path) -> None:
    reform, at = str(ROOT / "reforms" / "line_up_5.yaml"), ["--snapshot", str(snapshot), "--out", str(tmp_path / "out")]
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "meta.json").write_bytes((snapshot / "meta.json").read_bytes())
    (broken / "households.parquet").write_text("nothing")
    (tmp_path / "file").write_text("a file")
    for arguments, code, said in (
        (["screen", *at, "--memory", "lots"], 2, "4GB"),
        (["screen", *at, "--place", "3301"], 2, "990101"),
        (["screen", "--snapshot", str(snapshot), "--out", str(tmp_path / "file" / "out")], 2, "may write"),
        (["screen", "--snapshot", str(broken), "--out", str(tmp_path / "out")], 1, "doudi snapshot"),
        (["simulate", reform, *at, "--as-of", "1990-01-01"], 1, "没有可以比较的"),
        (["simulate", reform, *at, "--programme", "dibaoo"], 1, "dibao"),
    ):
        found = run(*arguments)
        assert found.exit_code == code and said in found.output and "Traceback" not in found.output, found.output
