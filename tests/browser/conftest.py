"""One browser for the run; a served site with a small county for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import county as counties
from tests.browser.chromium import WIDE, Visitor, context, launched, visitor


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without it the browser tests fail and say how to get it."""
    with launched() as opened:
        yield opened


@pytest.fixture
def county(live_site: str) -> counties.County:
    """The county behind the served site."""
    return counties.build()


@pytest.fixture
def visit(browser: Browser, live_site: str, county: counties.County) -> Iterator[Callable[..., Visitor]]:
    """visit(role="", size=WIDE, lang="zh"): somebody at a screen of their own, logged in if a role is named."""
    opened = []

    def enter(role: str = "", size: dict[str, int] = WIDE, lang: str = "zh") -> Visitor:
        screen = context(browser, live_site, size=size, lang=lang)
        opened.append(screen)
        made = visitor(screen, live_site)
        if role:
            made.log_in(role, counties.PASSWORD)
        return made

    yield enter
    for screen in opened:
        screen.close()
