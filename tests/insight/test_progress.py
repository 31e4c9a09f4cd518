"""A simulation of several slices: the page that asks for itself again shows how many are done; so does the command."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from typer.testing import CliRunner

from doudi.engine.rulebook import Rulebook
from doudi.insight.actions import running
from doudi.insight.actions.asking import ask_simulation
from doudi.insight.actions.problems import FAILED
from doudi.insight.actions.running import carry_out
from doudi.insight.logic.drafting import by_percent
from doudi.insight.models import SimulationRun
from doudi.site.cli import build
from tests.cases.conftest import APPLIED, AT, COUNTY, County, staff
from tests.cases.signing_in import signed_in
from tests.engine.population import Population
from tests.engine.snapshots import write_snapshot

HOUSEHOLDS, SLICES = 12, 4
REFORM = Path(__file__).resolve().parents[2] / "reforms" / "line_up_5.yaml"


def several_slices(folder: Path, rulebook: Rulebook) -> Path:
    population = Population(rulebook, APPLIED, 3)
    cases = [population.case(number) for number in range(HOUSEHOLDS)]
    write_snapshot(folder, rulebook, cases, slice_size=HOUSEHOLDS // SLICES)
    meta = {"as_of": date.isoformat(APPLIED), "place": COUNTY}
    (folder / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    return folder


@pytest.mark.django_db
def test_a_running_simulation_moves_slice_by_slice(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = several_slices(tmp_path / "snapshot", county.rulebook)
    officer = staff("county_officer", COUNTY)
    run = ask_simulation(actor=officer, at=AT, as_of=APPLIED, reform=by_percent(Decimal(10)), lang="zh")
    client, _ = signed_in("county_officer", COUNTY)
    seen, note = [], running._noted

    def looked_at(one: SimulationRun, done: int, of: int) -> None:
        note(one, done, of)
        page = client.get(reverse("insight:simulation", args=[run.id]))
        assert page["Refresh"]
        seen.append(re.search(r'<progress max="(\d+)" value="(\d+)"', page.content.decode()).groups())  # type: ignore[union-attr]

    monkeypatch.setattr(running, "snapshot_for", lambda **_: folder)
    monkeypatch.setattr(running, "_noted", looked_at)
    done = carry_out(actor=officer, at=AT, simulation=run.id)
    assert done.state == "done" and done.result is not None and done.result["households"] == HOUSEHOLDS
    assert seen == [(str(SLICES), str(number)) for number in range(SLICES + 1)]


def test_the_command_counts_slices_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, county_rules: Rulebook
) -> None:
    folder = several_slices(tmp_path / "snapshot", county_rules)
    monkeypatch.setattr("doudi.site.progress.is_watched", lambda: True)
    found = CliRunner().invoke(
        build(), ["simulate", str(REFORM), "--snapshot", str(folder), "--out", str(tmp_path / "out"), "--lang", "en"]
    )
    assert found.exit_code == 0, found.output
    assert [f"{number}/{SLICES}" in found.stderr for number in range(SLICES + 1)] == [True] * (SLICES + 1)


@pytest.mark.django_db
def test_a_fault_that_nobody_foresaw_ends_the_run_and_is_told(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = staff("county_officer", COUNTY)
    run = ask_simulation(actor=officer, at=AT, as_of=APPLIED, reform=by_percent(Decimal(10)), lang="zh")

    def broken(**_: object) -> Path:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(running, "snapshot_for", broken)
    done = carry_out(actor=officer, at=AT, simulation=run.id)
    assert (done.state, done.result, done.problem) == ("failed", None, FAILED)
