"""`doudi policy …`: every command speaks JSON to programs; 0 is well, 1 refused (with faults), 2 wrong usage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from doudi.site.cli import build
from tests.engine.small import rule, write_policy

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = str(ROOT / "policy")
WELL = {
    "check": ["check", "--place", "990101"],
    "test": ["test"],
    "explain": ["explain", "dibao", "--place", "990101"],
    "doc": ["doc", "dibao", "--on", "2026-07-10"],
    "diff": ["diff", SHIPPED, SHIPPED],
    "schema": ["schema"],
}
KEYS = {
    "check": {"policy", "places"},
    "test": {"examples", "different", "coverage", "unseen"},
    "doc": {"programme", "label", "markdown", "basis", "hash", "on", "place"},
    "schema": {"sections", "programme"},
}


def run(*words: str) -> Result:
    return CliRunner().invoke(build(), ["policy", *words])


@pytest.mark.parametrize("command", WELL)
def test_a_command_that_goes_well_prints_json_alone_and_is_0(command: str) -> None:
    result = run(*WELL[command], *([] if command == "schema" else ["--json"]))
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert set(answer) >= KEYS.get(command, set())


BAD = {
    "check": ["check"],
    "test": ["test"],
    "explain": ["explain", "household.x"],
    "doc": ["doc", "dibao"],
    "diff": ["diff"],
}


@pytest.mark.parametrize("command", BAD)
def test_a_command_that_is_refused_tells_the_faults_as_json_and_is_1(tmp_path: Path, command: str) -> None:
    root = str(write_policy(tmp_path, {"household.out": rule("number", "household.nothing")}))
    given = [root, root] if command == "diff" else ["--policy", root]
    result = run(*BAD[command], *given, "--json")
    assert result.exit_code == 1, result.output
    (fault,) = json.loads(result.stdout)["errors"]
    assert fault["code"] == "rule.name_unknown"
    assert fault["file"].endswith("programmes/shared/rules.yaml") and fault["line"] > 1
    assert set(fault["message"]) == {"zh", "en"}


@pytest.mark.parametrize(
    "words",
    [["check", "--lang", "fr"], ["check", "--nothing"], ["explain"], ["doc"], ["doc", "dibao", "--on", "x"], ["diff"],
     ["schema", "x"], ["nothing"]],
)  # fmt: skip
def test_wrong_usage_is_2(words: list[str]) -> None:
    assert run(*words).exit_code == 2
