"""The same deliveries written by other hands: another order, other date forms, other dirt, the same meaning.

`rewrite(folder, target, seed)` copies a folder in the county pack's form and writes every sound delivery anew within
what its agreement allows. Nothing is changed that a careful reader would read otherwise: every decision must stay.

Rows are added that belong to nobody: their check character is wrong and they must be set aside, not put to a namesake.
"""

from __future__ import annotations

import csv
import io
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from doudi.lib.identity_number import check_character, normalise

Random = random.Random
NUMBER, NAME, DATE, MONTH, MONEY, PLAIN, CERTIFICATE = (
    "number",
    "name",
    "date",
    "month",
    "money",
    "plain",
    "certificate",
)


@dataclass(frozen=True)
class Agreement:
    """How a delivery is written: header as in the pack → kind of its cells and other names the header may have."""

    columns: dict[str, tuple[str, tuple[str, ...]]]
    encodings: tuple[str, ...] = ("utf-8", "utf-8-sig")
    delimiter: str = ","
    titles: int = 0
    total: str = ""
    twice: bool = False
    """Whether a row may stand twice."""
    needed: tuple[str, ...] = field(default=())
    """Columns a row of nobody has to fill like its neighbour's."""


OWN = ("身份证号", "证件号码", "公民身份号码", "证号", "证件号")


def _cols(**kinds: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {name: (kind, OWN if kind == NUMBER else ()) for name, kind in kinds.items()}


AGREEMENTS = {
    "gongan_huji.csv": Agreement(
        _cols(户号=PLAIN, 姓名=NAME, 公民身份号码=NUMBER, 性别=PLAIN, 民族=PLAIN, 出生日期=DATE, 与户主关系=PLAIN,
              户口性质=PLAIN, 地址区划=PLAIN, 状态=PLAIN, 状态日期=DATE),
        encodings=("gb18030", "utf-8-sig"), twice=True,
    ),
    "renshe_yanglao.csv": Agreement(
        _cols(身份证号=NUMBER, 姓名=NAME, 险种=PLAIN, 状态=PLAIN)
        | {"月待遇(元)": (MONEY, ("月待遇", "月待遇（元）")), "其中基础养老金(元)": (MONEY, ("其中基础养老金",)),
           "最近发放月": (MONTH, ())},
    ),
    "shuiwu_gongzi.txt": Agreement(
        _cols(所属期=MONTH, 证件号码=NUMBER, 姓名=NAME, 扣缴义务人=PLAIN, 收入额=MONEY), delimiter="|",
    ),
    "ziran_budongchan.csv": Agreement(
        _cols(权利人证件号=NUMBER, 权利人=NAME, 不动产单元号=PLAIN, 坐落=PLAIN, 用途=PLAIN, 共有方式=PLAIN,
              登记日期=DATE, 状态=PLAIN) | {"建筑面积(㎡)": (PLAIN, ("建筑面积",))},
        encodings=("gb18030", "utf-8-sig"),
    ),
    "yinhang_jinrong.csv": Agreement(_cols(证件号码=NUMBER, 截止日=DATE, 存款余额=MONEY, 理财余额=MONEY)),
    "yibao_jiesuan.csv": Agreement(
        _cols(结算流水号=PLAIN, 证件号码=NUMBER, 姓名=NAME, 就诊日期=DATE, 类别=PLAIN, 病种=PLAIN, 总费用=MONEY,
              统筹支付=MONEY, 大病支付=MONEY, 医疗救助支付=MONEY, 个人自付=MONEY),
    ),
    "weijian_siwang.csv": Agreement(_cols(证件号码=NUMBER, 姓名=NAME, 死亡日期=DATE)),
    "sifa_zaiya.csv": Agreement(_cols(证件号码=NUMBER, 姓名=NAME, 类型=PLAIN, 起始日=DATE, 终止日=DATE)),
    "jiaoyu_xueji.csv": Agreement(
        _cols(证件号码=NUMBER, 姓名=NAME, 学段=PLAIN, 学校=PLAIN, 是否公办=PLAIN, 状态=PLAIN),
        encodings=("gb18030", "utf-8-sig"),
    ),
    "gongan_cheliang.xlsx": Agreement(
        _cols(车主证号=NUMBER, 车主姓名=NAME, 号牌号码=PLAIN, 车辆类型=PLAIN, 初次登记日期=DATE, 状态=PLAIN)
        | {"新车购置价(万元)": (PLAIN, ())}, titles=2, total="车主证号",
    ),
    "shichang_zhuti.xlsx": Agreement(
        _cols(统一社会信用代码=PLAIN, 名称=PLAIN, 主体类型=PLAIN, 成立日期=DATE, 状态=PLAIN, 角色=PLAIN,
              人员证号=NUMBER, 人员姓名=NAME) | {"注册资本(万元)": (PLAIN, ())}, titles=1,
    ),
    "canlian_chizheng.xlsx": Agreement(
        _cols(残疾证号=CERTIFICATE, 姓名=NAME, 类别=PLAIN, 等级=PLAIN, 发证日期=DATE, 状态=PLAIN), titles=1,
    ),
    "nongye_butie.xlsx": Agreement(
        _cols(户主证号=NUMBER, 户主姓名=NAME, 补贴项目=PLAIN, 发放日期=DATE)
        | {"金额(元)": (MONEY, ("金额", "金额（元）"))},
        titles=1, total="户主证号",
    ),
}  # fmt: skip


def rewrite(folder: Path, target: Path, seed: int) -> None:
    """The folder again, its sound deliveries in other hands; `applications.csv` too."""
    target.mkdir(parents=True)
    for path in sorted(folder.iterdir()):
        chance = Random(f"{seed}/{path.name}")
        agreement = AGREEMENTS.get(path.name)
        if path.name == "applications.csv":
            _applications(path, target / path.name, chance)
        elif agreement is None and path.is_file():
            shutil.copyfile(path, target / path.name)
        elif agreement is not None:
            header, rows = _read(path, agreement)
            _write(target / path.name, *_dirtied(header, rows, agreement, chance), agreement, chance)


# -- reading and writing -----------------------------------------------------------------------------------------------


def _read(path: Path, agreement: Agreement) -> tuple[list[str], list[list[str]]]:
    if path.suffix == ".xlsx":
        lines = [
            [_text(cell) for cell in row] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        ]
        lines = lines[agreement.titles :]
        rows = [row for row in lines[1:] if not row[0].startswith("合计")]
        return lines[0], rows
    text = _decoded(path.read_bytes())
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=agreement.delimiter))
    return lines[0], [row for row in lines[1:] if row]


