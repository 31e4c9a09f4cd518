# ruff: noqa: E501  (tables of writings and files)
"""Days and months are read in every writing that means one thing, and refused where it could mean two."""

from __future__ import annotations

import datetime

import pytest

from doudi.sources.reading.days import day, month

JULY = datetime.date(2026, 7, 1)


@pytest.mark.parametrize(
    "written",
    [
        "20260701", "2026-07-01", "2026-7-1", "2026/7/1", "2026/07/01", "2026.07.01", "2026.7.1", "2026年7月1日",
        "2026年07月01日", "2026 年 7 月 1 日", "2026年7月1号", " 2026-07-01 ", "２０２６－０７－０１", "2026-07-01 00:00:00",
        "2026-07-01T08:30:00", "2026/7/1 0:00", "2026-07-01T00:00:00+08:00", "'2026-07-01", "46204", 46204.0, 46204.5,
        20260701.0, "二〇二六年七月一日", "01-JUL-2026", "Jul 1, 2026", "2026-07-01\u200b", datetime.date(2026, 7, 1),
        datetime.datetime(2026, 7, 1, 9, 30),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_day_in_many_writings(written: object) -> None:
    assert day(written) == (JULY, True)


@pytest.mark.parametrize(
    "written",
    [
        "2026701",
        "2026-0701",
        "07/01/2026",
        "1/7/26",
        "2026-13-01",
        "2026-02-30",
        "昨天",
        "2026-7/1",
        "1026-07-01",
        "7月1日",
    ],
)
def test_what_is_no_day_or_could_be_two_is_no_day(written: object) -> None:
    assert day(written) == (None, False)


@pytest.mark.parametrize("written", ["", " ", None, "-", "/", "无", "NULL", "null", "N/A", "——", "－", "不详"])
def test_marks_for_nothing_are_empty_not_wrong(written: object) -> None:
    assert day(written) == (None, True)
    assert month(written) == (None, True)


@pytest.mark.parametrize(
    "written",
    [
        "202607", "2026-07", "2026-7", "2026/07", "2026/7", "2026.07", "2026.7", "2026年7月", "2026年07月", "2026年7月份",
        "2026-07-01", "20260715", "2026年7月1日", 202607.0, 2026.7, 2026.07, datetime.date(2026, 7, 20), "２０２６年７月",
        "二〇二六年七月", "46204",
    ],
)  # fmt: skip
def test_a_month_in_many_writings(written: object) -> None:
    assert month(written) == (JULY, True)


@pytest.mark.parametrize("written", ["长期", "至今", "0000-00-00", "0000-00-00 00:00:00"])
def test_an_open_end_is_no_day(written: str) -> None:
    assert day(written) == (None, True)
    assert day("9999-12-31") == (datetime.date(9999, 12, 31), True)


def test_a_range_within_one_month_is_that_month() -> None:
    assert month("2026-07-01至2026-07-31") == (JULY, True)
    assert month("202607~202607") == (JULY, True)
    assert month("202607至202608") == (None, False)


@pytest.mark.parametrize("written", ["2026", "202613", "2026-00", "7月", "上月", 2025.1])
def test_what_is_no_month_or_could_be_two_is_no_month(written: object) -> None:
    assert month(written) == (None, False)
