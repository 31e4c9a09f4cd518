"""A delivery is taken in whole or not at all; what is left of it is sealed."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.core.vault import vault
from doudi.sources.actions import receive_file
from doudi.sources.queries import coverage, lake_path, rows_for
from tests.sources.conftest import AT, number

pytestmark = pytest.mark.django_db
ANNA, BERT = number("19800101", 1), number("19810101", 2)


def wages(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "shuiwu_gongzi.txt"
    path.write_text("\n".join(["所属期|证件号码|姓名|扣缴义务人|收入额", *lines]) + "\n", encoding="utf-8")
    return path


def test_an_accepted_delivery_is_in_the_lake_by_key(actor: Actor, tmp_path: Path) -> None:
    path = wages(tmp_path, f"202507|{ANNA}|甲|某厂|1,587.34", f"2026年6月|{BERT.lower()}|乙|某厂|-20")
    delivery = receive_file(actor=actor, at=AT, path=path)
    assert (delivery.state, delivery.rows, delivery.accepted) == ("accepted", 2, 2)
    key = vault().person_key(ANNA)
    rows = rows_for("shuiwu_gongzi", [key])
    assert rows[key][0]["amount"] == Decimal("1587.34")
    assert rows[key][0]["month"] == datetime.date(2025, 7, 1)
    assert rows[key][0]["_delivery"] == delivery.id
    covered = coverage("shuiwu_gongzi")
    assert covered is not None
    assert (covered.from_month, covered.to_month) == (datetime.date(2025, 7, 1), datetime.date(2026, 6, 1))
    assert ANNA.encode() not in lake_path("shuiwu_gongzi").read_bytes()
