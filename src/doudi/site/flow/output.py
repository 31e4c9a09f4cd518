"""Proposals as the tables of a place, as CSV and as full forms in JSON. Files appear whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from doudi.lib.cells import harmless
from doudi.site.flow.folder import Problem

UNSAFE = re.compile(r"[^\w.-]|^\.+")


def csv_text(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> str:
    """UTF-8 text of a table with a header, lines ended as RFC 4180 says (CRLF)."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: harmless(row.get(name, "")) for name in columns} for row in rows)
    return text.getvalue()


def json_text(value: object) -> str:
    """Compact JSON: written and read faster, and whoever wants to read it has a viewer."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def problems_text(problems: Iterable[Problem]) -> str:
    return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=1) + "\n"


def file_name(application: str) -> str:
    """An application number as a file name: whatever could lead elsewhere is written as %XX."""
    return UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), application)


def write_whole(path: Path, text: str) -> None:
    """Write a file beside its place and move it there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(text.encode("utf-8"))
    partial.replace(path)


def write_reasons(folder: Path, reasons: Mapping[str, Any]) -> None:
    """One full form an application; forms of an earlier run go."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for application, form in reasons.items():
        write_whole(folder / f"{file_name(application)}.json", json_text(form))
