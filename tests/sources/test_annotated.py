"""The sender's own file back: their encoding, delimiter and cells, one column more, and nothing that runs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from doudi.core.actor import Actor
from doudi.core.errors import Missing
from doudi.lib.cells import harmless
from doudi.sources.actions import receive_file
from doudi.sources.queries import annotated_file
from doudi.sources.reading.running import Reader
from tests.sources.conftest import ANNA, AT, BERT, write_book

pytestmark = pytest.mark.django_db
WRONG = BERT[:17] + ("1" if BERT[17] != "1" else "2")
HUKOU = "户号,姓名,公民身份号码,性别,民族,出生日期,与户主关系,户口性质,地址区划,状态,状态日期"


def test_a_text_comes_back_in_the_senders_encoding(actor: Actor, reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "gongan_huji.csv"
    row = f'YX1,"甲,一",{ANNA},男,汉族,19800101,户主,农村,990101001001,正常,'
    wrong = f"=cmd(),乙,{WRONG},女,汉族,19810101,配偶,农村,990101001001,正常,"
    path.write_bytes(f"{HUKOU}\r\n{row}\r\n{wrong}\r\n".encode("gb18030"))
    made = receive_file(actor=actor, at=AT, path=path, reader=reader)
    name, data = annotated_file(made.id, full=True)
    assert name == "gongan_huji_问题.csv"
    lines = data.decode("gb18030").split("\r\n")
    assert lines[0] == HUKOU + ",问题"
    assert lines[1] == row + ","
    assert lines[2].startswith("'=cmd(),乙,")
    assert "证号校验位不对" in lines[2]
    assert "check character" in annotated_file(made.id, lang="en")[1].decode("gb18030")


def test_a_workbook_comes_back_as_a_workbook_without_formulas(actor: Actor, reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "nongye_butie.xlsx"
    rows = [
        ["惠农补贴发放明细"],
        ["户主证号", "户主姓名", "补贴项目", "金额(元)", "发放日期"],
        [WRONG, "甲", "=HYPERLINK(1)", 524.48, "2026-06-10"],
        [ANNA, "乙", "稻谷补贴", 12, "2026-06-10"],
    ]
    write_book(path, {"数据": rows})
    made = receive_file(actor=actor, at=AT, path=path, reader=reader)
    _name, data = annotated_file(made.id, full=True)
    table = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert table[1] == ["户主证号", "户主姓名", "补贴项目", "金额(元)", "发放日期", "问题"]
    assert table[2][:4] == [WRONG, "甲", "=HYPERLINK(1)", 524.48]
    assert "证号校验位不对" in str(table[2][5])
    assert b"<f>" not in data


def test_a_file_that_was_not_safe_to_open_is_not_opened_again(actor: Actor, reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "nongye_butie.xlsx"
    path.write_bytes(b"no workbook")
    made = receive_file(actor=actor, at=AT, path=path, reader=reader)
    with pytest.raises(Missing, match=r"sources\.not_opened"):
        annotated_file(made.id)


def test_amounts_with_a_sign_are_no_formulas() -> None:
    assert [harmless(cell) for cell in ("-12.5", "+1,200.00", "-", "=1+1", "@x", "甲")] == [
        "-12.5", "+1,200.00", "-", "'=1+1", "'@x", "甲",
    ]  # fmt: skip