def _text(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float):
        return f"{cell:.2f}".rstrip("0").rstrip(".")
    return str(cell)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _dirtied(
    header: list[str], rows: list[list[str]], agreement: Agreement, chance: Random
) -> tuple[list[str], list[list[str]]]:
    if agreement.twice:
        rows = rows + chance.sample(rows, len(rows) // 50)
    rows = rows + [_of_nobody(row, header, agreement) for row in chance.sample(rows, min(5, len(rows)))]
    chance.shuffle(rows)
    writers = [_writer(agreement.columns[name][0], chance) for name in header]
    written = [[write(cell) for write, cell in zip(writers, row, strict=True)] for row in rows]
    written = [line for row in written for line in ([row] if chance.random() > 0.003 else [[""] * len(row), row])]
    names = [chance.choice((name, *agreement.columns[name][1])) for name in header]
    order = chance.sample(range(len(header)), len(header))
    return [names[i] for i in order], [[row[i] for i in order] for row in written]


def _of_nobody(row: list[str], header: list[str], agreement: Agreement) -> list[str]:
    """A row like its neighbour, the name too, under a number that is none."""
    made = list(row)
    for place, name in enumerate(header):
        kind = agreement.columns[name][0]
        if kind in (NUMBER, CERTIFICATE):
            found = re.sub(r"\s", "", made[place])[:18]
            number = normalise(found) or normalise(made[place]) or "990101198001010018"
            wrong = number[:17] + ("1" if number[17] != "1" else "2")
            made[place] = wrong + (re.sub(r"\s", "", made[place])[18:] if kind == CERTIFICATE else "")
        elif name == "结算流水号":
            made[place] = f"{made[place]}X"
    return made


def _write(path: Path, header: list[str], rows: list[list[str]], agreement: Agreement, chance: Random) -> None:
    if path.suffix == ".xlsx":
        _write_workbook(path, header, rows, agreement, chance)
        return
    text = io.StringIO(newline="")
    quoting = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)) if agreement.delimiter == "," else csv.QUOTE_MINIMAL
    writer = csv.writer(
        text, delimiter=agreement.delimiter, quoting=quoting, lineterminator=chance.choice(("\n", "\r\n"))
    )
    writer.writerows([header, *rows])
    path.write_bytes(text.getvalue().encode(chance.choice(agreement.encodings)))


def _write_workbook(path: Path, header: list[str], rows: list[list[str]], agreement: Agreement, chance: Random) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        hidden = chance.random() < 0.5
        if hidden:
            book.add_worksheet("作废").write_row(0, 0, header)
        sheet = book.add_worksheet("交换数据")
        if hidden:
            book.worksheets()[0].hide()
            sheet.activate()
            sheet.set_first_sheet()
        top = agreement.titles
        for number in range(top):
            sheet.write_string(number, 0, f"交换数据 第{number + 1}行标题")
        for number, row in enumerate([header, *rows], start=top):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
        if agreement.total:
            names = (agreement.total, *OWN)
            sheet.write_string(top + 1 + len(rows), next(i for i, name in enumerate(header) if name in names), "合计")


