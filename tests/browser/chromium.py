"""Chromium of the system, driven by Playwright, and what is looked at on a page: access, width, console."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.size import LONG

# Playwright's loop runs in this thread; the tests themselves are as synchronous as all others
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET = "No Chromium found. On Debian or Ubuntu: apt install chromium fonts-noto-cjk"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
SCREENS = [
    pytest.param(size, lang, id=f"{name}-{lang}")
    for size, name, lang in ((PHONE, "phone", "zh"), (WIDE, "wide", "en"), (WIDE, "wide", "zh"), (PHONE, "phone", "en"))
][: 4 if LONG else 2]
"""Sizes with languages: each size and each language once, both of both in `make long`."""
COOKIES = {"zh": "zh-hans", "en": "en"}
# every rule of axe but one that is about the browser's own dialog of a file field
OPTIONS = {"resultTypes": ["violations"]}
OVERLAID = """() => {
  const seen = (box, holder) => {
    let {left, right, top, bottom} = box;
    for (let at = holder; at; at = at.parentElement) {
      const style = getComputedStyle(at), edge = at.getBoundingClientRect();
      if (style.overflowX !== "visible") [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      if (style.overflowY !== "visible") [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return {left, right, top, bottom, width: right - left, height: bottom - top};
  };
  const rows = [], walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest("svg, option") || !holder.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const whole of range.getClientRects()) {
      const box = seen(whole, holder);
      if (box.width > 1 && box.height > 1) rows.push({box, node, text: node.data.trim()});
    }
  }
  rows.sort((one, other) => one.box.top - other.box.top);
  const found = [];
  rows.forEach((one, at) => {
    for (const other of rows.slice(at + 1)) {
      if (other.box.top >= one.box.bottom) break;
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const high = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
      if (one.node !== other.node && wide > 3 && high > Math.min(one.box.height, other.box.height) / 2)
        found.push(`${one.text.slice(0, 40)} | ${other.text.slice(0, 40)}`);
    }
  });
  return found.slice(0, 5);
}"""
"""Texts of which one lies over the other, half a line high or more: neither can be read."""


def executable() -> Path:
    """The system's Chromium; an error that says how to get it if there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError(HOW_TO_GET)
    return Path(found)


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser; root needs to go without its sandbox."""
    path = str(executable())
    with sync_playwright() as playwright:
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=[*flags, "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One person at one screen: a page, and what its console said."""

    page: Page
    site: str
    said: list[str] = field(default_factory=list)

    def log_in(self, username: str, password: str) -> None:
        """Through the login page."""
        self.page.goto(f"{self.site}/accounts/login/")
        self.page.fill("[name=login]", username)
        self.page.fill("[name=password]", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_load_state()

    def faults(self) -> list[str]:
        """What is wrong with the page: axe, sideways scrolling, text over text, console and policy reports."""
        found = [f"{self.page.url}: {text}" for text in self.said]
        self.said.clear()
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{self.page.url}: {wide} px wider than the screen"] if wide > 0 else []
        found += [f"{self.page.url}: one over the other: {pair}" for pair in self.page.evaluate(OVERLAID)]
        for violation in Axe().run(self.page, options=OPTIONS).response["violations"]:
            nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            found.append(f"{self.page.url}: {violation['id']}: {violation['help']}: {nodes}")
        return found


def visitor(context: BrowserContext, site: str) -> Visitor:
    """A fresh page that remembers what its console and the content policy complain of."""
    made = Visitor(context.new_page(), site)
    made.page.set_default_timeout(15_000)

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            made.said.append(f"console: {message.text} ({message.location.get('url', '')})")

    made.page.on("console", heard)
    made.page.on("pageerror", lambda error: made.said.append(f"script: {error}"))
    return made


def context(browser: Browser, site: str, *, size: dict[str, int] = WIDE, lang: str = "zh") -> BrowserContext:
    """A screen of a size with a language chosen."""
    made = browser.new_context(viewport={"width": size["width"], "height": size["height"]})
    made.add_cookies([{"name": "django_language", "value": COOKIES[lang], "url": site}])
    return made
