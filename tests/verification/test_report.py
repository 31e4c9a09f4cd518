"""The report and its levels: the township stops at totals and at over or under; the officer goes to the rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest

from doudi.core.actor import Actor
from doudi.core.errors import Missing
from doudi.documents.queries import pdf
from doudi.engine.rulebook import Rulebook
from doudi.verification.actions import conclude_check
from doudi.verification.logic.report import Report
from doudi.verification.models import Check
from doudi.verification.queries import report
from doudi.verification.queries.printed import TEMPLATE, printed
from tests.documents.reading import text_of
from tests.verification.conftest import AT, BANK, CARS, WAGES, Family, Lake, balance, car, wage

pytestmark = pytest.mark.django_db
CheckOf = Callable[..., Check]
DEPOSITS = {"87654.32", "23456.78", "111111.11"}
BANK_FIGURES = re.compile("|".join(re.escape(figure) for one in DEPOSITS for figure in (one, f"{Decimal(one):,}")))
SUM = f"{sum(map(Decimal, DEPOSITS)):,}"


def banked(family: Family, lake: Lake) -> Family:
    """Everybody signed; each has money in the bank."""
    family.sign()
    family.declare(declared_other_income="150.00")
    for key, amount in zip(family.keys.values(), sorted(DEPOSITS), strict=True):
        lake.put(BANK, key, **balance(amount))
    return family


def texts(value: Any) -> str:
    """Everything a report says, in one text."""
    if isinstance(value, dict):
        return "\n".join(texts(one) for one in value.values())
    if isinstance(value, (list, tuple)):
        return "\n".join(texts(one) for one in value)
    return str(value)


def on_paper(made: Report, actor: Actor) -> str:
    data = printed(made, actor=actor, at=AT, authority="云溪县核对中心", place="云溪县")
    return text_of(pdf(TEMPLATE, data, made.lang)).replace("\n", "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_township_sees_no_bank_amount_on_screen_or_paper(
    family: Family, lake: Lake, actor: Actor, rulebook: Rulebook, check_of: CheckOf, lang: str
) -> None:
    check = check_of(banked(family, lake))
    made = report(check.id, level="township", lang=lang, rulebook=rulebook)
    said = texts(asdict(made)) + on_paper(made, actor)
    assert not BANK_FIGURES.search(said) and SUM not in said
    assert made.rows == ()
    assert all(line.rows is None for line in made.sources if line.feed == BANK)
    assert all(cell.rows is None for person in made.people for cell in person.cells if cell.feed == BANK)
    limit = next(line for line in made.compared if line.subject == "household.exceeds_financial_limit")
    assert limit.state == "over"
    assert limit.found == (rulebook.quantities["household.exceeds_financial_limit"].yes[lang],)  # type: ignore[index]


def test_the_officer_sees_every_row_with_its_place_in_the_delivery(
    family: Family, lake: Lake, officer: Actor, rulebook: Rulebook, check_of: CheckOf
) -> None:
    check = check_of(banked(family, lake))
    made = report(check.id, level="officer", lang="zh", rulebook=rulebook)
    said = texts(asdict(made))
    assert set(BANK_FIGURES.findall(said)) == {f"{Decimal(one):,}" for one in DEPOSITS}
    assert SUM in said
    table = next(one for one in made.rows if one.person == "马超")
    assert table.rows[0][0] == "第 2 行" and table.received_at is not None
    assert set(BANK_FIGURES.findall(on_paper(made, officer))) == {f"{Decimal(one):,}" for one in DEPOSITS}


def test_numbers_are_masked_and_the_foot_says_who_printed(
    family: Family, lake: Lake, rulebook: Rulebook, check_of: CheckOf
) -> None:
    made = report(check_of(family).id, level="officer", lang="zh", rulebook=rulebook)
    printer = Actor("a", "钱核", "verification_officer", "990101", "", "申请核对")
    paper = on_paper(made, printer)
    assert "钱核 于 2026-07-15 10:00 打印 · 用途：申请核对" in paper
    assert "990101********" in paper
    assert not re.search(r"\d{17}[\dX]", texts(asdict(made)) + paper)


def test_it_opens_with_a_sentence(family: Family, lake: Lake, rulebook: Rulebook, check_of: CheckOf) -> None:
    lake.put(CARS, family.keys[family.son], **car())
    family.sign(family.mother)
    lake.coverages.pop("ziran_budongchan")
    opening = report(check_of(family).id, level="township", lang="zh", rulebook=rulebook).opening
    count = len(rulebook.feeds)
    assert opening.startswith(f"{count} 个来源，{count - 3} 个已回全；{count - 4} 个无异常；1 个要留意：")
    assert "2 个没有回全：" in opening and "1 个有人没授权：工资薪金申报" in opening


def test_it_opens_in_english_too(family: Family, lake: Lake, rulebook: Rulebook, check_of: CheckOf) -> None:
    for key in family.keys.values():
        lake.put(BANK, key, **balance("1.00"))
    family.sign()
    opening = report(check_of(family).id, level="township", lang="en", rulebook=rulebook).opening
    count = len(rulebook.feeds)
    assert opening == f"All {count} sources have answered; {count} without anything to note."


def test_missing_answers_say_about_whom_why_and_what_next(
    family: Family, lake: Lake, rulebook: Rulebook, check_of: CheckOf
) -> None:
    family.sign(family.mother)
    lake.coverages.pop(CARS)
    gaps = {
        (gap.feed, gap.reason): gap
        for gap in report(check_of(family).id, level="township", lang="zh", rulebook=rulebook).gaps
    }
    assert set(gaps[CARS, "no_delivery"].people) == {"马诺", "马超", "马小"}
    assert "交付" in gaps[CARS, "no_delivery"].next_step
    assert gaps[WAGES, "not_signed"].people == ("马超",)
    assert "授权书" in gaps[WAGES, "not_signed"].next_step
    assert set(gaps[BANK, "no_row"].people) == {"马诺", "马小"}
    assert "不能当作没有" in gaps[BANK, "no_row"].next_step


def test_declared_stands_against_found(family: Family, lake: Lake, rulebook: Rulebook, check_of: CheckOf) -> None:
    family.sign()
    family.declare(declared_other_income="150.00", obligor_status="不清楚")
    lake.put(WAGES, family.keys[family.son], **wage("3000.00"))
    lines = {
        line.subject: line
        for line in report(check_of(family).id, level="township", lang="zh", rulebook=rulebook).compared
    }
    income = lines["household.declared_other_income"]
    assert income.declared == "150.00 元/月"
    assert income.state == "found_besides" and any("工资" in text for text in income.found)
    assert lines["household.obligor_status"].declared == "没有申报"
    assert lines["household.meets_vehicle_test"].declared == "不用申报"


def test_the_township_sees_household_totals(family: Family, lake: Lake, rulebook: Rulebook, check_of: CheckOf) -> None:
    family.sign()
    lake.put(WAGES, family.keys[family.son], **wage("3000.00"))
    totals = {
        line.label: line.value
        for line in report(check_of(family).id, level="township", lang="zh", rulebook=rulebook).totals
    }
    assert totals["工资和养老待遇"] == "2,400.00 元/年"
    assert "金融资产" not in "".join(totals)


def test_after_retention_states_and_digests_are_left(
    family: Family, lake: Lake, rulebook: Rulebook, check_of: CheckOf
) -> None:
    check = check_of(banked(family, lake))
    before = report(check.id, level="officer", lang="zh", rulebook=rulebook)
    Check.objects.filter(pk=check.pk).update(inputs_enc=None)
    after = report(check.id, level="officer", lang="zh", rulebook=rulebook)
    assert (after.inputs_kept, after.rows, after.totals) == (False, (), ())
    assert after.people == before.people and after.inputs_digest == before.inputs_digest
    assert [line.state for line in after.compared] == [line.state for line in before.compared]
    assert not BANK_FIGURES.search(texts(asdict(after)))


def test_a_concluded_report_prints_its_conclusion_and_signature(
    family: Family, lake: Lake, officer: Actor, rulebook: Rulebook, check_of: CheckOf
) -> None:
    check = check_of(family)
    conclude_check(actor=officer, at=AT, check=check.id, remark="经核对，没有异常。")
    made = report(check.id, level="township", lang="zh", rulebook=rulebook)
    paper = on_paper(made, officer)
    assert "经核对，没有异常。" in paper and "核对员：钱核" in paper
    assert made.conclusion_digest[:20] in paper


def test_an_unknown_check_is_missing(rulebook: Rulebook, family: Family) -> None:
    with pytest.raises(Missing):
        report(family.unit, level="township", lang="zh", rulebook=rulebook)
