# ruff: noqa: E501  (tables of writings and files)
"""Bad files are refused with what, where and what to do; the asking process is untouched, nothing is left behind."""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.sources.actions import receive_file
from doudi.sources.models import Delivery, LakeFile, QuarantinedRow, WaitingRow
from doudi.sources.places import lake_folder
from doudi.sources.queries import feeds
from doudi.sources.reading.job import Limits
from doudi.sources.reading.running import Reader
from tests.sources.conftest import ANNA, AT, BERT, read_file, write_book

pytestmark = pytest.mark.django_db
FARM = ["户主证号", "户主姓名", "补贴项目", "金额(元)", "发放日期"]
ROW = [ANNA, "甲", "稻谷补贴", 524.48, "2026-06-10"]
WAGES = "所属期|证件号码|姓名|扣缴义务人|收入额\n"
WAGE = f"202507|{ANNA}|甲|某厂|100.00\n"


def workbook(rows: list[list[object]]) -> bytes:
    path = Path(os.environ["DOUDI_HOME"]) / f"made-{os.getpid()}.xlsx"
    write_book(path, {"数据": rows})
    data = path.read_bytes()
    path.unlink()
    return data


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, change(old.read(entry)) if entry == name else old.read(entry))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def far_cell() -> bytes:
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return changed(workbook([FARM, ROW]), SHEET, lambda xml: xml.replace(b"</sheetData>", cell))


def far_cell_without_address() -> bytes:
    """The same trap with rows and cells that do not say where they are, and a dimension that lies."""

    def change(xml: bytes) -> bytes:
        cells = b'<row r="1048576">' + b"<c/>" * 100 + b'<c t="str"><v>x</v></c></row></sheetData>'
        return xml.replace(b"</sheetData>", cells).replace(b'ref="A1:E2"', b'ref="A1:XFD1048576"')

    return changed(workbook([FARM, ROW]), SHEET, change)


def formula() -> bytes:
    cell = b'<c r="D2"><f>1+1</f><v>2</v></c>'
    return changed(workbook([FARM, ROW]), SHEET, lambda xml: xml.replace(b'<c r="D2"><v>524.48</v></c>', cell))


def written_otherwise(mark: bytes, data: Callable[[], bytes]) -> Callable[[], bytes]:
    """The same trap as XML may also write it: other quotes, blanks, a line break, no address."""
    ways = {
        b"'": lambda xml: re.sub(rb'r="([A-Z]+[0-9]+)"', rb"r='\1'", xml),
        b" = ": lambda xml: re.sub(rb'r="([A-Z]+[0-9]+)"', rb'r = "\1"', xml),
        b"\n": lambda xml: xml.replace(b"<c r", b"<c\nr"),
        b"": lambda xml: re.sub(rb'<c r="D2"', b"<c", xml),
    }
    return lambda: changed(data(), SHEET, ways[mark])


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in ("[Content_Types].xml", "xl/workbook.xml", SHEET):
            archive.writestr(entry, b" " * (30 * 2**20))
    return out.getvalue()


def lying_bomb() -> bytes:
    """An archive that says its sheet is small."""
    data = bytearray(changed(workbook([FARM, ROW]), SHEET, lambda xml: xml + b" " * (4 * 2**20)))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        if data[at + 46 : at + 46 + len(SHEET)] == SHEET.encode():
            data[at + 24 : at + 28] = struct.pack("<I", 1000)
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def entities() -> bytes:
    lol = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return changed(workbook([FARM, ROW]), "xl/workbook.xml", lambda xml: xml.replace(b"?>", b"?>" + lol, 1))


