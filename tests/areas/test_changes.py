"""A county's own areas, and what changes over time: names, codes; old days keep their names."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from doudi.areas.actions import load_area_rows, rename_area, replace_area
from doudi.areas.models import Area
from doudi.areas.queries import area, children, name_path, names_of, path, subtree
from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Missing, Refused
from tests.accounts.conftest import Make, make
from tests.registry.conftest import AT

__all__ = ["make"]
SYSTEM = Actor.system()
SINCE = date(2020, 1, 1)
COUNTY = [
    ("99", "虚构省"), ("9901", "虚构市"), ("990101", "云溪县"), ("990101003", "石桥乡"), ("990101003001", "石桥村"),
    ("990101004", "望江镇"),
]  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> None:
    assert load_area_rows(actor=SYSTEM, at=AT, rows=COUNTY, from_on=SINCE) == 6


def test_a_county_is_added_in_any_order_of_rows(county: None) -> None:
    assert [a.code for a in children("990101")] == ["990101003", "990101004"]
    assert [a.code for a in subtree("990101003")] == ["990101003", "990101003001"]
    assert [a.name for a in path("990101003")] == ["虚构省", "虚构市", "云溪县", "石桥乡"]
    assert name_path("990101003001") == "云溪县 石桥乡 石桥村"
    assert names_of(["990101003001", "990101", "88", ""]) == {
        "990101003001": "石桥乡 石桥村", "990101": "虚构市 云溪县", "88": "88",
    }  # fmt: skip
    assert Entry.objects.get(verb="areas.load_area_rows").count == 6


def test_one_whose_area_above_is_missing_is_refused_and_then_none_is_added() -> None:
    with pytest.raises(Refused) as refused:
        load_area_rows(actor=SYSTEM, at=AT, rows=[("99", "虚构省"), ("990101", "云溪县")], from_on=SINCE)
    assert refused.value.code == "areas.ancestor_missing" and "9901" in str(refused.value.message)
    assert not Area.objects.exists()


@pytest.mark.parametrize("row", [("9", "x"), ("99010", "x"), ("99a1", "x"), ("９９", "x"), ("9901", " ")])
def test_a_code_or_name_that_is_none_is_refused(row: tuple[str, str]) -> None:
    with pytest.raises(Malformed):
        load_area_rows(actor=SYSTEM, at=AT, rows=[("99", "虚构省"), row], from_on=SINCE)
    assert not Area.objects.exists()


def test_what_is_there_already_is_left_alone(county: None) -> None:
    assert load_area_rows(actor=SYSTEM, at=AT, rows=[("99", "另一个名字")], from_on=date(2026, 1, 1)) == 0
    found = area("99")
    assert found and found.name == "虚构省"


def test_a_new_name_holds_from_its_day_on(county: None) -> None:
    rename_area(actor=SYSTEM, at=AT, code="990101004", name="望江街道", from_on=date(2026, 7, 1))
    before, after = area("990101004", date(2026, 6, 30)), area("990101004", date(2026, 7, 1))
    assert before and after and (before.name, after.name) == ("望江镇", "望江街道")
    assert name_path("990101004") == "云溪县 望江街道"
    assert Area.objects.filter(code="990101004").count() == 2


def test_a_code_is_replaced_by_another_that_must_be_there(county: None) -> None:
    with pytest.raises(Missing):
        replace_area(actor=SYSTEM, at=AT, code="990101004", by="990101005", from_on=date(2026, 7, 1))
    replace_area(actor=SYSTEM, at=AT, code="990101004", by="990101003", from_on=date(2026, 7, 1))
    assert area("990101004") is None
    old = area("990101004", date(2026, 6, 30))
    assert old and old.replaced_by == "990101003"
    with pytest.raises(Missing):
        rename_area(actor=SYSTEM, at=AT, code="990101004", name="x", from_on=date(2026, 8, 1))


def test_the_database_keeps_one_current_row_a_code_and_periods_that_run_forward(county: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(code="99", name="x", level="province", from_on=date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(code="98", name="x", level="province", from_on=SINCE, to_on=SINCE)


def test_areas_are_browsed_level_by_level(client: Client, make: Make, county: None) -> None:
    client.force_login(make("zhou", "registrar"))
    page = client.get("/areas/").content.decode()
    assert "虚构省" in page and "虚构市" not in page
    page = client.get("/areas/990101/").content.decode()
    assert "石桥乡" in page and "望江镇" in page and "石桥村" not in page
    assert "没有下级区划" in client.get("/areas/990101003001/").content.decode()
    for address in ("/areas/98/", "/areas/abc/", "/areas/%E5%8C%97/"):
        assert client.get(address).status_code == 404
