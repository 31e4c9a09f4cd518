"""A figure from the form to being in force, by two people at screens; every page on the way without a fault."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable

import pytest

from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.insight.actions import reckon_impact
from doudi.rulebook import queries
from doudi.rulebook.models import Draft
from tests.browser.chromium import PHONE, WIDE, Visitor
from tests.browser.county import County
from tests.browser.test_applications import Walk, press

pytestmark = pytest.mark.browser


def refused(visitor: Visitor) -> None:
    """A form that was not taken answers so; the console says it too."""
    assert any("400" in text for text in visitor.said)
    visitor.said = [text for text in visitor.said if "400" not in text]


def write(officer: Visitor, walk: Walk, day: datetime.date) -> str:
    """A draft with a new figure and its day; returns its address."""
    page = officer.page
    page.goto(f"{officer.site}/policy/standards/financial_asset_months/?place=990101")
    walk.see(officer, "standard")
    press(officer, "main .acts a.btn")
    page.fill("#id_title", "放宽存款上限")
    walk.see(officer, "begin")
    press(officer, "main form.card button.btn")
    page.fill("#id_value_", "many")
    press(officer, "main form.card button.btn")
    refused(officer)
    walk.see(officer, "value-wrong")
    page.fill("#id_value_", "30")
    page.fill("#id_from_on", day.isoformat())
    page.fill("#id_document", "云溪县社会救助实施细则（摘要）")
    press(officer, "main form.card button.btn")
    address = page.url
    page.fill("#id_effective_on", day.isoformat())
    press(officer, "form[action$='/day/'] button")
    walk.see(officer, "draft")
    return address


def look_at_the_rest(officer: Visitor, walk: Walk, address: str) -> None:
    """The other forms of a draft, and the sheet."""
    page = officer.page
    page.goto(f"{address}rules/household.meets_vehicle_test/")
    page.fill("#id_formula", "household.crs <= car_limit")
    press(officer, "button[value=check]")
    refused(officer)
    assert "household.cars" in walk.see(officer, "rule-wrong")
    pages = {"choose": f"{address}choose/", "file": f"{address}files/parameters.yaml/", "tried": f"{address}?try=1"}
    if os.environ.get("PICTURES"):
        rest = ("standards/", "rules/household.exceeds_financial_limit/", "drafts/import/", "", "dibao/")
        pages |= {f"policy-{number}": f"{officer.site}/policy/{where}" for number, where in enumerate(rest)}
    for name, where in pages.items():
        page.goto(where)
        walk.see(officer, name)
    page.goto(address)


SHAPES = [(WIDE, "zh"), (PHONE, "zh"), (WIDE, "en"), (PHONE, "en")] if os.environ.get("PICTURES") else [(WIDE, "zh")]
"""The walk through all pages sees the others; pictures are taken of every shape."""


@pytest.mark.parametrize(("size", "lang"), SHAPES)
def test_a_figure_is_written_by_one_and_approved_by_another(
    visit: Callable[..., Visitor], county: County, size: dict[str, int], lang: str
) -> None:
    walk = Walk(f"{lang}-{'phone' if size is PHONE else 'wide'}-rules")
    day = today() + datetime.timedelta(days=30)
    officer = visit("county_officer", size=size, lang=lang)
    address = write(officer, walk, day)
    look_at_the_rest(officer, walk, address)
    press(officer, "form[action$='/impact/'] button")
    draft = Draft.objects.get()
    reckon_impact(actor=Actor.system(), at=now(), draft=str(draft.id), today=today())
    officer.page.goto(address)
    walk.see(officer, "impact")
    press(officer, "form[action$='/act/submit/'] button")
    walk.see(officer, "submitted")
    assert officer.page.locator("button[value=approve]").count() == 0

    leader = visit("county_leader", size=size, lang=lang)
    leader.page.goto(f"{leader.site}/policy/drafts/")
    walk.see(leader, "drafts")
    leader.page.goto(address)
    walk.see(leader, "approve")
    press(leader, "button[value=approve]")
    walk.see(leader, "published")
    assert queries.current("990101", day).hash != queries.current("990101", day - datetime.timedelta(days=1)).hash
    leader.page.goto(f"{leader.site}/policy/versions/{queries.current('990101', day).hash}/")
    assert "30" in walk.see(leader, "version")
    assert not walk.faults, "\n".join(walk.faults)
