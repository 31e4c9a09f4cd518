"""The county pack, whole: every decision and finding that is known comes out equal; the two bad files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from doudi.site.flow.folder import Problem
from doudi.sources.models import Delivery, QuarantinedRow, WaitingRow
from tests.architecture.project import ROOT
from tests.flows.dirt import rewrite
from tests.flows.running import differences, expected, run_folder

PACK = ROOT.parent / "shared" / "county-pack"
BAD = ("nongye_butie_数字证号.xlsx", "yibao_jiesuan_截断.csv")
pytestmark = pytest.mark.skipif(not PACK.exists(), reason="../shared/county-pack is not on this machine")


def test_all_known_applications_come_out_equal(own_database: str) -> None:
    found = run_folder(PACK)
    decisions, findings = expected(PACK, "decisions"), expected(PACK, "findings")
    assert len(decisions) == 228 and not differences(decisions, found.decisions)
    assert len(findings) == 617 and not differences(findings, found.findings)
    assert len(found.decisions) == 480
    undetermined = [item for item in found.decided if item.assessment.outcome == "undetermined"]
    assert undetermined and all(item.assessment.missing for item in undetermined)
    _bad_files_left_nothing(found.problems)


def _bad_files_left_nothing(problems: list[Problem]) -> None:
    refused = {problem.file: problem for problem in problems if problem.file in BAD}
    numbers, truncated = (refused[name] for name in BAD)
    assert numbers.column == "户主证号" and numbers.cell == "A2"
    assert truncated.row == 360
    bad = Delivery.objects.filter(file_name__in=refused)
    assert {delivery.state for delivery in bad} == {"refused"} and bad.count() == 2
    assert not QuarantinedRow.objects.filter(delivery__in=bad).exists()
    assert not WaitingRow.objects.filter(delivery__in=bad).exists()


@pytest.mark.parametrize("seed", [11])
def test_the_pack_in_other_hands_gives_the_same_answers(seed: int, tmp_path: Path, own_database: str) -> None:
    rewrite(PACK, tmp_path / "pack", seed)
    found = run_folder(tmp_path / "pack")
    assert not differences(expected(PACK, "decisions"), found.decisions)
    assert not differences(expected(PACK, "findings"), found.findings)
