"""Facts for `naive_rules` from a folder of deliveries, read naively: numbers put right or dropped, nothing else.

Also `from_truth`: the same facts from a twin's truth, without the rows whose numbers nobody can read.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from tests.flows.naive_rules import Asked, Someone

People = dict[str, Someone]
Row = dict[str, Any]


def number_of(text: Any) -> str | None:
    """18 characters with the right check character, or None."""
    plain = unicodedata.normalize("NFKC", str(text)).upper().strip().strip("'")
    if re.fullmatch(r"\d{15}", plain):
        plain = plain[:6] + "19" + plain[6:]
        plain += _check(plain)
    return plain if re.fullmatch(r"\d{17}[\dX]", plain) and _check(plain) == plain[17] else None


def _check(digits: str) -> str:
    return "10X98765432"[sum(int(d) * pow(2, 17 - place, 11) for place, d in enumerate(digits[:17])) % 11]


def day_of(text: Any) -> date:
    if isinstance(text, date):
        return text
    parts = [int(part) for part in re.findall(r"\d+", str(text))]
    if len(parts) == 1:
        return date(parts[0] // 10000, parts[0] // 100 % 100, parts[0] % 100)
    return date(*parts[:3])


def yuan(text: Any) -> Fraction:
    return Fraction(str(text).replace(",", ""))


def _text(path: Path, encoding: str, delimiter: str = ",") -> Iterator[Row]:
    text = path.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield {name: cell.strip() for name, cell in row.items()}


def _sheet(path: Path, first: str) -> Iterator[Row]:
    book = CalamineWorkbook.from_path(str(path))
    name = next(sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible)
    table = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    at = next(place for place, row in enumerate(table) if row[0] == first)
    for row in table[at + 1 :]:
        yield {name: cell.strip() if isinstance(cell, str) else cell for name, cell in zip(table[at], row, strict=True)}


def _collected(rows: Iterator[Row], key: str, people: People, put: Callable[[Someone, Row], Any]) -> None:
    for row in rows:
        number = number_of(row[key])
        if number is not None and row[key] != "合计":
            put(people.setdefault(number, Someone(number)), row)


def from_deliveries(folder: Path) -> list[Asked]:
    """Every application of a folder with what its deliveries say."""
    people: People = {}
    heads: dict[str, tuple[str, bool, str]] = {}
    for row in _text(folder / "gongan_huji.csv", "gb18030"):
        number = number_of(row["公民身份号码"])
        if number:
            people.setdefault(number, Someone(number)).dead |= row["状态"] == "注销-死亡"
            if row["与户主关系"] == "户主":
                heads[row["户号"]] = (number, row["户口性质"] == "城镇", row["地址区划"][:9])
    _collected(_text(folder / "weijian_siwang.csv", "utf-8"), "证件号码", people, lambda p, r: setattr(p, "dead", True))
    _collected(
        _text(folder / "shuiwu_gongzi.txt", "utf-8", "|"), "证件号码", people,
        lambda p, r: p.wages.append((int(r["所属期"]), yuan(r["收入额"]))),
    )  # fmt: skip
    _collected(
        _text(folder / "renshe_yanglao.csv", "utf-8-sig"), "身份证号", people,
        lambda p, r: p.pensions.append((r["险种"], yuan(r["月待遇(元)"]), yuan(r["其中基础养老金(元)"]), r["状态"])),
    )  # fmt: skip
    _collected(
        _text(folder / "ziran_budongchan.csv", "gb18030"), "权利人证件号", people,
        lambda p, r: p.property.append((r["不动产单元号"], r["用途"], yuan(r["建筑面积(㎡)"]), r["状态"])),
    )  # fmt: skip
    _collected(
        _text(folder / "yinhang_jinrong.csv", "utf-8"), "证件号码", people,
        lambda p, r: setattr(p, "bank", yuan(r["存款余额"]) + yuan(r["理财余额"])),
    )  # fmt: skip
    _collected(
        _text(folder / "yibao_jiesuan.csv", "utf-8"), "证件号码", people,
        lambda p, r: p.settlements.append((day_of(r["就诊日期"]), r["类别"], yuan(r["个人自付"]))),
    )  # fmt: skip
    _collected(
        _text(folder / "sifa_zaiya.csv", "utf-8"), "证件号码", people,
        lambda p, r: p.custody.append((day_of(r["起始日"]), day_of(r["终止日"]))),
    )  # fmt: skip
    _collected(
        _text(folder / "jiaoyu_xueji.csv", "gb18030"), "证件号码", people, lambda p, r: p.stages.append(r["学段"])
    )
    _collected(
        _sheet(folder / "gongan_cheliang.xlsx", "车主证号"), "车主证号", people,
        lambda p, r: p.vehicles.append((r["车辆类型"], r["状态"])),
    )  # fmt: skip
    _collected(
        _sheet(folder / "shichang_zhuti.xlsx", "统一社会信用代码"), "人员证号", people,
        lambda p, r: p.businesses.append((r["主体类型"], yuan(r["注册资本(万元)"]), r["状态"])),
    )  # fmt: skip
    _collected(
        _sheet(folder / "nongye_butie.xlsx", "户主证号"), "户主证号", people,
        lambda p, r: p.subsidies.append((day_of(r["发放日期"]), yuan(r["金额(元)"]))),
    )  # fmt: skip
    cards = ({**r, "证号": re.sub(r"..(B\d+)?$", "", str(r["残疾证号"]).strip())} for r in _sheet(
        folder / "canlian_chizheng.xlsx", "残疾证号"
    ))  # fmt: skip
    _collected(cards, "证号", people, lambda p, r: p.cards.append((r["类别"], r["等级"], r["状态"])))
    return [_asked(row, people, heads) for row in _text(folder / "applications.csv", "utf-8")]


def _asked(row: Row, people: People, heads: dict[str, tuple[str, bool, str]]) -> Asked:
    head, urban, township = heads.get(row["户号"], ("", False, ""))
    numbers = [number_of(text) or text for text in row["共同生活成员证号"].split(";")]
    members = [people.setdefault(number, Someone(number)) for number in numbers]
    signed = {number_of(text) or text for text in row["已签授权书成员证号"].split(";")} - {""}
    return Asked(
        row["申请编号"], day_of(row["申请日期"]), township, head, urban, members,
        signed, yuan(row["申报其他月收入"]), yuan(row["年教育支出"]),
        row["法定义务人"],
    )  # fmt: skip


def from_truth(folder: Path) -> list[Asked]:
    """The same from a twin's truth; a row delivered with a number nobody can read says nothing about anybody."""
    tables: dict[str, dict[int, list[Row]]] = {}
    for path in folder.glob("*.parquet"):
        if path.stem not in ("persons", "households", "applications", "areas", "minzheng_dibao_taizhang"):
            tables[path.stem] = defaultdict(list)
            for row in pq.read_table(path).to_pylist():
                if row["legible"]:
                    tables[path.stem][row["person"]].append(row)
    persons = {row["person"]: row for row in pq.read_table(folder / "persons.parquet").to_pylist()}
    homes = pq.read_table(folder / "households.parquet").to_pylist()
    first = {row["household"]: row for row in reversed(list(persons.values()))}
    found = []
    for row in pq.read_table(folder / "applications.parquet").to_pylist():
        home, head = homes[row["household"]], first[row["household"]]
        found.append(
            Asked(
                row["number"], row["applied_on"], str(home["village"])[:9], head["number"], home["urban"],
                [_true(persons[member], tables) for member in row["members"]],
                {persons[member]["number"] for member in row["signed"]},
                Fraction(row["other_income"]), Fraction(row["education"]), row["obligors"],
            )
        )  # fmt: skip
    return found


