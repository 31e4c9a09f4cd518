"""A programme's policy page is made from its rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from doudi.engine.policy import load
from doudi.engine.rulebook import Rulebook, resolve
from doudi.rulebook.logic.policy_page import PolicyPage, list_programmes, programme_page

ROOT = Path(__file__).resolve().parents[2] / "policy"
ON = date(2026, 7, 10)


@pytest.fixture(scope="module")
def county() -> Rulebook:
    return resolve(load(ROOT), "990101")


def page(rulebook: Rulebook, name: str, on: date = ON, lang: str = "zh") -> PolicyPage:
    return programme_page(rulebook, name, place="990101", on=on, lang=lang, area_name=lambda code: f"<{code}>")


def test_programmes_are_listed_in_the_order_of_the_chain(county: Rulebook) -> None:
    names = [line.name for line in list_programmes(county, "zh")]
    assert names[:4] == ["tekun", "dibao", "dibao_edge", "rigid_expenditure"]


def test_the_conditions_of_dibao_are_income_and_assets(county: Rulebook) -> None:
    labels = [condition.label for condition in page(county, "dibao").conditions]
    assert labels == ["人均收入低于低保标准", "财产符合规定"]


def test_what_another_programme_finds_is_named_and_told_on_its_own_page(county: Rulebook) -> None:
    found = page(county, "medical_assistance")
    assert [condition.label for condition in found.conditions] == ["属于医疗救助对象", "自付费用超过起付线"]
    parts = {part.label: part.parts for part in found.conditions[0].parts}
    assert parts["符合低保条件"] == ()
    assert page(county, "dibao").conditions[1].parts != ()


def test_the_asset_test_opens_into_its_four_parts(county: Rulebook) -> None:
    assets = page(county, "dibao").conditions[1]
    assert [part.label for part in assets.parts] == [
        "车辆符合规定",
        "房产符合规定",
        "市场主体符合规定",
        "金融资产超过限额",
    ]
    assert assets.parts[3].sentence == "家里的存款和理财，平均每人没有超过 24 个月的低保标准。"
    assert assets.parts[0].articles[0].article == "第5条第b项"


def test_figures_show_value_unit_place_day_and_who_may_set_them(county: Rulebook) -> None:
    lines = {figure.key: figure for figure in page(county, "dibao").figures if figure.label == "低保标准"}
    assert (lines["城镇"].value, lines["农村"].value) == ("830", "650")
    assert lines["城镇"].unit == "元/月" and lines["城镇"].area == "<9901>"
    assert lines["城镇"].from_on == date(2026, 7, 1) and lines["城镇"].to_on is None
    assert lines["城镇"].set_by == "省、设区的市"


def test_the_figures_are_those_of_the_day_asked_for(county: Rulebook) -> None:
    lines = {
        figure.key: figure.value
        for figure in page(county, "dibao", date(2026, 6, 30)).figures
        if figure.label == "低保标准"
    }
    assert lines == {"城镇": "800", "农村": "620"}


def test_shares_are_written_as_percentages(county: Rulebook) -> None:
    figures = {figure.label: figure.value for figure in page(county, "dibao").figures}
    assert figures["就业成本占工资的比例"] == "20%"
    assert figures["重病的分类施保比例"] == "30%"


def test_the_page_says_what_must_be_known_and_from_whom(county: Rulebook) -> None:
    needs = {need.label: need.source for need in page(county, "tekun").needs}
    assert needs["义务人"] == "申请人申报"
    assert needs["出生日期"] == "户口登记和申请表"


def test_days_and_articles_come_from_the_programme(county: Rulebook) -> None:
    shown = page(county, "dibao")
    assert [stage.days for stage in shown.stages] == [3, 3, 7, 10, 3, 30]
    assert shown.stages[2].calendar is True
    assert shown.stages[3].articles[0].article == "第二十条"


def test_what_is_not_checked_against_the_document_is_marked(county: Rulebook) -> None:
    assert any(article.sample for article in page(county, "rigid_expenditure").articles)


def test_the_amount_opens_into_its_steps(county: Rulebook) -> None:
    labels = [step.label for step in page(county, "dibao").workings]
    assert labels[0] == "低保月金额"
    assert {"补差", "分类施保", "月核定收入", "就业成本"} <= set(labels)


def test_a_recognition_has_no_amount(county: Rulebook) -> None:
    shown = page(county, "dibao_edge")
    assert shown.recognition and shown.workings == ()


def test_the_page_is_complete_in_english(county: Rulebook) -> None:
    for line in list_programmes(county, "en"):
        shown = page(county, line.name, lang="en")
        texts = [
            shown.label,
            shown.authority,
            *(c.label for c in shown.conditions),
            *(c.sentence for c in shown.conditions),
            *shown.materials,
        ]
        texts += [figure.label + figure.set_by + figure.unit for figure in shown.figures] + [
            need.meaning for need in shown.needs
        ]
        assert not [text for text in texts if any("\u4e00" <= character <= "\u9fff" for character in text)]
