"""Pictures of every page for people to look at; run by scripts/screens.py, not collected with the tests."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest

from doudi.accounts.logic.roles import ADMINISTRATORS
from tests.architecture.project import ROOT
from tests.browser.chromium import PHONE, WIDE, Visitor
from tests.browser.county import County
from tests.browser.walk import kind_of, pages_of

pytestmark = pytest.mark.browser
FOLDER = ROOT / "var" / "screens"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_pictures(visit: Callable[..., Visitor], county: County, size: dict[str, int], lang: str) -> None:
    shape = "phone" if size is PHONE else "wide"
    folder = FOLDER / f"{lang}-{shape}"
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    known: dict[str, set[str]] = {}

    def take(visitor: Visitor, name: str) -> None:
        taken.add(name)
        visitor.page.screenshot(path=folder / f"{name}.png", full_page=True)

    out = visit(size=size, lang=lang)
    out.page.goto(f"{out.site}/accounts/login/")
    take(out, "login")
    for role in os.environ.get("SCREENS_OF", "registrar").split():
        visitor = visit(role, size=size, lang=lang)
        sees_families = role not in ADMINISTRATORS
        for address in pages_of(visitor, known, *([f"/households/{county.units[1]}/"] if sees_families else [])):
            name = re.sub(r"[^a-z0-9*]+", "-", kind_of(address)).strip("-").replace("*", "x") or f"home-{role}"
            if name not in taken:
                take(visitor, name)
        if "registrar" in role:
            visitor.page.goto(f"{visitor.site}/search/")
            visitor.page.fill("#id_q", "陈")
            visitor.page.click("main form.ask button")
            visitor.page.wait_for_load_state()
            take(visitor, "found")
