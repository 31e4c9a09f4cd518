"""Applications are read as windows really write them; what cannot be read is named and stays unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from doudi.lib.identity_number import check_character
from doudi.site.application_sheet import COLUMNS, SheetProblem, SheetRow, read_sheet

MOTHER, CHILD, GRANDFATHER = "990101198411220014", "990101200501190023", "990101194111160023"
OLD_FORM = GRANDFATHER[:6] + GRANDFATHER[8:17]
WRONG = MOTHER[:17] + ("5" if MOTHER[17] != "5" else "6")
GOOD = ("SQ1", "2026-07-14", "YX000005", MOTHER, f"{MOTHER};{CHILD}", "150.00", "1200.00", "有", MOTHER)


def _row(**changed: str) -> tuple[str, ...]:
    return tuple(changed.get(name, value) for name, value in zip(COLUMNS, GOOD, strict=True))


def _read(tmp_path: Path, *rows: tuple[str, ...], header: tuple[str, ...] = COLUMNS, before: str = "",
          encoding: str = "utf-8", end: str = "\n") -> tuple[list[SheetRow], list[SheetProblem]]:  # fmt: skip
    text = before + end.join(",".join(row) for row in (header, *rows)) + end
    path = tmp_path / "applications.csv"
    path.write_bytes(text.encode(encoding))
    return read_sheet(path)


def test_a_row_is_read_into_typed_values(tmp_path: Path) -> None:
    rows, problems = _read(tmp_path, GOOD)
    assert not problems
    assert rows == [
        SheetRow("SQ1", date(2026, 7, 14), "YX000005", MOTHER, (MOTHER, CHILD), Decimal(150), Decimal(1200), "有",
                 (MOTHER,), 2)
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends_do_not_matter(tmp_path: Path, encoding: str, end: str) -> None:
    assert _read(tmp_path, GOOD, encoding=encoding, end=end) == _read(tmp_path, GOOD)


@pytest.mark.parametrize(
    "text",
    [
        "2026/7/14",
        "2026.7.14",
        "20260714",
        "2026年7月14日",
        " 2026-07-14 ",
        "２０２６-０７-１４",
        "2026-07-14 00:00:00",
    ],
)
def test_a_day_is_read_however_it_is_written(tmp_path: Path, text: str) -> None:
    rows, problems = _read(tmp_path, _row(申请日期=text))
    assert [row.applied_on for row in rows] == [date(2026, 7, 14)] and not problems


@pytest.mark.parametrize(
    "text",
    [
        f"{MOTHER};{OLD_FORM}",
        f"{MOTHER}；{GRANDFATHER}",
        f" '{MOTHER} ; {GRANDFATHER.lower()} ;",
        f"{MOTHER}、{GRANDFATHER};{MOTHER}",
        f"{''.join(chr(ord(c) + 0xFEE0) for c in MOTHER)};{GRANDFATHER[:6]} {GRANDFATHER[6:14]} {GRANDFATHER[14:]}",
    ],
)
def test_numbers_are_restored_where_nothing_must_be_guessed(tmp_path: Path, text: str) -> None:
    rows, problems = _read(tmp_path, _row(共同生活成员证号=text))
    assert rows[0].members == (MOTHER, GRANDFATHER) and not problems


def test_a_small_x_is_the_check_character_x(tmp_path: Path) -> None:
    first = next(n for n in (f"9901011984112200{i}" for i in range(10, 99)) if check_character(n[:17]) == "X")[:17]
    rows, _ = _read(tmp_path, _row(共同生活成员证号=first + "x", 已签授权书成员证号=first + "X"))
    assert rows[0].members == rows[0].signed == (first + "X",)


def test_a_member_with_a_wrong_number_stays_in_the_family_unknown(tmp_path: Path) -> None:
    rows, problems = _read(tmp_path, _row(共同生活成员证号=f"{MOTHER};{WRONG}"), _row(申请编号="SQ2"))
    assert [row.number for row in rows] == ["SQ1", "SQ2"]
    assert rows[0].members == (MOTHER,) and rows[0].unreadable == (WRONG,)
    assert [(p.row, p.column, p.cell, p.code) for p in problems] == [
        (2, "共同生活成员证号", "E2", "applications.number_invalid")
    ]
    assert WRONG not in str(problems)


def test_a_signature_nobody_can_be_given_is_not_used(tmp_path: Path) -> None:
    rows, problems = _read(tmp_path, _row(已签授权书成员证号=f"{WRONG};{GRANDFATHER};{MOTHER}"))
    assert rows[0].signed == (MOTHER,)
    assert {p.code for p in problems} == {"applications.signature_invalid", "applications.signature_of_stranger"}


def test_what_is_not_said_is_unknown_not_zero(tmp_path: Path) -> None:
    rows, problems = _read(tmp_path, _row(申报其他月收入="", 年教育支出="约一千", 法定义务人="也许"))
    assert (rows[0].other_monthly_income, rows[0].yearly_education_spending, rows[0].obligors) == (None, None, None)
    assert {p.code for p in problems} == {"applications.money_invalid", "applications.obligors_invalid"}


def test_not_clear_is_no_fault(tmp_path: Path) -> None:
    rows, problems = _read(tmp_path, _row(法定义务人=" 不清楚 "))
    assert rows[0].obligors is None and not problems


@pytest.mark.parametrize("text", ['"1,200.00"', "1200", "￥1200.00", "１２００", "1200.00元"])
def test_money_is_decimal_however_it_is_written(tmp_path: Path, text: str) -> None:
    rows, _ = _read(tmp_path, _row(年教育支出=text))
    assert rows[0].yearly_education_spending == Decimal(1200)


@pytest.mark.parametrize(("cell", "code"), [("", "number_missing"), ("SQ1", "number_twice")])
def test_an_application_needs_a_number_of_its_own(tmp_path: Path, cell: str, code: str) -> None:
    rows, problems = _read(tmp_path, GOOD, _row(申请编号=cell, 户号="YX9"))
    assert len(rows) == 1 and [p.code for p in problems] == [f"applications.{code}"]


def test_the_same_row_twice_is_one_application(tmp_path: Path) -> None:
    rows, problems = _read(tmp_path, GOOD, GOOD, ("",) * 9, GOOD)
    assert len(rows) == 1 and not problems


def test_an_application_without_a_day_is_not_taken_in(tmp_path: Path) -> None:
    rows, problems = _read(tmp_path, _row(申请日期="2026-02-30"))
    assert not rows and problems[0].code == "applications.date_invalid"


def test_a_stray_comma_leaves_the_rest_unknown(tmp_path: Path) -> None:
    rows, problems = _read(tmp_path, _row(年教育支出="1,200.00"))
    assert rows[0].members == (MOTHER, CHILD) and rows[0].signed == () and rows[0].yearly_education_spending is None
    assert [p.code for p in problems] == ["applications.width"]


def test_titles_extra_columns_another_order_and_another_delimiter(tmp_path: Path) -> None:
    order = [8, 0, 3, 1, 2, 4, 6, 5, 7]
    header = ("序号", *(COLUMNS[i] for i in order), "备注")
    row = ("1", *(GOOD[i] for i in order), "")
    path = tmp_path / "applications.csv"
    path.write_text("云溪县申请\n\n" + "\n".join("\t".join(line) for line in (header, row)) + "\n", encoding="utf-8")
    rows, problems = read_sheet(path)
    assert not problems and rows[0].members == (MOTHER, CHILD) and rows[0].yearly_education_spending == Decimal(1200)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    rows, problems = _read(tmp_path, header=COLUMNS[:-1])
    assert not rows and problems[0].code == "applications.column_missing" and problems[0].column == COLUMNS[-1]


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "applications.csv"
    path.write_bytes(b"\xff\xff\xff\x00")
    assert [p.code for p in read_sheet(path)[1]] == ["applications.encoding"]
