"""Which months a delivery answers for: never more than it can know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.sources.actions import receive_file
from doudi.sources.logic.coverage import months_of
from doudi.sources.queries import coverage
from doudi.sources.reading.running import Reader
from tests.sources.conftest import ANNA, AT, BERT, Read

RECEIVED = date(2026, 7, 2)
NOTHING = (None, None)


@pytest.mark.parametrize(
    ("cutoff", "to_month"),
    [
        (date(2026, 6, 30), date(2026, 6, 1)),
        (date(2026, 6, 29), date(2026, 5, 1)),
        (None, date(2026, 6, 1)),
        (date(2030, 12, 31), date(2026, 6, 1)),
    ],
)
def test_what_is_declared_reaches_to_its_cutoff_and_never_beyond_the_day_of_receipt(
    cutoff: date | None, to_month: date
) -> None:
    assert months_of("declared", cutoff, NOTHING, RECEIVED) == (None, to_month)


@pytest.mark.django_db
def test_a_delivery_without_a_cutoff_does_not_answer_for_later_months(
    actor: Actor, reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "yinhang_jinrong.csv"
    path.write_text(f"证件号码,截止日,存款余额,理财余额\n{ANNA},2026-06-30,1,2\n", encoding="utf-8")
    assert receive_file(actor=actor, at=AT, path=path, reader=reader).state == "accepted"
    covered = coverage("yinhang_jinrong")
    assert covered is not None and (covered.cutoff, covered.to_month) == (None, date(2026, 6, 1))


WRONG_NUMBER = BERT[:17] + ("1" if BERT[17] != "1" else "2")


@pytest.mark.parametrize(
    "row",
    [f"202506|{WRONG_NUMBER}|乙|某厂|100", f"208801|{ANNA}|甲|某厂|100", "202506||丙|某厂|100"],
    ids=["only rows of no known person", "only months to come", "only rows without a number"],
)
def test_measured_months_of_no_usable_row_are_no_months_and_the_file_is_refused(
    text: Callable[..., Read], row: str
) -> None:
    """Taken in, it would answer for every month that nobody earned anything."""
    read = text("shuiwu_gongzi", "所属期|证件号码|姓名|扣缴义务人|收入额", row)
    assert read.code == "delivery.no_period"
    assert read.outcome.refusal is not None and "所属期" in read.outcome.refusal["zh"]


@pytest.mark.django_db
def test_a_refused_file_of_no_months_leaves_the_earlier_one_answering(
    actor: Actor, reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "shuiwu_gongzi.txt"
    head = "所属期|证件号码|姓名|扣缴义务人|收入额\n"
    path.write_text(head + f"202605|{ANNA}|甲|某厂|100\n", encoding="utf-8")
    kept = receive_file(actor=actor, at=AT, path=path, reader=reader)
    path.write_text(head + f"202606|{WRONG_NUMBER}|乙|某厂|100\n", encoding="utf-8")
    assert receive_file(actor=actor, at=AT, path=path, reader=reader).state == "refused"
    covered = coverage("shuiwu_gongzi")
    assert covered is not None and (covered.delivery, covered.to_month) == (kept.id, date(2026, 5, 1))
