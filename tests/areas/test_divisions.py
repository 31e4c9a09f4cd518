"""The shipped divisions: all five levels in a small file; any part is loaded alone, with what is above it."""

from __future__ import annotations

from collections import Counter

import pytest

from doudi.areas.actions import load_divisions
from doudi.areas.divisions import FILE, divisions
from doudi.areas.models import LEVELS, Area
from doudi.areas.queries import children, name_path, subtree
from doudi.core.actor import Actor
from tests.registry.conftest import AT


def test_the_file_holds_the_whole_country_in_the_order_of_codes_and_is_small() -> None:
    assert FILE.stat().st_size <= 8 * 1024 * 1024
    counts: Counter[int] = Counter()
    before, known = "", {""}
    for code, name in divisions():
        assert code > before and code.isdigit() and name.strip() == name != ""
        above = code[: max((n for n in LEVELS if n < len(code)), default=0)]
        assert above in known, code
        if len(code) < 12:
            known.add(code)
        counts[len(code)] += 1
        before = code
    assert counts[2] == 31 and 330 <= counts[4] <= 345 and 2900 <= counts[6] <= 3300
    assert 40_000 <= counts[9] <= 42_000 and 600_000 <= counts[12] <= 640_000


def test_a_prefix_gives_what_is_below_and_above_it() -> None:
    found = dict(divisions("500101"))
    assert found["50"] == "重庆市" and "500101" in found
    assert all(code.startswith("500101") or "500101".startswith(code) for code in found)
    assert any(len(code) == 12 for code in found)


@pytest.mark.django_db
@pytest.mark.parametrize(("prefix", "least"), [("11", 7000), ("5001", 8000), ("500101", 400)])
def test_a_province_a_city_or_a_county_alone(prefix: str, least: int) -> None:
    system = Actor.system()
    added = load_divisions(actor=system, at=AT, prefix=prefix)
    assert added == Area.objects.count() >= least
    assert subtree(prefix).count() + len({n for n in LEVELS if n < len(prefix)}) == added
    assert load_divisions(actor=system, at=AT, prefix=prefix) == 0, "a second time adds nothing"


@pytest.mark.django_db
def test_parts_are_loaded_one_after_the_other() -> None:
    system = Actor.system()
    load_divisions(actor=system, at=AT, prefix="500101")
    load_divisions(actor=system, at=AT, prefix="500102")
    assert [a.code for a in children("5001")] == ["500101", "500102"]
    assert name_path("500101").startswith("重庆市") or name_path("500101")
    assert [a.code for a in children("")] == ["50"]
