"""Every page somebody can reach: no fault of access, no sideways scrolling, nothing refused by the policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from doudi.accounts.logic.roles import ROLES
from tests.browser.chromium import PHONE, SCREENS, Visitor
from tests.browser.county import County
from tests.browser.walk import pages_of

pytestmark = pytest.mark.browser


def _searched(visitor: Visitor, text: str) -> None:
    visitor.page.goto(visitor.site + "/search/")
    visitor.page.fill("#id_q", text)
    visitor.page.click("main form.ask button")
    visitor.page.wait_for_load_state()


def _more_of(role: str, county: County) -> list[str]:
    """Pages no link leads to from the first page."""
    return [f"/households/{county.units[1]}/"] if role in ("registrar", "verification_officer") else []


@pytest.mark.parametrize(("size", "lang"), SCREENS)
def test_no_page_has_a_fault(visit: Callable[..., Visitor], county: County, size: dict[str, int], lang: str) -> None:
    faults: list[str] = []
    known: dict[str, set[str]] = {}
    out = visit(size=size, lang=lang)
    for address in ("/accounts/login/", "/nowhere/", "/accounts/signup/"):
        out.page.goto(out.site + address)
        out.said = [text for text in out.said if "404" not in text]
        faults += out.faults()
    for role in ROLES:
        visitor = visit(role, size=size, lang=lang)
        for _ in pages_of(visitor, known, *_more_of(role, county)):
            faults += [f"{role} {fault}" for fault in visitor.faults()]
    searcher = visit("registrar", size=size, lang=lang)
    for text in ("陈", "nobody"):
        _searched(searcher, text)
        faults += searcher.faults()
    assert not faults, "\n".join(faults)
    assert len(known) > 12


def test_a_page_that_is_not_allowed_or_not_there_is_a_page_too(visit: Callable[..., Visitor], county: County) -> None:
    visitor = visit("registrar")
    for address, status in (("/accounts/list/", 403), ("/documents-not-there/", 404)):
        answer = visitor.page.goto(visitor.site + address)
        assert answer is not None and answer.status == status
        visitor.said = [text for text in visitor.said if str(status) not in text]
        assert not visitor.faults()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_large_type_has_no_fault_either(visit: Callable[..., Visitor], county: County, lang: str) -> None:
    visitor = visit("registrar", size=PHONE, lang=lang)
    visitor.page.click("form[action='/elder/'] button")
    visitor.page.wait_for_load_state()
    faults = []
    for address in ("/", "/search/", f"/households/{county.units[1]}/", "/policy/dibao/"):
        visitor.page.goto(visitor.site + address)
        assert visitor.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24
        faults += visitor.faults()
    assert not faults, "\n".join(faults)
