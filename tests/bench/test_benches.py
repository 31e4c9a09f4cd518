"""Each benchmark runs at a tiny size and prints JSON lines of the agreed shape. What the clock says is not asserted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from doudi.site.cli import build
from tests.size import LONG

KEYS = {"name", "value", "unit", "rows", "peak_mib", "peer", "peer_value", "ratio"}
FIGURES = {
    "load": {"load.csv.rows_per_second", "load.xlsx.rows_per_second"},
    "screen": {
        "screen.households_per_second",
        "screen.seconds",
        "screen.against_openfisca",
        "screen.against_sql_by_hand",
        "screen.all_programmes",
    },
    "twin": {"twin.against_openfisca"},
    "simulate": {"simulate.seconds"},
    "snapshot": {"snapshot.households_per_second"},
    "decide": {
        f"decide.{way}.{figure}" for way in ("values", "decide", "explain", "bytes") for figure in ("median", "p95")
    },
}


@pytest.mark.parametrize("name", sorted(FIGURES) if LONG else ["decide", "simulate", "twin"])
def test_a_benchmark_prints_and_keeps_json_lines(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOUDI_HOME", str(tmp_path))
    result = CliRunner().invoke(build(), ["bench", name, "--json", "--households", "60"])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert {line["name"] for line in lines} == FIGURES[name]
    for line in lines:
        assert set(line) == KEYS
        assert line["value"] > 0 and line["peak_mib"] > 0 and line["ratio"] > 0
    kept = (tmp_path / "bench" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in kept] == lines
    assert [path.name for path in (tmp_path / "bench").iterdir()] == [f"{name}.jsonl"], "nothing else is left behind"


def test_an_unknown_benchmark_is_wrong_usage() -> None:
    result = CliRunner().invoke(build(), ["bench", "nothing"])
    assert result.exit_code == 2
    assert "screen, load, decide, snapshot" in result.output
