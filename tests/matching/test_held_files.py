"""A hold on a person reaches files and rows that nobody has linked to them: originals, and rows without a number."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from doudi.core.actor import Actor
from doudi.keeping.actions import erase_due, lift_hold, place_hold
from doudi.keeping.models import Hold
from doudi.registry.actions import register_people, rename_person
from doudi.registry.logic.newcomers import NewPerson
from doudi.sources.actions import receive_file
from doudi.sources.logic.people import People
from doudi.sources.models import Delivery, QuarantinedRow, WaitingRow
from doudi.sources.places import original_path
from doudi.sources.reading.running import Reader
from tests.cases.conftest import staff
from tests.sources.conftest import ANNA, AT, BERT, CARL

pytestmark = pytest.mark.django_db
BORN = datetime.date(int(ANNA[6:10]), int(ANNA[10:12]), int(ANNA[12:14]))
HEADER = "所属期|证件号码|姓名|扣缴义务人|收入额"
ENDS = datetime.timedelta(days=1500)


@pytest.fixture
def actor() -> Actor:
    return Actor.system()


@pytest.fixture
def held(actor: Actor) -> uuid.UUID:
    """Anna, under a hold."""
    made = register_people(actor=actor, at=AT, people=[NewPerson(ANNA, "安 娜", area_code="990101001001")]).ids[ANNA]
    place_hold(actor=staff("auditor", "99"), at=AT, kind="person", subject=made, reason="审计")
    return made


@pytest.fixture
def wages(actor: Actor, tmp_path: Path) -> Callable[..., Delivery]:
    """wages(lines, at): a delivery of such lines."""

    def receive(
        *lines: str, at: datetime.datetime = AT, header: str = "所属期|证件号码|姓名|扣缴义务人|收入额"
    ) -> Delivery:
        path = tmp_path / "shuiwu_gongzi.txt"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        with Reader() as reader:
            return receive_file(actor=actor, at=at, path=path, reader=reader)

    return receive


def at_night(after: datetime.timedelta = ENDS) -> dict[str, int]:
    at = AT + after
    return {one.rule: one.erased for one in erase_due(actor=Actor.system(), at=at, today=at.date()) if not one.failed}


def originals() -> set[uuid.UUID]:
    return {one.id for one in Delivery.objects.all() if one.has_original and original_path(one.id).exists()}


def test_an_original_with_a_row_about_somebody_held_stays_and_others_go(
    held: uuid.UUID, wages: Callable[..., Delivery], django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    taken = wages(f"202507|{ANNA.lower()}|安娜|某厂|1", f"202507|{BERT}|乙|某厂|2")
    refused = wages(f"{ANNA} 见附件", header="没有约定的表头")
    other = wages(f"202507|{CARL}|丙|某厂|1")
    assert refused.state == "refused" and originals() == {taken.id, refused.id, other.id}
    with django_capture_on_commit_callbacks(execute=True):
        at_night()
    assert originals() == {taken.id, refused.id}
    lift_hold(actor=staff("auditor", "99"), at=AT, hold=Hold.objects.get().id, reason="已结束")
    with django_capture_on_commit_callbacks(execute=True):
        at_night()
    assert originals() == set()


def test_a_workbook_is_looked_through_and_what_cannot_be_is_kept(
    held: uuid.UUID, actor: Actor, tmp_path: Path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    made = {}
    her, somebody = ["安·娜", BORN], ["安娜", datetime.date(1990, 1, 1)]
    for name, cells in (("about", her), ("other", somebody), ("hidden", her)):
        path = tmp_path / "minzheng_dibao_taizhang.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            if name == "hidden":
                book.add_worksheet().write(0, 0, "空")
            sheet = book.add_worksheet()
            if name == "hidden":
                sheet.hide()
            sheet.write(0, 0, name)
            sheet.write(1, 0, cells[0])
            sheet.write_datetime(1, 1, cells[1], day)  # type: ignore[arg-type]
        made[name] = receive_file(actor=actor, at=AT, path=path).id
    path.write_bytes(b"PK\x03\x04 no workbook at all")
    made["broken"] = receive_file(actor=actor, at=AT, path=path).id
    with django_capture_on_commit_callbacks(execute=True):
        at_night()
    assert originals() == {made["about"], made["hidden"], made["broken"]}


def test_rows_without_a_number_stay_by_name_and_birthday(held: uuid.UUID, actor: Actor, tmp_path: Path) -> None:
    rename_person(actor=actor, at=AT, person=held, name="安琪", on=AT.date(), reason="改名")
    path = tmp_path / "gongan_huji.csv"
    header = "户号,姓名,公民身份号码,性别,民族,出生日期,与户主关系,户口性质,地址区划,状态,状态日期"
    born, rest = BORN.strftime("%Y%m%d"), "户主,农村,990101001001,正常,"
    rows = [
        f"YX1,安娜,,女,汉族,{born},{rest}", f"YX2,安琪,,女,汉族,{BORN.year}年{BORN.month}月{BORN.day}日,{rest}",
        f"YX3,安娜,,女,汉族,19900101,{rest}", f"YX4,甲,,女,汉族,{born},{rest}",
        f"YX5,乙,{BERT},女,汉族,19810101,{rest}",
        f"YX6,安娜,{ANNA[:17]}{'1' if ANNA[17] != '1' else '2'},女,汉族,{born},{rest}",
    ]  # fmt: skip
    path.write_text("\n".join([header, *rows]) + "\n", encoding="gb18030")
    made = receive_file(actor=actor, at=AT, path=path)
    assert made.state == "accepted", made.problem
    assert WaitingRow.objects.count() == 4 and QuarantinedRow.objects.count() == 1
    at_night()
    assert set(WaitingRow.objects.values_list("row", flat=True)) == {2, 3}
    assert set(QuarantinedRow.objects.values_list("row", flat=True)) == {7}


def test_a_later_delivery_takes_nothing_away_that_a_hold_keeps(
    held: uuid.UUID, wages: Callable[..., Delivery], django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    late = AT + datetime.timedelta(days=40)
    first = wages(f"202507|{ANNA}|安娜|某厂|1")
    Delivery.objects.filter(pk=first.id).update(fetched_at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        second = wages(f"202508|{CARL}|丙|某厂|1", at=late)
    assert originals() == {first.id, second.id}
    with django_capture_on_commit_callbacks(execute=True):
        at_night(datetime.timedelta(days=71))
    assert originals() == {first.id}


@pytest.mark.parametrize(
    ("cells", "is_one"),
    [
        ([ANNA], True), ([f"'{ANNA[:6]} {ANNA[6:14]} {ANNA[14:].lower()}"], True), (["证号" + ANNA + "，已核"], True),
        ([ANNA[:6] + ANNA[8:17]], True), ([BERT], False), (["安娜", BORN.isoformat()], True),
        (["安 娜", BORN.strftime("%Y/%-m/%-d")], True), (["安娜", "1990-01-01"], False),
        (["安", BORN.isoformat()], False),
        (["安娜", str((BORN - datetime.date(1899, 12, 30)).days)], True), (["安娜", "99999999"], False), ([], False),
    ],
)  # fmt: skip
def test_whom_a_row_is_about(cells: list[str], is_one: bool) -> None:
    assert People(frozenset({ANNA}), frozenset({("安娜", BORN)})).are_in(cells) is is_one
