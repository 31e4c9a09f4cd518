"""Deliveries have the pack's forms, and say the truth wherever their numbers can be read."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from doudi.lib.identity_number import normalise
from doudi.twin.dirt import DAMAGED, KINDS, SHARES, written
from doudi.twin.making import make
from doudi.twin.numbers import numbers, texts
from doudi.twin.plan import Plan
from tests.twin.conftest import SMALL

ROOT = Path(__file__).parents[2]
COUNTY_PACK = ROOT.parent / "shared" / "county-pack"
TEXTS = {
    "areas.csv": "utf-8",
    "applications.csv": "utf-8",
    "gongan_huji.csv": "gb18030",
    "ziran_budongchan.csv": "gb18030",
    "jiaoyu_xueji.csv": "gb18030",
    "renshe_yanglao.csv": "utf-8-sig",
    "shuiwu_gongzi.txt": "utf-8",
    "yinhang_jinrong.csv": "utf-8",
    "yibao_jiesuan.csv": "utf-8",
    "weijian_siwang.csv": "utf-8",
    "sifa_zaiya.csv": "utf-8",
}
SHEETS = {
    "gongan_cheliang.xlsx": 3,
    "canlian_chizheng.xlsx": 2,
    "shichang_zhuti.xlsx": 2,
    "nongye_butie.xlsx": 2,
    "minzheng_dibao_taizhang.xlsx": 3,
}


def _text(folder: Path, name: str) -> list[list[str]]:
    text = (folder / name).read_bytes().decode(TEXTS[name])
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="|" if name.endswith("txt") else ","))


def _sheet(folder: Path, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(folder / name)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def _feeds() -> dict[str, dict[str, Any]]:
    found = {}
    for source in (ROOT / "policy" / "sources").rglob("source.yaml"):
        feed = yaml.safe_load(source.read_text())
        feed["columns"] = yaml.safe_load((source.parent / "columns.yaml").read_text())["columns"]
        found[feed["feed"]] = feed
    return found


@pytest.mark.parametrize("name", [name for name in TEXTS if "_" in name])
def test_text_headers_are_those_of_the_feed(small: Path, name: str) -> None:
    columns = _feeds()[name.split(".")[0]]["columns"]
    header = _text(small, name)[0]
    assert [h for h in header if not any(h in column["headers"] for column in columns)] == []
    assert len(header) == len(columns)


@pytest.mark.parametrize(("name", "rows"), SHEETS.items())
def test_sheet_headers_are_those_of_the_feed(small: Path, name: str, rows: int) -> None:
    columns = _feeds()[name.split(".")[0]]["columns"]
    header = [cell for cell in _sheet(small, name)[rows - 1] if cell]
    known = {heading.split("/")[-1] for column in columns for heading in column["headers"]}
    assert set(header) <= known
    assert len(header) == len(columns)


@pytest.mark.parametrize("name", TEXTS)
def test_text_files_look_like_the_countys(small: Path, name: str) -> None:
    if not COUNTY_PACK.is_dir():
        pytest.skip("the county pack is not beside the repository")
    ours, theirs = (small / name).read_bytes(), (COUNTY_PACK / name).read_bytes()
    first = ours.split(b"\n")[0]
    assert first == theirs.split(b"\n")[0]
    assert ours.endswith(b"\r\n") == theirs.endswith(b"\r\n")
    assert ours.endswith(b"\n")


@pytest.mark.parametrize(("name", "rows"), SHEETS.items())
def test_sheets_look_like_the_countys(small: Path, name: str, rows: int) -> None:
    if not COUNTY_PACK.is_dir():
        pytest.skip("the county pack is not beside the repository")
    ours, theirs = _sheet(small, name), _sheet(COUNTY_PACK, name)
    assert [[str(cell) for cell in row if cell] for row in ours[:rows]] == [
        [str(cell) for cell in row if cell] for row in theirs[:rows]
    ]
    kinds = [[type(cell) for cell in row if cell != ""] for row in (ours[rows], theirs[rows])]
    assert kinds[0] == kinds[1]
    assert (ours[-1][0] == "合计") == (theirs[-1][0] == "合计")


def test_the_business_register_hides_its_void_data(small: Path) -> None:
    book = CalamineWorkbook.from_path(str(small / "shichang_zhuti.xlsx"))
    assert [sheet.visible for sheet in book.sheets_metadata] == [SheetVisibleEnum.Visible, SheetVisibleEnum.Hidden]


def test_the_same_seed_gives_the_same_bytes(small: Path, tmp_path: Path) -> None:
    make(SMALL, tmp_path)
    files = sorted(path.relative_to(small) for path in small.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert [name for name in files if (small / name).read_bytes() != (tmp_path / name).read_bytes()] == []


def test_another_seed_gives_other_people(small: Path, tmp_path: Path) -> None:
    make(Plan(seed=8, households=400), tmp_path)
    assert (small / "gongan_huji.csv").read_bytes() != (tmp_path / "gongan_huji.csv").read_bytes()


def test_a_folder_with_something_in_it_is_left_alone(small: Path) -> None:
    with pytest.raises(FileExistsError):
        make(SMALL, small)


def test_dirt_has_the_wanted_share_and_only_damage_is_lost() -> None:
    rng = np.random.default_rng(3)
    count = 40_000
    born = rng.integers(-12_000, 18_000, count)
    clean = numbers(np.full(count, 990101), born, rng.random(count) < 0.5)
    column, legible = written(rng, clean, 0.1)
    plain = texts(clean).to_pylist()
    changed = [a != b for a, b in zip(plain, column.to_pylist(), strict=True)]
    assert abs(np.mean(changed) - 0.1) < 0.005
    lost = sum(share for kind, share in zip(KINDS, SHARES, strict=True) if kind in DAMAGED)
    assert abs((~legible).mean() - 0.1 * lost) < 0.002
    read = [normalise(text) for text in column.to_pylist()]
    assert all((found == number) == ok for found, number, ok in zip(read, plain, legible.tolist(), strict=True))


def test_without_dirt_every_number_is_in_its_normal_form(tmp_path: Path) -> None:
    made = make(Plan(seed=2, households=60, dirt=0.0), tmp_path)
    assert not any(made.unreadable.values())
    assert all(normalise(row[2]) == row[2] for row in _text(tmp_path, "gongan_huji.csv")[1:])
    assert all(normalise(row[1]) == row[1] for row in _text(tmp_path, "shuiwu_gongzi.txt")[1:])


@pytest.mark.parametrize(
    ("name", "column", "amount", "field"),
    [
        ("shuiwu_gongzi.txt", 1, 4, "yuan"),
        ("renshe_yanglao.csv", 0, 3, "yuan"),
        ("yibao_jiesuan.csv", 1, 10, "paid"),
        ("yinhang_jinrong.csv", 0, 2, "deposits"),
    ],
)
def test_amounts_delivered_are_the_true_ones(small: Path, name: str, column: int, amount: int, field: str) -> None:
    truth = pq.read_table(small / "truth" / f"{name.split('.')[0]}.parquet").to_pylist()
    number = pq.read_table(small / "truth" / "persons.parquet")["number"].to_pylist()
    rows = _text(small, name)[1:]
    assert [row[amount].replace(",", "") for row in rows] == [str(row[field]) for row in truth]
    for row, true in zip(rows, truth, strict=True):
        assert normalise(row[column]) == (number[true["person"]] if true["legible"] else None)


def test_the_register_says_who_lives_with_whom(small: Path) -> None:
    persons = pq.read_table(small / "truth" / "persons.parquet").to_pylist()
    rows = _text(small, "gongan_huji.csv")[1 : len(persons) + 1]
    for row, person in zip(rows, persons, strict=True):
        assert (row[0], row[5], row[6]) == (
            f"YX{person['household']:06d}", f"{person['born_on']:%Y%m%d}", person["relation"],
        )  # fmt: skip


def test_the_totals_row_is_the_sum(small: Path) -> None:
    rows = _sheet(small, "nongye_butie.xlsx")
    assert rows[-1][3] == pytest.approx(sum(row[3] for row in rows[2:-1]))
    assert _sheet(small, "gongan_cheliang.xlsx")[-1][1] == len(_sheet(small, "gongan_cheliang.xlsx")) - 4


def test_a_pack_holds_two_spoilt_files(pack: Path) -> None:
    half = (pack / "yibao_jiesuan_截断.csv").read_bytes()
    assert not half.endswith(b"\n")
    assert (pack / "yibao_jiesuan.csv").read_bytes().startswith(half)
    cells = _sheet(pack, "nongye_butie_数字证号.xlsx")
    assert any(isinstance(row[0], float) for row in cells[1:])


def test_the_ledger_and_the_applications_do_not_overlap(pack: Path) -> None:
    ledger = pq.read_table(pack / "truth" / "minzheng_dibao_taizhang.parquet")["household"].to_pylist()
    asking = pq.read_table(pack / "truth" / "applications.parquet")["household"].to_pylist()
    assert not set(ledger) & set(asking)
    assert len(set(asking)) == len(asking)
