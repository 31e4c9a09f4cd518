# ruff: noqa: E501  (one fault, one line)
"""What can be wrong with a delivery: codes with a sentence in zh and en that says what, where, and what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

SENTENCES: dict[str, tuple[str, str]] = {
    "file.empty": ("文件是空的。请重新导出。", "The file is empty. Export it again."),
    "file.too_large": ("文件超过 {limit} MB。请分成几份。", "The file is over {limit} MB. Split it."),
    "file.format": ("不是 {wanted} 文件。请按约定的格式导出。", "This is not a {wanted} file. Export it in the agreed format."),
    "file.encoding": ("第 {row} 行附近的文字不是约定的编码（{wanted}）。请按约定的编码重新导出。", "The text near row {row} is not in the agreed encoding ({wanted}). Export it again in that encoding."),
    "file.nul": ("第 {row} 行有空字节，文件已损坏。请重新传送。", "Row {row} holds a NUL byte; the file is damaged. Send it again."),
    "file.truncated": ("文件在第 {row} 行中断：末行没有写完。整份不收，请重新传送。", "The file breaks off in row {row}: its last line is not complete. Nothing is taken in; send it again."),
    "file.quoting": ("第 {row} 行的引号没有结束。请重新导出。", "A quote in row {row} is not closed. Export the file again."),
    "file.limits": ("打开这份文件超出了时间或内存限制，没有收下。请检查文件，或分成几份。", "Opening this file went over the limits of time or memory; nothing was taken in. Check the file or split it."),
    "file.unreadable": ("这份文件读不下去（{where}），没有收下。请重新导出；再不行请联系系统管理员。", "This file could not be read ({where}); nothing was taken in. Export it again; if that does not help, ask the system administrator."),
    "file.password": ("文件有密码。请去掉密码再传送。", "The file is protected by a password. Remove it and send the file again."),
    "zip.bomb": ("压缩包解开后过大（{size} MB），不打开。请直接传送原文件。", "The archive unpacks to {size} MB and is not opened. Send the plain file."),
    "zip.entries": ("压缩包里的文件太多（{count} 个）。请直接传送原文件。", "The archive holds too many files ({count}). Send the plain workbook."),
    "zip.path": ("压缩包里有可疑的路径，不打开。请直接传送原文件。", "The archive holds a suspicious path and is not opened. Send the plain workbook."),
    "sheet.far_cell": ("单元格 {cell} 远在数据之外，按它打开会占满内存，不打开。请把数据复制到新表再传送。", "Cell {cell} stands far outside the data; opening it would fill the memory. Copy the data to a new workbook."),
    "sheet.formula": ("单元格 {cell} 是公式。请粘贴为数值再传送。", "Cell {cell} is a formula. Paste values and send the file again."),
    "sheet.missing": ("没有可读的工作表。请检查工作簿。", "There is no readable worksheet. Check the workbook."),
    "sheet.several": ("有两张可见的工作表都有数据（“{sheet}”也有）。请把数据放在一张表里。", "Two visible worksheets hold data (\"{sheet}\" too). Put the data into one."),
    "header.missing": ("找不到表头。应有的列：{wanted}。请补上表头再传送。", "The header was not found. Expected columns: {wanted}. Add them."),
    "header.unknown": ("不认识的列“{column}”。{hint}请按约定的表头导出。", "Unknown column \"{column}\". {hint}Export with the agreed header."),
    "header.column_missing": ("缺少列“{column}”。请补上。", "The column \"{column}\" is missing. Add it."),
    "header.twice": ("列“{column}”出现两次。请留一列。", "The column \"{column}\" stands twice. Keep one."),
    "header.unnamed": ("这一列没有表头，没有读它。有用的话请补上表头。", "This column has no header and was not read. Name it if it matters."),
    "number.as_float": ("证号列被存成数字，后几位已经丢失，无法还原（单元格 {cell}）。整份不收。请把这一列设为文本，重新导出。", "The identity numbers are stored as numbers and their last digits are lost (cell {cell}). Nothing is taken in. Make the column text and export again."),
    "delivery.rows": ("只有 {count} 行数据，少于约定的 {wanted} 行。", "Only {count} rows of data, fewer than the agreed {wanted}. Check the export."),
    "delivery.no_period": ("没有一行写明已经过去的“{column}”，不知道这份文件管到哪几个月。整份不收，请改正后重新传送。", "No row has a \"{column}\" that has begun, so nobody can tell which months the file covers. Nothing is taken in; correct it and send it again."),
    "delivery.too_many": ("有问题的行太多（超过 {limit} 行），整份不收。请检查导出的格式。", "Too many rows have problems (over {limit}); nothing is taken in. Check the format of the export."),
    "row.note": ("这一行不是数据（说明或页脚），没有读它。", "This row is no data (a note or a footer) and was not read. Nothing to do."),
    "row.as_float": ("“{column}”被存成数字，后几位可能已经丢失。请把这一列设为文本。", "\"{column}\" is stored as a number and its last digits may be lost. Make the column text."),
    "row.width": ("这一行有 {found} 格，表头有 {wanted} 格。请改正这一行。", "This row has {found} cells, the header {wanted}. Correct the row."),
    "row.number_check": ("证号校验位不对。这一行先隔离，不按姓名归人。请核对证件。", "The check character of the identity number is wrong. The row is set aside and not matched by name. Check the card."),
    "row.number_length": ("证号长度不对。这一行先隔离。请核对证件。", "The identity number has a wrong length. The row is set aside. Check the card."),
    "row.number_birth": ("证号里的出生日期不存在。这一行先隔离。请核对证件。", "The birth date in the identity number does not exist. The row is set aside. Check the card."),
    "row.number_empty": ("没有证号。这一行等待认定是谁。", "There is no identity number. The row waits until somebody says whose it is."),
    "row.required": ("“{column}”是空的。请补上。", "\"{column}\" is empty. Fill it in."),
    "row.code": ("“{column}”的值不在代码表里。请改成约定的写法。", "The value of \"{column}\" is not in the code list. Use an agreed value."),
    "row.date": ("“{column}”不是有效日期。请改正。", "\"{column}\" is not a date. Correct it."),
    "row.month": ("“{column}”不是有效月份。请改正。", "\"{column}\" is not a month. Correct it."),
    "row.money": ("“{column}”不是金额。请改正。", "\"{column}\" is not an amount. Correct it."),
    "row.number": ("“{column}”不是数字。请改正。", "\"{column}\" is not a number. Correct it."),
    "row.boolean": ("“{column}”应为是或否。请改正。", "\"{column}\" must be yes or no. Correct it."),
    "row.area": ("“{column}”不是区划代码。请改正。", "\"{column}\" is not an area code. Correct it."),
    "row.minimum": ("“{column}”小于 {minimum}。请改正。", "\"{column}\" is below {minimum}. Correct it."),
    "row.conflicting": ("同一“{column}”有几行，内容不一致，都先隔离。请确认哪一行是对的。", "Several rows of one \"{column}\" disagree; all are set aside. Say which one is right."),
    "row.people": ("成员一格里有证号读不出来。请改正。", "A number among the members in this cell cannot be read. Correct it."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: `row` counts from 1 as in the sender's file, `column` is the sender's header, `cell` like C17."""

    code: str
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    zh: str = ""
    en: str = ""

    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return asdict(self)


class Refusal(Exception):
    """The whole delivery is refused."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""


def problem(
    code: str, *, row: int | None = None, column: str | None = None, cell: str | None = None, **context: object
) -> Problem:
    """A problem with its sentences."""
    zh, en = SENTENCES[code]
    values = _Blank(context | {"row": row, "column": column or "", "cell": cell or ""})
    return Problem(code, row, column, cell, zh.format_map(values), en.format_map(values))


def cell_name(column: int, row: int) -> str:
    """(0, 2) → A2."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
