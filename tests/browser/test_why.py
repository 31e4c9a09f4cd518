"""Why 533.33? Opened at the screen, step by step, down to the figure, the place that set it and the article."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from doudi.cases.actions import accept_application, assess, enter_application, verify_application
from doudi.cases.logic.entries import EDUCATION, OBLIGORS, OTHER_INCOME, NewApplication
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.vault import vault
from doudi.matching.queries import evidence as evidence_room
from doudi.rulebook.queries import current
from tests.browser.chromium import PHONE, WIDE, Visitor
from tests.browser.county import County
from tests.matching.fakes import FakeCoverage, FakeLake

pytestmark = pytest.mark.browser
FAMILY = ("陈桂兰", "周文平", "周小妍")


@pytest.fixture
def decided(county: County, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Three people who declare 1,600 yuan a month and have next to nothing; everybody signed, every source answered."""
    lake = FakeLake()
    rulebook = current("990101", today())
    for record in rulebook.records.values():
        lake.coverages[record.feed.name] = FakeCoverage(None, None)
    for row, name in enumerate(FAMILY, start=12):
        key = vault().person_key(county.numbers[name])
        balance = {"as_at": today(), "deposits": Decimal("10.00"), "wealth_products": Decimal(0)}
        delivery = UUID("7d1f0000-0000-4000-8000-000000000002")
        lake.held.setdefault("yinhang_jinrong", {})[key] = [{**balance, "_row": row, "_delivery": delivery}]
    monkeypatch.setattr(evidence_room, "sources", lake)
    actor, at = Actor.system(), now() - timedelta(minutes=1)
    numbers = tuple(county.numbers[name] for name in FAMILY)
    entry = NewApplication(
        number="SQ-533", applied_on=today(), household_number="YX001842", applicant=numbers[0], members=numbers,
        declared={OTHER_INCOME: Decimal("1600.00"), EDUCATION: Decimal(0), OBLIGORS: "有"}, signed=numbers,
    )  # fmt: skip
    return _decided(actor, at, entry)


def _decided(actor: Actor, at: datetime, entry: NewApplication) -> UUID:
    made = enter_application(actor=actor, at=at, entry=entry)
    accept_application(actor=actor, at=at, application=made.id, on=today())
    rulebook = current("990101", today())
    verify_application(actor=actor, at=at, application=made.id, rulebook=rulebook)
    assess(actor=actor, at=at, application=made.id, rulebook=rulebook)
    return made.id


@pytest.mark.parametrize(
    ("size", "lang"), [(WIDE, "zh"), (PHONE, "zh"), (WIDE, "en")], ids=["wide-zh", "phone-zh", "wide-en"]
)
def test_533_33_opens_down_to_the_article(
    visit: Callable[..., Visitor], decided: UUID, size: dict[str, int], lang: str
) -> None:
    handler = visit("handler", size=size, lang=lang)
    page = handler.page
    page.goto(f"{handler.site}/cases/{decided}/decision/")
    assert "533.33" in page.inner_text("main .verdict"), "the first sentence says the number"

    step = page.locator("details", has=page.locator("summary", has_text="533.33")).first
    step.locator("summary").first.click()
    opened = step.inner_text()
    assert "1,600.00 ÷" in opened and opened.split("÷")[-1].split("\n")[0].strip().endswith("3")
    assert "第九条" in opened and "社会救助暂行办法" in opened

    used = step.locator("a", has_text={"zh": "月核定收入", "en": "ssessed income"}[lang]).first
    used.click()
    target = page.evaluate("document.getElementById(decodeURIComponent(location.hash.slice(1))).innerText")
    assert "1,600.00" in target, "the number used leads to its own step"

    page.evaluate("document.querySelectorAll('.ledger details').forEach(d => d.open = true)")
    everything = page.inner_text("main")
    assert "650.00" in everything and "云溪市社会救助规定" in everything and "2026-07-01" in everything
    assert not handler.faults()
