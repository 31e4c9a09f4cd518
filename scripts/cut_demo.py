"""Cuts a small folder out of a larger one of the county pack's form: `cut_demo.py PACK OUT`.

Some applications of every outcome are chosen, and of every delivery the rows about their families, a few rows about
others and a few that nobody can be given, as they are written, with their dirt. The two kinds of files that must be
refused are made anew from what is left. The answers in `expected/` are those of the chosen applications.
"""

from __future__ import annotations

import csv
import io
import random
import re
import shutil
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from doudi.lib.identity_number import normalise

MOST = {"低保": 34, "不符合": 20, "待定:缺金融资产": 8, "待定:缺授权": 6}
OTHERS = 40
"""Rows about other people kept in each delivery."""
HEADERS = {"gongan_cheliang.xlsx": 3, "shichang_zhuti.xlsx": 2, "canlian_chizheng.xlsx": 2, "nongye_butie.xlsx": 2,
           "minzheng_dibao_taizhang.xlsx": 3}  # fmt: skip
MONTHS = ("2025-07", "202507", "2026-06", "202606")
SEED = 990101


def main() -> None:
    """Writes OUT."""
    pack, out = Path(sys.argv[1]), Path(sys.argv[2])
    (out / "expected").mkdir(parents=True, exist_ok=True)
    chosen = _chosen(pack)
    applications, people, households = _applications(pack, out, chosen)
    shutil.copyfile(pack / "areas.csv", out / "areas.csv")
    people |= _register(pack, out, households)
    for path in sorted(pack.iterdir()):
        if path.name in ("applications.csv", "areas.csv", "gongan_huji.csv", "README.md") or path.is_dir():
            continue
        if "数字证号" in path.name or "截断" in path.name:
            continue
        (_workbook if path.suffix == ".xlsx" else _text)(path, out / path.name, people)
    _refused(out)
    for name in ("decisions.csv", "findings.csv"):
        lines = (pack / "expected" / name).read_bytes().splitlines(keepends=True)
        kept = [lines[0], *(line for line in lines[1:] if line.split(b",")[0].decode() in chosen)]
        (out / "expected" / name).write_bytes(b"".join(kept))
    print(f"{len(applications)} applications, {len(people)} people")


def _chosen(pack: Path) -> set[str]:
    by_outcome: dict[str, list[str]] = defaultdict(list)
    with (pack / "expected" / "decisions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_outcome[row["结论"]].append(row["申请编号"])
    chance = random.Random(SEED)  # noqa: S311
    picked = (chance.sample(found, min(MOST.get(name, len(found)), len(found))) for name, found in by_outcome.items())
    return {number for numbers in picked for number in numbers}


def _applications(pack: Path, out: Path, chosen: set[str]) -> tuple[list[str], set[str], set[str]]:
    lines = _lines(pack / "applications.csv")
    kept = [line for line in lines[1:] if line.split(",")[0] in chosen]
    (out / "applications.csv").write_bytes("".join([lines[0], *kept]).encode())
    cells = [line.strip().split(",") for line in kept]
    return kept, {number for row in cells for number in (row[3], *row[4].split(";"))}, {row[2] for row in cells}


def _register(pack: Path, out: Path, households: set[str]) -> set[str]:
    """The families' register households and some others; returns everybody in them."""
    lines = _lines(pack / "gongan_huji.csv")
    chance = random.Random(f"{SEED}/huji")  # noqa: S311
    numbers = sorted({line.split(",")[0] for line in lines[1:]} - households)
    kept_households = households | set(chance.sample(numbers, OTHERS))
    kept = [line for line in lines[1:] if line.split(",")[0] in kept_households]
    (out / "gongan_huji.csv").write_bytes("".join([lines[0], *kept]).encode("gb18030"))
    return {number for line in kept if (number := normalise(line.split(",")[2]))}


def _text(path: Path, target: Path, people: set[str]) -> None:
    lines = _lines(path)
    encoding = "utf-8" if _is_utf8(path) else "gb18030"
    target.write_bytes("".join([lines[0], *_kept(lines[1:], people, path.name)]).encode(encoding))


def _workbook(path: Path, target: Path, people: set[str]) -> None:
    source = CalamineWorkbook.from_path(path)
    rows = source.get_sheet_by_index(0).to_python()
    top = HEADERS[path.name]
    body = [row for row in rows[top:] if not str(row[0]).startswith("合计")]
    kept = _kept(body, people, path.name)
    total = [row for row in rows[top:] if str(row[0]).startswith("合计")]
    with xlsxwriter.Workbook(str(target)) as book:
        book.set_properties({"created": date(2026, 7, 1)})
        _fill(book, source.sheet_names[0], [*rows[:top], *kept, *total])
        for name in source.sheet_names[1:]:
            _fill(book, name, source.get_sheet_by_name(name).to_python()).hide()


def _fill(book: xlsxwriter.Workbook, name: str, rows: list[list[object]]) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, place, cell, day)
            elif isinstance(cell, float):
                sheet.write_number(number, place, cell)
            elif cell != "":
                sheet.write_string(number, place, str(cell))
    return sheet


def _kept(rows: list, people: set[str], name: str) -> list:
    """Rows about the people, those that can be given to nobody (some), a few others; the first and last months too."""
    chance = random.Random(f"{SEED}/{name}")  # noqa: S311
    own, strays, others = [], [], []
    for place, row in enumerate(rows):
        numbers = _numbers(row)
        target = own if numbers & people else others if numbers else strays
        target.append((place, row))
    months = [item for item in others if any(month in str(item[1]) for month in MONTHS)]
    extra = chance.sample(others, min(OTHERS, len(others))) + chance.sample(months, min(10, len(months)))
    extra += chance.sample(strays, min(5, len(strays)))
    return [row for _place, row in sorted(dict(own + extra).items())]


def _numbers(row: object) -> set[str]:
    """Identity numbers anywhere in a row."""
    cells = re.split(r"[,|]", row.strip()) if isinstance(row, str) else [str(cell) for cell in row]  # type: ignore[union-attr]
    found = {normalise(cell) for cell in cells}
    for cell in cells:
        found |= {normalise(part) for part in re.findall(r"99\d{15}[\dXx]", cell)}
        plain = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in cell).strip()
        found.add(normalise(plain[:18]))
    return {number for number in found if number}


def _refused(out: Path) -> None:
    """A file that breaks off in a row, and a workbook whose numbers have become numbers."""
    whole = (out / "yibao_jiesuan.csv").read_bytes()
    rows = whole.splitlines(keepends=True)
    cut = b"".join(rows[: len(rows) // 3]) + rows[len(rows) // 3][:27]
    (out / "yibao_jiesuan_截断.csv").write_bytes(cut)
    source = CalamineWorkbook.from_path(out / "nongye_butie.xlsx").get_sheet_by_index(0).to_python()[1:21]
    with xlsxwriter.Workbook(str(out / "nongye_butie_数字证号.xlsx")) as book:
        book.set_properties({"created": date(2026, 7, 1)})
        rows_out = [[float(n) if (n := normalise(str(row[0]))) and n.isdigit() else row[0], *row[1:]] for row in source]
        _fill(book, "Sheet", rows_out)


def _is_utf8(path: Path) -> bool:
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lines(path: Path) -> list[str]:
    data = path.read_bytes()
    text = data.decode("utf-8" if _is_utf8(path) else "gb18030")
    return io.StringIO(text, newline="").readlines() if "\r" not in text else text.splitlines(keepends=True)


if __name__ == "__main__":
    main()
