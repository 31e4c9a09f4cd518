"""What officers read: which figure, where, from when, how much instead of how much; what is published already."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from doudi.areas.actions import load_area_rows
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Missing
from doudi.engine.tree import Kind
from doudi.rulebook import actions, queries
from doudi.rulebook.logic.checking import Trial
from doudi.rulebook.logic.typed import as_written
from doudi.rulebook.models import Published
from tests.cases.signing_in import signed_in
from tests.rulebook.drafting import AT, COUNTY, LEADER, drafted, in_force, seen, submitted
from tests.rulebook.test_draft_pages import AREAS, VALUE, begun, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Published:
    load_area_rows(actor=Actor.system(), at=AT, rows=AREAS, from_on=date(2020, 1, 1))
    return in_force()


def plain(page: str) -> str:
    """The text of the main part, spaces as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1]))


def test_a_draft_says_the_old_figure_the_new_one_where_and_from_when(place: Published) -> None:
    draft = drafted()
    officer, _ = signed_in("county_officer", COUNTY)
    said = plain(text_of(officer, f"/policy/drafts/{draft.id}/"))
    assert "云溪县 · 从 2027-01-01 起： 原来： 24 个月 → 改为： 30 个月" in said
    assert "990101 ·" not in said and "value 990101" not in said
    english, _ = signed_in("county_officer", COUNTY, language="en")
    said = plain(text_of(english, f"/policy/drafts/{draft.id}/"))
    assert "from 2027-01-01" in said and "24 months" in said and "30 months" in said


def test_what_is_published_for_later_stands_on_todays_row(place: Published) -> None:
    draft = submitted()
    actions.approve_draft(actor=LEADER, at=AT, draft=draft.id, seen=seen(draft))
    officer, _ = signed_in("county_officer", COUNTY)
    said = plain(text_of(officer, "/policy/standards/?on=2026-11-02"))
    assert "从 2027-01-01 起 30" in said
    assert "从 2027-01-01 起 30" not in plain(text_of(officer, "/policy/standards/?on=2027-01-01"))
    version = queries.current(COUNTY, date(2027, 1, 1)).hash
    assert "24 个月 → 改为： 30 个月" in plain(text_of(officer, f"/policy/versions/{version}/"))


def test_standards_stand_under_programmes_and_can_be_cut_to_one(place: Published) -> None:
    officer, _ = signed_in("county_officer", COUNTY, language="en")
    whole = text_of(officer, "/policy/standards/?on=2026-11-02")
    assert 'href="#of-dibao"' in whole and 'id="of-dibao"' in whole
    cut = text_of(officer, "/policy/standards/?on=2026-11-02&programme=dibao&residence=农村")
    assert 'id="of-dibao"' in cut and 'id="of-tekun"' not in cut and len(cut) < len(whole) / 2
    said = plain(cut)
    assert "rural" in said and '<span class="tag plain">urban' not in cut and "（农村）" not in said
    assert 'value="2026-11-02"' in cut and '<option value="dibao" selected>' in cut
    text_of(officer, "/policy/standards/?programme=nothing", 404)
    assert "Dibao line (rural)" in plain(text_of(officer, "/policy/dibao/"))


@pytest.mark.parametrize(
    ("figure", "value", "said"),
    [("financial_asset_months", "18.5", "请写整数，例如 12，不小于 0。"), ("financial_asset_months", "-1", "不小于 0"),
     ("essential_expenditure_ratio_limit", "much", "请写小数或百分数")],
)  # fmt: skip
def test_a_number_of_the_wrong_kind_is_said_at_its_field(place: Published, figure: str, value: str, said: str) -> None:
    officer, _ = signed_in("county_officer", COUNTY)
    page = begun(officer)
    answer = officer.post(f"{page}values/{figure}/", VALUE | {"value_": value})
    assert answer.status_code == 400
    assert said in answer.content.decode().split('id="id_value__error"')[1].split("</p>")[0]


@pytest.mark.parametrize(
    ("kind", "text", "written"),
    [
        (Kind("number", "ratio"), "20%", "0.2"), (Kind("number", "ratio"), "２０％", "0.2"),
        (Kind("number", "yuan/month"), "1，234.50", "1234.50"), (Kind("number", "yuan/month"), "20%", None),
        (Kind("integer", "months"), "12.0", "12.0"), (Kind("integer", "months"), "12.5", None),
        (Kind("integer", "months", maximum=Decimal(6)), "7", None), (Kind("number", "ratio"), "-0.1", None),
        (Kind("number", "ratio", minimum=Decimal(-1)), "-0.1", "-0.1"), (Kind("number", "none"), "1e99", None),
        (Kind("number", "none"), "NaN", None),
    ],
)  # fmt: skip
def test_a_typed_value_is_read_as_its_kind_says(kind: Kind, text: str, written: str | None) -> None:
    assert as_written(kind, text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0,2", None), ("0,200", None), ("8 30", None), ("1_000", None), ("²", None), ("1²", None), ("①", None),
        ("1e5", None), ("1,23", None), ("12,34,567", None), ("1234,567", None), ("1.2,345", None), ("٣", None),
        (".5", None), ("5.", None), ("--1", None), ("", None), ("1,234,567.5", "1234567.5"), (" 830 ", "830"),
        ("８３０．５", "830.5"), ("+2", "2"), ("－2", "-2"), ("20 %", "0.2"), ("1,000%", "10"),
    ],
)  # fmt: skip
def test_a_figure_that_could_be_read_as_another_is_refused(text: str, written: str | None) -> None:
    assert as_written(Kind("number", "none"), text) == written


def test_examples_dated_before_the_change_are_said_to_prove_nothing(
    place: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, days = drafted(), [date(2026, 9, 1), date(2026, 12, 31)]
    monkeypatch.setattr("doudi.rulebook.views.drafts.try_examples", lambda *_: Trial(len(days), tuple(days), ()))
    officer, _ = signed_in("county_officer", COUNTY)
    said = text_of(officer, f"/policy/drafts/{draft.id}/?try=1")
    assert "没有一个例子的日期在 2027-01-01 当天或以后" in said and "说明不了这次改动对不对" in said
    days.append(date(2027, 1, 1))
    said = text_of(officer, f"/policy/drafts/{draft.id}/?try=1")
    assert "3 个例子里，日期在 2027-01-01 当天或以后、看得到这次改动的有 1 个" in said


def test_a_short_hash_names_a_version_while_it_names_one(place: Published) -> None:
    assert queries.hash_of(place.hash[:12]) == place.hash
    other = place.hash[:12] + ("0" if place.hash[12] != "0" else "1") + "0" * 51
    Published.objects.create(
        hash=other, place=COUNTY, effective_on=date(2026, 8, 1), published_at=AT, published_by="x", bundle=b""
    )
    with pytest.raises(Malformed) as caught:
        queries.hash_of(place.hash[:12])
    assert place.hash[:16] in str(caught.value.message)
    with pytest.raises(Missing):
        queries.hash_of("ffffff000000")