def _true(person: Row, tables: dict[str, dict[int, list[Row]]]) -> Someone:
    def rows(feed: str) -> list[Row]:
        return tables[feed].get(person["person"], [])

    reported = person["death_reported"] and person["death_report_legible"]
    registered = person["death_registered"] and person["register_legible"]
    bank = [Fraction(row["deposits"]) + Fraction(row["wealth"]) for row in rows("yinhang_jinrong")]
    return Someone(
        person["number"],
        [(row["month"], Fraction(row["yuan"])) for row in rows("shuiwu_gongzi")],
        [(r["scheme"], Fraction(r["yuan"]), Fraction(r["basic"]), r["state"]) for r in rows("renshe_yanglao")],
        [(row["kind"], row["state"]) for row in rows("gongan_cheliang")],
        [(row["kind"], Fraction(row["capital"]), row["state"]) for row in rows("shichang_zhuti")],
        [(str(r["unit"]), r["use"], Fraction(r["area"], 100), r["state"]) for r in rows("ziran_budongchan")],
        [(row["day"], row["kind"], Fraction(row["paid"])) for row in rows("yibao_jiesuan")],
        [(row["category"], "零一二三四"[row["grade"]] + "级", row["state"]) for row in rows("canlian_chizheng")],
        [(row["begin"], row["end"]) for row in rows("sifa_zaiya")],
        [(row["day"], Fraction(row["yuan"])) for row in rows("nongye_butie")],
        [row["stage"] for row in rows("jiaoyu_xueji")],
        reported or registered,
        bank[0] if bank else None,
    )
