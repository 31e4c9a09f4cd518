"""The departments' workbooks: title rows, totals row, units of 10,000 yuan, merged headers, a hidden sheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.twin.belongings import (
    BUSINESS_ROLES,
    BUSINESS_STATES,
    BUSINESSES,
    SUBSIDIES,
    VEHICLE_STATES,
    VEHICLES,
)
from doudi.twin.clerk import Hand, hand
from doudi.twin.county import County
from doudi.twin.dirt import written
from doudi.twin.figures import DISABILITY_CATEGORIES
from doudi.twin.health import CARD_STATES, GRADES
from doudi.twin.numbers import texts
from doudi.twin.plan import COUNTY, Array, calendar, month_code
from doudi.twin.text import day_texts, joined, labels, money, padded
from doudi.twin.workbook import Column, Days, Sheet, write_workbook

_SHOPS = ("商行", "装饰", "餐饮", "建材", "农资")


def _titles(clerk: Hand) -> tuple[tuple[str | None, ...], ...]:
    """More title rows than agreed, the last of them empty."""
    return (("云溪县数据交换",), (None,))[2 - clerk.habits.titles :] if clerk.habits.titles else ()


def _day_cells(clerk: Hand, day: Array) -> Column:
    return clerk.days(day, "iso") if clerk.habits.as_text else Days(day)


def _amount_cells(clerk: Hand, cents: Array) -> Column:
    """Amounts as numbers, or as text with separators."""
    return money(cents, thousands=True) if clerk.habits.as_text else pa.array(cents / 100)


def vehicles(county: County, folder: Path) -> Array:
    """公安交警: gongan_cheliang.xlsx, two title rows, a totals row; prices in 10,000 yuan."""
    clerk, rows = hand(county, "gongan_cheliang"), county.belongings.vehicles
    person, plate = rows["person"].to_numpy(), rows["plate"].to_numpy()
    number, legible = clerk.numbers(person)
    columns = (
        number,
        clerk.names(person),
        joined("云A", padded(plate, 5)),
        clerk.codes(VEHICLES, rows["kind"].to_numpy()),
        _day_cells(clerk, rows["registered"].to_numpy()),
        clerk.codes(VEHICLE_STATES, rows["state"].to_numpy()),
        _amount_cells(clerk, rows["price"].to_numpy() * 10),
    )
    until = calendar(county.plan.cutoff)
    head = (
        *_titles(clerk),
        ("云溪县机动车登记信息交换表",),
        (f"截止日期：{until:%Y-%m-%d}  单位：万元",),
        ("车主证号", "车主姓名", "号牌号码", "车辆类型", "初次登记日期", "状态", "新车购置价(万元)"),
    )
    sheet = Sheet("数据", columns, head, (("合计", len(person)),), ("A2:G2", "A1:G1"))
    write_workbook(folder / "gongan_cheliang.xlsx", [sheet])
    return legible


def disability_cards(county: County, folder: Path) -> Array:
    """残联: canlian_chizheng.xlsx; the number is followed by category and grade, renewed cards by B1."""
    clerk, rows = hand(county, "canlian_chizheng"), county.health.cards
    person, category, grade = (rows[name].to_numpy() for name in ("person", "category", "grade"))
    number, legible = written(clerk.rng, county.families.number[person], clerk.share, old=False)
    before = pc.utf8_rtrim_whitespace(number)
    suffix = joined(padded(category.astype(np.int64) + 1, 1), padded(grade.astype(np.int64), 1))
    columns = (
        joined(before, suffix, pc.if_else(rows["renewed"].combine_chunks(), "B1", "")),
        clerk.names(person),
        clerk.codes(tuple(DISABILITY_CATEGORIES), category),
        clerk.codes(GRADES, grade - 1),
        day_texts(rows["issued"].to_numpy(), clerk.habits.days or "chinese"),
        clerk.codes(CARD_STATES, rows["state"].to_numpy()),
    )
    head = (*_titles(clerk), ("残疾人证核发信息",), ("残疾证号", "姓名", "类别", "等级", "发证日期", "状态"))
    write_workbook(folder / "canlian_chizheng.xlsx", [Sheet("数据", columns, head, merged=("A1:F1",))])
    return legible


def businesses(county: County, folder: Path) -> Array:
    """市场监管: shichang_zhuti.xlsx with a hidden sheet of void data; capital in 10,000 yuan."""
    clerk, rows = hand(county, "shichang_zhuti"), county.belongings.businesses
    person, code = rows["person"].to_numpy(), rows["code"].to_numpy()
    kind = rows["kind"].to_numpy().astype(np.int64)
    number, legible = clerk.numbers(person)
    start = pc.utf8_slice_codeunits(county.families.name.take(pa.array(person)), 0, 2)
    columns = (
        joined("9", padded(kind + 1, 1), COUNTY, padded(code, 10)),
        joined("云溪县", start, labels(_SHOPS, code % len(_SHOPS))),
        clerk.codes(BUSINESSES, kind),
        _amount_cells(clerk, rows["capital"].to_numpy() * 100),
        _day_cells(clerk, rows["established"].to_numpy()),
        clerk.codes(BUSINESS_STATES, rows["state"].to_numpy()),
        clerk.codes(BUSINESS_ROLES, rows["role"].to_numpy()),
        number,
        clerk.names(person),
    )
    names = (
        "统一社会信用代码",
        "名称",
        "主体类型",
        "注册资本(万元)",
        "成立日期",
        "状态",
        "角色",
        "人员证号",
        "人员姓名",
    )
    sheets = [
        Sheet("数据", columns, (*_titles(clerk), ("市场主体信息",), names), merged=("A1:I1",)),
        Sheet("旧数据", (), (names, ("作废",) * len(names)), hidden=True),
    ]
    write_workbook(folder / "shichang_zhuti.xlsx", sheets[::-1] if clerk.habits.void_first else sheets)
    return legible


def subsidies(county: County, folder: Path) -> Array:
    """农业农村: nongye_butie.xlsx with a totals row. In a pack also a file whose numbers were stored as numbers."""
    clerk, rows = hand(county, "nongye_butie"), county.belongings.subsidies
    person, cents = rows["person"].to_numpy(), rows["cents"].to_numpy()
    number, legible = clerk.numbers(person)
    columns = (
        number,
        clerk.names(person),
        labels(SUBSIDIES, rows["item"].to_numpy()),
        _amount_cells(clerk, cents),
        clerk.days(rows["day"].to_numpy(), "iso"),
    )
    names = ("户主证号", "户主姓名", "补贴项目", "金额(元)", "发放日期")
    foot = (("合计", "", "", int(cents.sum()) / 100, ""),)
    sheet = Sheet("数据", columns, (*_titles(clerk), ("惠农补贴发放明细（一卡通）",), names), foot, ("A1:E1",))
    write_workbook(folder / "nongye_butie.xlsx", [sheet])
    if county.plan.pack:
        _spoilt_subsidies(county, folder, names, columns)
    return legible


def _spoilt_subsidies(county: County, folder: Path, names: tuple[str, ...], columns: tuple[pa.Array, ...]) -> None:
    """Forty rows whose numbers went through a spreadsheet as numbers: the last digits are gone."""
    person = county.belongings.subsidies["person"].to_numpy()[:40]
    clean = texts(county.families.number[person]).to_pylist()
    rest = zip(*(column.slice(0, len(person)).to_pylist() for column in columns[1:]), strict=True)
    rows = tuple(
        (float(number[:15]) * 1000 if number.isdigit() else number, *cells)
        for number, cells in zip(clean, rest, strict=True)
    )
    write_workbook(folder / "nongye_butie_数字证号.xlsx", [Sheet("Sheet", (), (names, *rows))])


def ledger(county: County, folder: Path) -> Array:
    """民政: minzheng_dibao_taizhang.xlsx, two merged header rows, all members in one cell."""
    rows, families, until = county.assistance.ledger, county.families, calendar(county.plan.cutoff)
    households = rows["household"].to_numpy()
    size = families.size[households]
    start = families.start[households]
    people = np.concatenate([np.arange(s, s + n) for s, n in zip(start, size, strict=True)])
    each = joined(families.name.take(pa.array(people)), texts(families.number[people])).to_pylist()
    ends = np.cumsum(size)
    members = pa.array(["；".join(each[end - n : end]) for end, n in zip(ends.tolist(), size.tolist(), strict=True)])
    months = [month_code(until, -int(ago)) for ago in rows["months_ago"].to_pylist()]
    columns = (
        families.name.take(pa.array(start)),
        texts(families.number[start]),
        pa.array(size),
        pc.cast(pa.array(families.village[households]), pa.string()),
        members,
        pa.array(size),
        rows["yuan"].combine_chunks(),
        pa.array([f"{month // 100}-{month % 100:02d}" for month in months]),
    )
    head = (
        (f"云溪县最低生活保障家庭台账（{until.year}年{until.month}月）",),
        ("户主", None, "家庭", None, "成员", "保障"),
        ("姓名", "证号", "人口", "区划", "姓名及证号", "人数", "月金额(元)", "起始年月"),
    )
    sheet = Sheet("Sheet", columns, head, merged=("A1:I1", "A2:B2", "F2:H2", "C2:D2"))
    write_workbook(folder / "minzheng_dibao_taizhang.xlsx", [sheet])
    return np.ones(len(households), dtype=bool)


SHEETS: dict[str, Callable[[County, Path], Array]] = {
    "gongan_cheliang": vehicles,
    "canlian_chizheng": disability_cards,
    "shichang_zhuti": businesses,
    "nongye_butie": subsidies,
    "minzheng_dibao_taizhang": ledger,
}
