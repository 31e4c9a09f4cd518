"""`doudi policy …` and `doudi decide CASE.json`: what they print, their exit codes, and that they need no Django."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from doudi.engine.examples import read_examples
from doudi.site.cli import build
from tests.engine.bad import RULE
from tests.engine.small import write_policy

POLICY = Path(__file__).resolve().parents[2] / "policy"
EXAMPLE = next(e for e in read_examples(POLICY) if e.expect.get("programme") == "dibao")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(build(), list(arguments))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "CASE.json"
    path.write_text(json.dumps(EXAMPLE.case, ensure_ascii=False), encoding="utf-8")
    return path


def changed(path: Path, change: Any) -> Path:
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def test_neither_command_imports_django(case: Path) -> None:
    script = (
        "import sys\nfrom typer.testing import CliRunner\nfrom doudi.site.cli import build\n"
        "for a in (['policy','check'],['policy','test'],['policy','explain','dibao_line'],['policy','doc','dibao'],"
        f"['decide',{str(case)!r},'--explain']):\n"
        "    result = CliRunner().invoke(build(), a)\n    assert result.exit_code == 0, (a, result.output)\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_a_case_is_decided_in_words_and_as_data(case: Path) -> None:
    words = run("decide", str(case))
    assert words.exit_code == 0 and "符合最低生活保障（低保）条件" in words.stdout
    english = run("decide", str(case), "--lang", "en")
    assert english.exit_code == 0 and "qualifies for Dibao" in english.stdout
    data = json.loads(run("decide", str(case), "--json", "--explain").stdout)
    assert (data["outcome"], data["programme"]) == ("eligible", "dibao")
    assert any(step["name"] == "household.income_per_head" for step in data["steps"])


def test_the_same_case_gives_the_same_bytes(case: Path) -> None:
    once, again = (run("decide", str(case), "--json", "--explain").stdout for _ in range(2))
    assert once == again


def test_what_is_unknown_leaves_it_undetermined_and_is_named(case: Path) -> None:
    def unknown(data: Any) -> None:
        data["persons"][0]["financial_assets"] = {"unknown": "not_answered"}

    found = run("decide", str(changed(case, unknown)))
    assert found.exit_code == 0
    assert "还定不下来，缺：金融资产" in found.stdout and "a 的金融资产（部门没有反馈）" in found.stdout


def test_an_omitted_fact_was_never_asked(case: Path) -> None:
    found = run("decide", str(changed(case, lambda data: data["household"].pop("declared_other_income"))))
    assert "申报的其他月收入（还没有问过）" in found.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["household"].update(declared_other_income=None), "不能写 null"),
        (lambda d: d["household"].update(declared_other_incom="3"), "declared_other_income"),
        (lambda d: d["household"].update(declared_other_income="three"), "十进制数"),
        (lambda d: d["household"].update(declared_other_income="-3"), "不能小于 0"),
        (lambda d: d["household"].update(declared_other_income={"unknown": "no idea"}), "not_answered"),
        (lambda d: d["household"].update(obligor_status="没有"), "无履行能力"),
        (lambda d: d["household"].update(area="500101001001"), "990101"),
        (lambda d: d["household"].update(head="z"), "persons"),
        (lambda d: d["persons"].append(d["persons"][0]), "重复"),
        (lambda d: d["persons"][0].pop("id"), "缺少 id"),
        (lambda d: d["persons"][0].update(born_on="1980-02-30"), "日期"),
        (lambda d: d["persons"][0]["records"].update(pensions=[]), "pension"),
        (lambda d: d["persons"][0]["records"].update(pension=None), "列表"),
        (lambda d: d.pop("as_of"), "as_of"),
        (lambda d: d.pop("persons"), "persons"),
        (lambda d: d.update(place="nowhere"), "地区代码"),
        (lambda d: d.pop("place"), "--place"),
    ],
)
def test_a_case_that_does_not_fit_is_refused_with_its_place_and_the_way_out(case: Path, change: Any, said: str) -> None:
    found = run("decide", str(changed(case, change)))
    assert found.exit_code == 1 and found.stdout == ""
    assert said in found.stderr and "Traceback" not in found.stderr
    as_data = run("decide", str(case), "--json")
    assert as_data.exit_code == 1 and json.loads(as_data.stdout)["errors"][0]["message"]["en"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"a": 1, "a": 2}', '{"a": NaN}', "[" * 100_000, "\xff"])
def test_a_file_that_is_no_case_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "CASE.json"
    path.write_bytes(text.encode("latin-1"))
    found = run("decide", str(path))
    assert found.exit_code == 1 and found.stderr and "Traceback" not in found.stderr


def test_a_decimal_written_as_a_number_stays_that_decimal(case: Path) -> None:
    text = case.read_text(encoding="utf-8").replace('"829.99"', "829.99")
    assert "829.99," in text
    case.write_text(text, encoding="utf-8")
    values = json.loads(run("decide", str(case), "--json").stdout)["values"]
    assert values["household.assessed_income"] == "829.9900000000"


def test_wrong_usage_is_two() -> None:
    for arguments in (["decide", "/nowhere/CASE.json"], ["policy", "explain"], ["policy", "nothing"]):
        assert run(*arguments).exit_code == 2
    assert run("policy", "check", "--lang", "fr").exit_code == 2


def test_policy_check_says_every_fault(tmp_path: Path) -> None:
    good = run("policy", "check", "--json")
    assert good.exit_code == 0 and {p["place"] for p in json.loads(good.stdout)["places"]} >= {"nation", "990101"}
    root = write_policy(tmp_path, {})
    (root / "programmes" / "bad").mkdir()
    (root / "programmes" / "bad" / "rules.yaml").write_text(RULE.format(type="boolean", formula="household.nope"))
    bad = run("policy", "check", "--policy", str(root))
    assert bad.exit_code == 1 and "programmes/bad/rules.yaml:8:14" in bad.stderr
    data = json.loads(run("policy", "check", "--policy", str(root), "--json").stdout)
    assert (data["errors"][0]["line"], data["errors"][0]["code"]) == (8, "rule.name_unknown")


def test_policy_test_runs_the_examples_and_shows_what_they_see() -> None:
    found = run("policy", "test", "--json")
    data = json.loads(found.stdout)
    assert found.exit_code == 0 and data["different"] == [] and data["examples"] > 100
    assert data["coverage"]["990101"]["seen"] == data["coverage"]["990101"]["of"]


def test_policy_explain_tells_a_rule_and_suggests_a_name() -> None:
    found = run("policy", "explain", "household.income_per_head", "--place", "990101")
    assert "月核定收入 ÷ 计入人数" in found.stdout and "programmes/shared/rules.yaml:" in found.stdout
    wrong = run("policy", "explain", "household.income_per_hed", "--place", "990101")
    assert wrong.exit_code == 1 and "household.income_per_head" in wrong.stderr


def test_policy_doc_has_conditions_figures_and_articles_in_both_languages() -> None:
    zh = run("policy", "doc", "dibao", "--place", "990101", "--on", "2026-07-10").stdout
    assert "# 最低生活保障（低保）" in zh and "830 元/月" in zh and "国务院令第649号" in zh
    en = run("policy", "doc", "dibao", "--place", "990101", "--on", "2026-06-30", "--lang", "en").stdout
    assert "## Figures in force" in en and "800 yuan a month" in en


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_case_the_guides_show_is_worked_out(lang: str) -> None:
    shown = POLICY.parent / "docs" / "guides" / "case.json"
    result = run("decide", str(shown), "--explain", "--lang", lang)
    assert result.exit_code == 0, result.output
    assert "803.00" in result.stdout, "1660 - (9600 x 0.8 + 300 x 12) / 12, and a tenth of 830 for the child"


def test_an_exported_parcel_can_be_compared(tmp_path: Path) -> None:
    from doudi.rulebook.logic.bundle import policy_files
    from doudi.rulebook.logic.parcel import packed

    files = policy_files(POLICY)
    name = "places/990101/parameters.yaml"
    for parcel, text in (("a.zip", files[name]), ("b.zip", files[name].replace("value: 24,", "value: 30,"))):
        (tmp_path / parcel).write_bytes(packed({**files, name: text}, {}))
    found = run("policy", "diff", str(tmp_path / "a.zip"), str(tmp_path / "b.zip"), "--place", "990101")
    assert found.exit_code == 0 and "30" in found.output


def test_a_file_that_cannot_be_written_is_said_in_a_line(tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "k.json"
    found = run("decide", str(POLICY.parent / "docs" / "guides" / "case.json"), "--keep", str(target))
    assert found.exit_code == 2 and "--keep" in found.output