def outside() -> bytes:
    out = io.BytesIO(workbook([FARM, ROW]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("../../outside.txt", "x")
    return out.getvalue()


def password() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def hidden_only() -> bytes:
    return changed(
        workbook([FARM, ROW]), "xl/workbook.xml", lambda xml: xml.replace(b"<sheet name", b'<sheet state="hidden" name')
    )


def several() -> bytes:
    path = Path(os.environ["DOUDI_HOME"]) / f"made-{os.getpid()}.xlsx"
    write_book(path, {"一": [FARM, ROW], "二": [FARM, ROW]})
    data = path.read_bytes()
    path.unlink()
    return data


FAR: dict[str, object] = {"cell": "XFD1048576"}

FILES: dict[str, tuple[str, Callable[[], bytes], str, dict[str, object]]] = {
    # what it is: (name, content, code, where)
    "empty": ("shuiwu_gongzi.txt", lambda: b"", "file.empty", {}),
    "a stranger among the columns": ("shuiwu_gongzi.txt", lambda: (WAGES.replace("\n", "|信用分\n") + WAGE.replace("\n", "|5\n")).encode(), "header.unknown", {"row": 1, "column": "信用分", "cell": "F1"}),
    "a column missing": ("shuiwu_gongzi.txt", lambda: (WAGES.replace("|收入额", "") + WAGE).encode(), "header.column_missing", {"column": "收入额"}),
    "a column twice": ("shuiwu_gongzi.txt", lambda: (WAGES.replace("\n", "|收入额\n") + WAGE).encode(), "header.twice", {"column": "收入额"}),
    "no header": ("shuiwu_gongzi.txt", lambda: WAGE.encode() * 3, "header.missing", {}),
    "only a header": ("shuiwu_gongzi.txt", lambda: WAGES.encode(), "check.has_rows", {}),
    "another encoding than agreed": ("shuiwu_gongzi.txt", lambda: (WAGES + WAGE).encode("gb18030"), "file.encoding", {"row": 1}),
    "utf-8 where gb18030 was agreed": ("gongan_huji.csv", lambda: "户号,姓名,公民身份号码,状态\nYX1,甲,x,正常\n".encode(), "file.encoding", {"row": 1}),
    "utf-16": ("shuiwu_gongzi.txt", lambda: (WAGES + WAGE).encode("utf-16"), "file.encoding", {"row": 1}),
    "broken bytes in row 3": ("shuiwu_gongzi.txt", lambda: (WAGES + WAGE).encode() + b"\xff\xfe\n", "file.encoding", {"row": 3}),
    "a NUL byte": ("shuiwu_gongzi.txt", lambda: (WAGES + WAGE).encode() + b"2025\x0007\n", "file.nul", {"row": 3}),
    "cut off": ("shuiwu_gongzi.txt", lambda: (WAGES + WAGE + WAGE[:20]).encode(), "file.truncated", {"row": 3}),
    "cut off within a character": ("shuiwu_gongzi.txt", lambda: (WAGES + WAGE + WAGE).encode()[:-14], "file.truncated", {"row": 3}),
    "a quote that does not end": ("yinhang_jinrong.csv", lambda: f'证件号码,截止日,存款余额,理财余额\n{ANNA},"2026-06-30,1,2\n{BERT},2026-06-30,1,2\n'.encode(), "file.quoting", {"row": 2}),
    "a workbook called csv": ("yinhang_jinrong.csv", lambda: workbook([FARM, ROW]), "file.format", {}),
    "a text called xlsx": ("nongye_butie.xlsx", lambda: b"a,b,c\n", "file.format", {}),
    "numbers written by a spreadsheet": ("shuiwu_gongzi.txt", lambda: (WAGES + WAGE + WAGE.replace(ANNA, "9.90101E+17")).encode(), "number.as_float", {"row": 3, "column": "证件号码", "cell": "B3"}),
    "numbers as floats": ("nongye_butie.xlsx", lambda: workbook([FARM, ROW, [float(BERT.replace("X", "0")), *ROW[1:]]]), "number.as_float", {"row": 3, "column": "户主证号", "cell": "A3"}),
    "numbers whose last digits became zeros": ("shuiwu_gongzi.txt", lambda: (WAGES + WAGE.replace(ANNA, ANNA[:15] + "000") * 4).encode(), "number.as_float", {"row": 2, "cell": "B2"}),
    "a formula": ("nongye_butie.xlsx", formula, "sheet.formula", {"cell": "D2"}),
    "a formula in other quotes": ("nongye_butie.xlsx", written_otherwise(b"'", formula), "sheet.formula", {"cell": "D2"}),
    "a formula without an address": ("nongye_butie.xlsx", written_otherwise(b"", formula), "sheet.formula", {}),
    "a far cell in other quotes": ("nongye_butie.xlsx", written_otherwise(b"'", far_cell), "sheet.far_cell", FAR),
    "a far cell with blanks": ("nongye_butie.xlsx", written_otherwise(b" = ", far_cell), "sheet.far_cell", FAR),
    "a far cell on a new line": ("nongye_butie.xlsx", written_otherwise(b"\n", far_cell), "sheet.far_cell", FAR),
    "a far cell": ("nongye_butie.xlsx", far_cell, "sheet.far_cell", {"cell": "XFD1048576"}),
    "a bomb": ("nongye_butie.xlsx", bomb, "zip.bomb", {}),
    "a bomb that lies": ("nongye_butie.xlsx", lying_bomb, "file.format", {}),
    "entities": ("nongye_butie.xlsx", entities, "file.format", {}),
    "a path that leads outside": ("nongye_butie.xlsx", outside, "zip.path", {}),
    "a password": ("nongye_butie.xlsx", password, "file.password", {}),
    "only hidden sheets": ("nongye_butie.xlsx", hidden_only, "sheet.missing", {}),
    "two sheets with data": ("nongye_butie.xlsx", several, "sheet.several", {}),
    "a cut workbook": ("nongye_butie.xlsx", lambda: workbook([FARM, ROW])[:2000], "file.format", {}),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_bad_file_is_refused_with_what_where_and_what_to_do(
    kind: str, actor: Actor, reader: Reader, tmp_path: Path
) -> None:
    name, content, code, where = FILES[kind]
    path = tmp_path / name
    path.write_bytes(content())
    delivery = receive_file(actor=actor, at=AT, path=path, reader=reader)
    assert delivery.state == "refused"
    assert delivery.problem is not None
    assert delivery.problem["code"] == code, delivery.problem
    assert {key: delivery.problem[key] for key in where} == where
    for language in ("zh", "en"):
        assert len(delivery.problem[language]) > 6
    assert "请" in delivery.problem["zh"]
    assert not LakeFile.objects.exists()
    assert not list(lake_folder(delivery.feed).iterdir())
    assert not QuarantinedRow.objects.exists()
    assert not WaitingRow.objects.exists()
    assert not list((Path(os.environ["DOUDI_HOME"]) / "incoming").iterdir())


def test_a_cell_without_an_address_cannot_fill_the_memory(actor: Actor, reader: Reader, tmp_path: Path) -> None:
    """Whatever the trap looks like, the worst is a refusal by the limits."""
    path = tmp_path / "nongye_butie.xlsx"
    path.write_bytes(far_cell_without_address())
    delivery = receive_file(actor=actor, at=AT, path=path, reader=reader, limits=Limits(memory=2**30, wall=60))
    assert delivery.state == "refused" or delivery.accepted == 1


@pytest.mark.parametrize(
    "limits", [Limits(wall=0.0), Limits(memory=64 * 2**20), Limits(cpu=0)], ids=["wall", "memory", "processor"]
)
def test_a_file_beyond_the_limits_is_refused_and_may_come_again(
    limits: Limits, actor: Actor, reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "shuiwu_gongzi.txt"
    path.write_bytes((WAGES + WAGE * 200_000).encode())
    delivery = receive_file(actor=actor, at=AT, path=path, reader=reader, limits=limits)
    assert delivery.state == "refused"
    assert delivery.problem is not None
    assert delivery.problem["code"] == "file.limits"
    path.write_bytes((WAGES + WAGE).encode())
    assert receive_file(actor=actor, at=AT, path=path, reader=reader).state == "accepted"


def test_a_bad_delivery_changes_nothing_of_the_good_one_before(actor: Actor, reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "shuiwu_gongzi.txt"
    path.write_bytes((WAGES + WAGE).encode())
    good = receive_file(actor=actor, at=AT, path=path, reader=reader)
    held = LakeFile.objects.get()
    path.write_bytes((WAGES + WAGE)[:-5].encode())
    assert receive_file(actor=actor, at=AT, path=path, reader=reader).state == "refused"
    assert LakeFile.objects.get().digest == held.digest
    assert Delivery.objects.get(pk=good.pk).state == "accepted"


def test_hidden_sheets_are_void_whatever_is_in_them(tmp_path: Path) -> None:
    path = tmp_path / "hidden.xlsx"
    write_book(path, {"旧数据": [FARM, ["作废"] * 5], "数据": [FARM, ROW]}, hidden=("旧数据",))
    assert read_file(feeds()["nongye_butie"], path, tmp_path).outcome.accepted == 1
