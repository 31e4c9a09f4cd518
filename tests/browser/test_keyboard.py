"""With the keyboard alone: log in, skip to the content, my work, search, a family; and everything without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser import county as counties
from tests.browser.chromium import PHONE, Visitor, context, visitor
from tests.browser.county import County

pytestmark = pytest.mark.browser
FOCUSED = "(document.activeElement.innerText || document.activeElement.name || '').trim().split('\\n')[0]"


def tab(visitor: Visitor, times: int = 1) -> str:
    """Presses Tab; what has the focus then."""
    for _ in range(times):
        visitor.page.keyboard.press("Tab")
    return str(visitor.page.evaluate(FOCUSED))


def is_seen(visitor: Visitor) -> bool:
    """Whether what has the focus is in the picture and has an outline."""
    return bool(
        visitor.page.evaluate(
            """() => { const e = document.activeElement, b = e.getBoundingClientRect(), s = getComputedStyle(e);
            return b.width > 0 && b.top >= 0 && b.bottom <= innerHeight + 1 && s.outlineStyle !== 'none' }"""
        )
    )


def test_from_the_login_to_a_family(visit: Callable[..., Visitor], county: County) -> None:
    somebody = visit()
    page = somebody.page
    page.goto(f"{somebody.site}/accounts/login/")
    assert tab(somebody) == "跳到正文" and is_seen(somebody)
    page.keyboard.press("Enter")
    assert tab(somebody) == "login"
    page.keyboard.type("registrar")
    assert tab(somebody) == "password"
    page.keyboard.type(counties.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{somebody.site}/")
    assert page.inner_text("h1") == "我的工作"

    order = [tab(somebody) for _ in range(4)]
    assert order == ["跳到正文", "兜底", "我的工作", "困难家庭"], "skip link, then the navigation, in reading order"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "finder"
    page.keyboard.type("li jianguo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?t=*")
    page.focus("main .familylink")
    page.keyboard.press("Enter")
    page.wait_for_url("**/households/*/")
    assert "李建国 户" in page.inner_text("h1")


def test_the_skip_link_passes_over_the_navigation(visit: Callable[..., Visitor]) -> None:
    somebody = visit("registrar")
    somebody.page.goto(f"{somebody.site}/search/")
    tab(somebody)
    somebody.page.keyboard.press("Enter")
    assert somebody.page.evaluate("document.activeElement.id") == "content"
    assert tab(somebody) == "q", "the first thing in the content"


def test_whatever_has_the_focus_is_seen(visit: Callable[..., Visitor]) -> None:
    somebody = visit("registrar")
    hidden = []
    for _ in range(16):
        name = tab(somebody)
        hidden += [] if is_seen(somebody) else [name]
    assert not hidden


def test_errors_come_first_and_lead_to_their_field(visit: Callable[..., Visitor]) -> None:
    somebody = visit("registrar")
    page = somebody.page
    page.goto(f"{somebody.site}/accounts/password/")
    page.fill("#id_current", "not-the-one-in-use")
    page.fill("#id_password", "Ganz-neu-gesetzt-9")
    page.fill("#id_again", "Ganz-neu-gesetzt-9")
    page.click("main form button")
    page.wait_for_selector(".summary")
    assert page.evaluate("document.activeElement.classList.contains('summary')")
    page.click(".summary a")
    assert page.evaluate("document.activeElement.id") == "id_current"
    assert page.get_attribute("#id_current", "aria-invalid") == "true"
    assert "id_current_error" in (page.get_attribute("#id_current", "aria-describedby") or "")
    assert not somebody.faults()


def test_the_menu_of_a_phone_opens_and_closes_without_script(browser: Browser, live_site: str, county: County) -> None:
    screen = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    somebody = visitor(screen, live_site)
    somebody.log_in("registrar", counties.PASSWORD)
    page = somebody.page
    assert not page.is_visible("#menu")
    page.click(".menu-open")
    assert page.is_visible("#menu") and page.is_visible("text=困难家庭")
    page.click(".menu-close")
    assert not page.is_visible("#menu")
    page.click(".menu-open")
    page.click("#menu >> text=困难家庭")
    page.fill("#id_q", "陈")
    page.click("main form.ask button")
    page.click("main .familylink >> nth=0")
    assert "陈桂兰 户" in page.inner_text("h1")
    page.click(".menu-open")
    page.click("#menu >> text=退出")
    assert page.url.startswith(f"{live_site}/accounts/login/")
    screen.close()


def test_targets_on_a_phone_are_as_large_as_a_thumb(browser: Browser, live_site: str, county: County) -> None:
    for elder, least in ((False, 44), (True, 60)):
        screen = context(browser, live_site, size=PHONE)
        if elder:
            screen.add_cookies([{"name": "elder", "value": "1", "url": live_site}])
        somebody = visitor(screen, live_site)
        somebody.log_in("registrar", counties.PASSWORD)
        somebody.page.goto(f"{live_site}/search/#menu")
        small = somebody.page.evaluate(
            """least => [...document.querySelectorAll('button, .btn, .menu a, input:not([type=hidden])')]
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < least - 0.5)
            .map(e => e.outerHTML.slice(0, 90))""",
            least,
        )
        screen.close()
        assert not small
