"""The deliveries on screen, with a good file and a bad one, in both languages and widths, without a fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.sources.actions import receive_files
from tests.architecture.project import ROOT
from tests.browser.chromium import PHONE, SCREENS, Visitor
from tests.sources.conftest import ANNA, BERT

pytestmark = pytest.mark.browser
WRONG = BERT[:17] + ("1" if BERT[17] != "1" else "2")
FOLDER = ROOT / "var" / "screens"


def deliver(folder: Path) -> None:
    """A death register with two rows set aside, one waiting; a wage file that breaks off."""
    deaths = folder / "weijian_siwang.csv"
    lines = [f"{ANNA},甲,2026.03.01", f"{WRONG},乙,2026.03.02", f"{BERT},丙,去年", ",丁,2026.03.04"]
    deaths.write_text("\n".join(["证件号码,姓名,死亡日期", *lines]) + "\n", encoding="utf-8")
    wages = folder / "shuiwu_gongzi.txt"
    wages.write_text(f"所属期|证件号码|姓名|扣缴义务人|收入额\n202507|{ANNA}|甲|某厂|1", encoding="utf-8")
    receive_files(actor=Actor.system(), at=now(), paths=[deaths, wages])


@pytest.mark.parametrize(("size", "lang"), SCREENS)
def test_deliveries_are_read_by_everybody(
    visit: Callable[..., Visitor], tmp_path: Path, size: dict[str, int], lang: str
) -> None:
    deliver(tmp_path)
    visitor = visit("county_officer", size=size, lang=lang)
    page, site = visitor.page, visitor.site
    folder = FOLDER / f"{lang}-{'phone' if size is PHONE else 'wide'}"
    folder.mkdir(parents=True, exist_ok=True)
    page.goto(f"{site}/deliveries/")
    addresses = page.eval_on_selector_all("tbody th a", "all => all.map(a => a.href)")
    reports = list(dict.fromkeys(addresses))
    for name, address in [
        ("overview", f"{site}/deliveries/"), ("receive", f"{site}/deliveries/receive/"),
        *((f"report{at}", one) for at, one in enumerate(reports)),
    ]:  # fmt: skip
        page.goto(address)
        assert not visitor.faults(), name
        assert not [number for number in (ANNA, BERT, WRONG) if number in page.content()]
        page.screenshot(path=folder / f"deliveries-{name}.png", full_page=True)
