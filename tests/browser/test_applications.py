"""An application from the form to the reviewed opinion, by people at screens; every page on the way without a fault."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from uuid import UUID

import pytest

from doudi.core.vault import vault
from doudi.matching.queries import evidence as evidence_room
from doudi.rulebook.queries import current
from tests.architecture.project import ROOT
from tests.browser.chromium import PHONE, SCREENS, Visitor
from tests.browser.county import County
from tests.matching.fakes import FakeCoverage, FakeLake

pytestmark = pytest.mark.browser
DELIVERY = UUID("7d1f0000-0000-4000-8000-000000000001")
UNTIL = datetime.date(2026, 10, 31)


@pytest.fixture
def lake(county: County, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLake]:
    """Every list received; the banks have answered about the old couple, who have a pension and a little work."""
    made = FakeLake()
    for record in current("990101", UNTIL).records.values():
        made.coverages[record.feed.name] = FakeCoverage(None, None)

    def deliver(name: str, feed: str, **row: object) -> None:
        rows = made.held.setdefault(feed, {}).setdefault(vault().person_key(county.numbers[name]), [])
        rows.append({**row, "_row": len(rows) + 1204, "_delivery": DELIVERY})

    for name in ("李建国", "王秀英"):
        deliver(name, "yinhang_jinrong", as_at=UNTIL, deposits=Decimal("2310.55"), wealth_products=Decimal(0))
    pension = {"amount": Decimal("341.00"), "basic_amount": Decimal("143.00")}
    deliver("李建国", "renshe_yanglao", scheme="城乡居民", state="在发", **pension)
    for month in range(1, 10):
        deliver("王秀英", "shuiwu_gongzi", month=datetime.date(2026, month, 1), amount=Decimal("1200.00"))
    deliver("李建国", "canlian_chizheng", category="肢体", grade="二级", state="有效")
    monkeypatch.setattr(evidence_room, "sources", made)
    yield made


class Walk:
    """Somebody's way through pages: each is looked at, and pictured where a folder is asked for."""

    def __init__(self, shape: str) -> None:
        self.faults: list[str] = []
        self._shape, self._count = shape, 0

    def see(self, visitor: Visitor, name: str) -> str:
        """Looks at the page; returns its text."""
        self.faults += visitor.faults()
        if os.environ.get("PICTURES"):
            folder = ROOT / "var" / "screens" / self._shape
            folder.mkdir(parents=True, exist_ok=True)
            self._count += 1
            visitor.page.screenshot(path=folder / f"{self._count:02d}-{name}.png", full_page=True)
        return visitor.page.inner_text("main")


def press(visitor: Visitor, selector: str) -> None:
    """Presses something that leads to another page."""
    visitor.page.click(selector)
    visitor.page.wait_for_load_state()


def fill_in(registrar: Visitor, county: County, walk: Walk) -> None:
    """The form, page by page."""
    page = registrar.page
    page.goto(f"{registrar.site}/cases/new/")
    walk.see(registrar, "begin")
    go_on = "main form button.btn:not(.ghost):not(.small)"
    press(registrar, go_on)
    page.fill("#id_applicant", "99010119520117001")
    press(registrar, go_on)
    walk.see(registrar, "applicant-wrong")
    assert page.input_value("#id_applicant") == "99010119520117001"
    page.fill("#id_applicant", county.numbers["李建国"])
    page.fill("#id_household_number", "YX001843")
    press(registrar, go_on)
    walk.see(registrar, "members")
    press(registrar, go_on)
    page.fill("#id_declared_other_income", "54.80")
    walk.see(registrar, "income")
    press(registrar, go_on)
    page.fill("#id_education_spending", "0")
    walk.see(registrar, "spending")
    press(registrar, go_on)
    walk.see(registrar, "obligors")
    page.check("input[name=obligor_status][value=有]")
    press(registrar, go_on)
    for box in page.query_selector_all("input[name=signed]"):
        box.check()
    walk.see(registrar, "authorisations")
    press(registrar, go_on)
    text = walk.see(registrar, "check")
    assert county.numbers["李建国"] not in page.content() and "李建国" in text
    press(registrar, "main form button.btn:not(.ghost)")
    assert "SQ990101-" in walk.see(registrar, "entered")


@pytest.mark.parametrize(("size", "lang"), SCREENS)
def test_from_the_form_to_the_reviewed_opinion(
    visit: Callable[..., Visitor], county: County, lake: FakeLake, size: dict[str, int], lang: str
) -> None:
    walk = Walk(f"{lang}-{'phone' if size is PHONE else 'wide'}-cases")
    registrar = visit("registrar", size=size, lang=lang)
    fill_in(registrar, county, walk)
    press(registrar, "main .actions a.btn:not(.ghost)")
    walk.see(registrar, "application")
    address = registrar.page.url

    handler = visit("handler", size=size, lang=lang)
    handler.page.goto(address)
    for act in ("accept", "verify", "calculate"):
        press(handler, f"main form[action$='/{act}/'] button")
    handler.page.evaluate("document.querySelectorAll('.ledger > details').forEach(d => d.open = true)")
    text = walk.see(handler, "decision")
    assert "2,310.55" not in text, "the township sees no balance"
    why = handler.page.locator("details", has_text="云溪市社会救助规定").first
    assert why.count() == 1
    press(handler, "form input[value=agree] ~ .actions button")
    walk.see(handler, "opinion-open")

    reviewer = visit("reviewer", size=size, lang=lang)
    reviewer.page.goto(f"{reviewer.site}/cases/")
    walk.see(reviewer, "list")
    reviewer.page.goto(f"{address}review/")
    walk.see(reviewer, "review")
    press(reviewer, "button[value=agree]")
    walk.see(reviewer, "opinion")
    press(reviewer, "main a[href*='pdf']")
    walk.see(reviewer, "take")
    reviewer.page.check("form input[name=purpose] >> nth=0")
    with reviewer.page.expect_response(lambda answer: answer.request.method == "POST") as taken:
        reviewer.page.click("main form button[type=submit]")
    assert taken.value.ok and taken.value.headers["content-type"] == "application/pdf"
    assert ".pdf" in taken.value.headers["content-disposition"]
    reviewer.page.goto(address)
    walk.see(reviewer, "application-reviewed")

    officer = visit("verification_officer", size=size, lang=lang)
    officer.page.goto(f"{address}decision/")
    officer.page.click("main a[href*='/accounts/purpose/']")
    officer.page.wait_for_load_state()
    walk.see(officer, "purpose")
    officer.page.check("input[value=verify_means]")
    press(officer, "main form button.btn")
    officer.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert "2,310.55" in walk.see(officer, "decision-officer")
    assert not walk.faults, "\n".join(walk.faults)
