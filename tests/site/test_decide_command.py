"""`doudi decide`: a decision kept in a file and replayed, and told as HTML."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.site.test_policy_commands import EXAMPLE, run


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "CASE.json"
    path.write_text(json.dumps(EXAMPLE.case, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_kept_decision_is_replayed_by_its_own_rules_with_its_own_reasons(case: Path, tmp_path: Path) -> None:
    kept = tmp_path / "decision.json"
    first = json.loads(run("decide", str(case), "--keep", str(kept), "--json", "--steps").stdout)
    again = json.loads(run("decide", "--replay", str(kept), "--json").stdout)
    assert again.pop("reasons_are_the_same") is True and again.pop("result_is_the_same") is True
    assert again == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    words = run("decide", "--replay", str(kept), "--steps", "--lang", "en")
    assert words.exit_code == 0 and "qualifies for Dibao" in words.stdout
    assert "Replay: the result is the same as then, and so is every reason" in words.stdout


def test_a_kept_decision_that_was_changed_is_refused(case: Path, tmp_path: Path) -> None:
    kept = tmp_path / "decision.json"
    run("decide", str(case), "--keep", str(kept))
    data = json.loads(kept.read_text(encoding="utf-8"))
    data["inputs"]["household"]["declared_other_income"] = "1.00"
    kept.write_text(json.dumps(data), encoding="utf-8")
    refused = run("decide", "--replay", str(kept), "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["errors"][0]["code"] == "replay.inputs_differ"


def test_a_replay_that_comes_out_otherwise_says_so(case: Path, tmp_path: Path) -> None:
    kept = tmp_path / "decision.json"
    run("decide", str(case), "--keep", str(kept))
    data = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps(data | {"reasons_digest": "0" * 64}), encoding="utf-8")
    reworded = run("decide", "--replay", str(kept))
    assert reworded.exit_code == 0 and "重放结果：与当时相同，理由的措辞与当时不同" in reworded.stdout
    kept.write_text(json.dumps(data | {"result_digest": "0" * 64}), encoding="utf-8")
    other = run("decide", "--replay", str(kept))
    assert other.exit_code == 1 and other.stdout == "" and other.stderr


def test_a_kept_decision_is_not_written_over_unless_asked(case: Path, tmp_path: Path) -> None:
    kept = tmp_path / "decision.json"
    kept.write_text("mine", encoding="utf-8")
    refused = run("decide", str(case), "--keep", str(kept))
    assert refused.exit_code == 2 and "--force" in refused.stderr and kept.read_text(encoding="utf-8") == "mine"
    assert run("decide", str(case), "--keep", str(kept), "--force").exit_code == 0
    assert json.loads(kept.read_text(encoding="utf-8"))["kind"] == "doudi.decision"
    assert run("decide", str(case), "--force").exit_code == 2


@pytest.mark.parametrize(("lang", "heading"), [("zh", "依次认定"), ("en", "One after another")])
def test_html_shows_what_else_fits(case: Path, lang: str, heading: str) -> None:
    page = run("decide", str(case), "--html", "--alternatives", "--lang", lang).stdout
    assert f"<h2>{heading}</h2>" in page and page.count("<article") == page.count("</article>") == 2
    assert page.endswith("</body>\n</html>\n")


def test_html_is_a_page_with_every_reason(case: Path) -> None:
    page = run("decide", str(case), "--html")
    assert page.exit_code == 0 and page.stdout.startswith("<!doctype html>")
    assert page.stdout.count("<details") == page.stdout.count("</details>") > 20


@pytest.mark.parametrize(
    "more", [["--json", "--html"], ["--application", "1"], ["--replay", __file__]], ids=["forms", "database", "replay"]
)
def test_what_does_not_go_together_is_wrong_usage(case: Path, more: list[str]) -> None:
    assert run("decide", str(case), *more).exit_code == 2