# -- cells -------------------------------------------------------------------------------------------------------------


def _writer(kind: str, chance: Random) -> Callable[[str], str]:
    """How one hand writes a column."""
    if kind == DATE:
        form = chance.choice(("{0:%Y-%m-%d}", "{0:%Y%m%d}", "{0:%Y.%m.%d}", "{0.year}/{0.month}/{0.day}",
                              "{0.year}年{0.month}月{0.day}日"))  # fmt: skip
        return lambda cell: form.format(_day(cell)) if cell.strip() else cell
    if kind == MONTH:
        form = chance.choice(("{0:%Y-%m}", "{0:%Y%m}", "{0.year}年{0.month}月", "{0.year}/{0.month}"))
        return lambda cell: form.format(_month(cell)) if cell.strip() else cell
    cells: dict[str, Callable[[str, Random], str]] = {
        NUMBER: _number, CERTIFICATE: _certificate, NAME: _name, MONEY: _money, PLAIN: _plain,
    }  # fmt: skip
    return lambda cell: cells[kind](cell, chance)


def _day(cell: str) -> date:
    year, month, day = re.fullmatch(r"\D*(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D*", cell.strip()).groups()  # type: ignore[union-attr]
    return date(int(year), int(month), int(day))


def _month(cell: str) -> date:
    year, month = re.fullmatch(r"\D*(\d{4})\D?(\d{1,2})\D*", cell.strip()).groups()  # type: ignore[union-attr]
    return date(int(year), int(month), 1)


def _number(cell: str, chance: Random) -> str:
    """A number that can be read is written otherwise; one that cannot stays as it is."""
    number = normalise(cell)
    if number is None:
        return cell
    old = number[:6] + number[8:17] if number[6:8] == "19" else number
    forms = (number, number, number, f" {number}", f"{number}\u3000", number.lower(), old, _wide(number), f"'{number}",
             f"{number[:6]} {number[6:14]} {number[14:]}")  # fmt: skip
    return chance.choice(forms)


def _certificate(cell: str, chance: Random) -> str:
    return chance.choice((cell, cell, f" {cell}", f"{cell} ", f"'{cell}", _wide(cell)))


def _name(cell: str, chance: Random) -> str:
    spaced = f"{cell[:1]} {cell[1:]}" if len(cell) == 2 else cell
    return chance.choice((cell, cell, f" {cell}", f"{cell}\u3000", spaced, cell.replace("·", "•")))


def _money(cell: str, chance: Random) -> str:
    plain = cell.replace(",", "").strip()
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return cell
    whole, _, cents = plain.partition(".")
    cents = (cents + "00")[:2]
    grouped = f"{int(whole):,}" if whole != "-0" else "-0"
    return chance.choice((plain, f"{whole}.{cents}", f"{grouped}.{cents}", f" {plain} ", _wide(plain)))


def _plain(cell: str, chance: Random) -> str:
    return chance.choice((cell, cell, cell, f"{cell} ", f" {cell}")) if cell else cell


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and (c.isalnum() or c in "-.") else c for c in text)


def _applications(path: Path, target: Path, chance: Random) -> None:
    """Other number forms and dates, 全角 semicolons, blank lines, another order of columns; a row stands twice."""
    lines = list(csv.reader(io.StringIO(_decoded(path.read_bytes()), newline="")))
    header, rows = lines[0], lines[1:]
    date_of = _writer(DATE, chance)

    def cell(name: str, text: str) -> str:
        if name == "申请日期":
            return date_of(text)
        if "证号" in name and text:
            divider = chance.choice((";", "；", "; ", ";"))
            return divider.join(_number(part, chance) for part in text.split(";"))
        return _money(text, chance) if name in ("申报其他月收入", "年教育支出") else _plain(text, chance)

    written = [[cell(name, text) for name, text in zip(header, row, strict=True)] for row in rows]
    written += [chance.choice(written)]
    chance.shuffle(written)
    written.insert(chance.randrange(len(written)), [""] * len(header))
    order = chance.sample(range(len(header)), len(header))
    names = [*(header[i] for i in order), "备注"]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=chance.choice(("\n", "\r\n"))).writerows(
        [names, *([*(row[i] for i in order), ""] for row in written)]
    )
    target.write_bytes(text.getvalue().encode(chance.choice(("utf-8", "utf-8-sig", "gb18030"))))


def wrong_number(number: str) -> str:
    """The same digits with a check character that does not fit."""
    return number[:17] + ("1" if check_character(number[:17]) != "1" else "2")
