"""What differs between two rulebooks, by section, aspect and language; and as a command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from doudi.engine.difference import Difference, difference, difference_lines
from doudi.engine.rulebook import Rulebook
from doudi.rulebook.logic.bundle import pack, policy_files
from doudi.site.cli import build
from tests.engine.small import PLACE, programme, rule, rulebook_of, said, write_policy

LINE = {"type": "number", "label": said("标准"), "set_by": ["nation"]}


def figure(value: str) -> dict[str, Any]:
    basis = {"document": "试行办法"}
    return {"line": {**LINE, "values": [{"area": "nation", "from": "2026-01-01", "value": value, "basis": basis}]}}


def old(**more: Any) -> Rulebook:
    rules = {"household.a": rule("number", "household.x"), "household.gone": rule("number", "household.y")}
    return rulebook_of(rules, parameters=figure("1"), programmes={"help": programme("household.q")}, **more)


def new() -> Rulebook:
    rules = {"household.a": rule("number", "household.x + line"), "household.fresh": rule("number", "household.z")}
    return rulebook_of(
        rules,
        parameters=figure("2"),
        programmes={"help": programme("household.q and household.r")},
        facts={
            "household.u": {"type": "boolean", "source": "registry", "label": said("事实"), "meaning": said("意思")}
        },
    )


def changes(found: Difference, section: str) -> dict[str, str]:
    return {entry.name: entry.change for entry in found.of(section)}


def test_rules_figures_programmes_and_facts_are_told_as_added_removed_or_changed() -> None:
    found = difference(old(), new())
    expected = {"household.a": "changed", "household.gone": "removed", "household.fresh": "added"}
    assert changes(found, "rules") == expected
    assert changes(found, "parameters") == {"line": "changed"}
    assert changes(found, "programmes") == {"help": "changed"}
    assert changes(found, "facts") == {"household.u": "changed"}
    assert changes(found, "chains") == {}


def test_formulas_stand_side_by_side_as_written_and_in_words() -> None:
    (entry,) = [e for e in difference(old(), new()).of("rules") if e.change == "changed"]
    aspects = {aspect.name: aspect for aspect in entry.aspects}
    assert set(aspects) == {"formula", "words"}
    assert (aspects["formula"].before or {})["zh"] == "household.x"
    assert (aspects["formula"].after or {})["zh"] == "household.x + line"
    assert "标准" in (aspects["words"].after or {})["zh"]


def test_a_figure_differs_by_area_key_and_day() -> None:
    (entry,) = difference(old(), new()).of("parameters")
    (aspect,) = entry.aspects
    assert aspect.name == "value nation 2026-01-01"
    assert (aspect.before or {})["en"].startswith("1 (") and (aspect.after or {})["en"].startswith("2 (")


def test_one_content_has_no_difference() -> None:
    found = difference(old(), old())
    assert found.entries == () and list(difference_lines(found, "en")) == ["The two rulebooks do not differ."]


def test_the_command_compares_folders_bundles_and_reforms(tmp_path: Path) -> None:
    first = write_policy(tmp_path / "a", {"household.a": rule("number", "line")}, parameters=figure("1"))
    second = write_policy(tmp_path / "b", {"household.a": rule("number", "line")}, parameters=figure("3"))
    (tmp_path / "bundle").write_bytes(pack(policy_files(second)))
    reform = "name: up\nlabel: {zh: 提, en: up}\nparameters: {line: {scale: 3}}\n"
    (tmp_path / "reform.yaml").write_text(reform, encoding="utf-8")
    for other in ("b", "bundle", "reform.yaml"):
        done = run("policy", "diff", str(first), str(tmp_path / other), "--place", PLACE, "--json")
        (entry,) = json.loads(done.stdout)["entries"]
        assert (entry["section"], entry["name"], entry["change"]) == ("parameters", "line", "changed")
    words = run("policy", "diff", str(first), str(second), "--place", PLACE, "--lang", "en")
    assert "- 1 (" in words.stdout and "+ 3 (" in words.stdout
    assert run("policy", "diff", str(first), str(tmp_path / "nothing")).exit_code == 2
    bad = tmp_path / "bad"
    bad.write_bytes(b"no bundle")
    assert run("policy", "diff", str(first), str(bad)).exit_code == 2


def run(*arguments: str) -> Any:
    return CliRunner().invoke(build(), list(arguments))
