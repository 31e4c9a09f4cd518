"""Opening a table as programs do, and telling what would run. Knows nothing of how the tables were made."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import zipfile
from pathlib import Path

import openpyxl

STARTS = "=+-@＝＋－＠﹦﹢﹣\t\r"
NUMBER = re.compile(r"[+-]?[\d,]*\.?\d+([eE][+-]?\d+)?%?")
SKIPPED = re.compile(r"^[\s\0\ufeff\u200b\"“”‘’`´]+")


def runs(cell: str) -> bool:
    """Whether a program would take the cell for a formula, passing over blanks and double quotes as some do."""
    plain = SKIPPED.sub("", cell)
    if len(plain) < 2 or plain.startswith("'") or NUMBER.fullmatch(plain):
        return False
    return plain[0] in STARTS or (cell[:1] in "\t\r" and len(cell) > 1)


def read_text(data: bytes) -> str:
    """A text file as it was written: UTF-8, or the GB18030 in which some departments send and get back theirs."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def active_in_csv(data: bytes, delimiter: str = ",") -> list[str]:
    """Cells of a CSV file that would run, opened as it was written and as if it had other delimiters."""
    text = read_text(data)
    found = []
    for other in dict.fromkeys((delimiter, ",", ";", "\t", "|")):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=other):
            found += [cell for cell in row if runs(cell)]
    return found


def active_in_xlsx(data: bytes) -> list[str]:
    """Cells of a workbook that hold a formula; anything else in it that acts."""
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        found += [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        found += [
            name for name in names if re.search(r"vbaProject|externalLink|connections|ddeLink|/macrosheets/", name)
        ]
        found += [name for name in names if name.endswith(".xml") and b"<f>" in archive.read(name)]
    return found


def active_in_pdf(data: bytes) -> list[str]:
    """What a PDF would do when it is opened."""
    return [name.decode() for name in (b"/JavaScript", b"/JS ", b"/OpenAction", b"/Launch", b"/AA ") if name in data]


def active_in_libreoffice(office: str, data: bytes, ending: str, folder: Path) -> list[str]:
    """Formulas in the workbook that LibreOffice makes of the file when it opens it, formulas in CSV evaluated."""
    source = folder / f"table.{ending}"
    source.write_bytes(data)
    command = [office, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile"]
    if (
        ending == "csv"
    ):  # comma, double quote, UTF-8, first row, no column kinds, language, not all text, detect, evaluate
        command.append("--infilter=CSV:44,34,76,1,,2052,false,true,false,false,false,-1,true")
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return active_in_xlsx((folder / "out" / "table.xlsx").read_bytes())
