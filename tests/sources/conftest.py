"""Small feeds and files for tests of sources; identity numbers begin with 99."""

from __future__ import annotations

import datetime
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from doudi.core.actor import Actor
from doudi.engine.feeds import Feed
from doudi.lib.identity_number import check_character
from doudi.sources.queries import feeds
from doudi.sources.reading.child import outcome_of
from doudi.sources.reading.job import LAKE, Job, Limits, Outcome
from doudi.sources.reading.keying import keyer
from doudi.sources.reading.running import Reader


@pytest.fixture(autouse=True)
def _empty_lake(home: Path) -> None:
    """What tests with a database of their own left in this process's lake: no manifest names it any more."""
    shutil.rmtree(home / "lake", ignore_errors=True)


AT = datetime.datetime(2026, 7, 2, 1, 0, tzinfo=datetime.UTC)
PACK = Path(__file__).resolve().parents[3] / "shared" / "county-pack"
SECRET = b"k" * 32


def number(born: str, serial: int, area: str = "990101") -> str:
    """A synthetic identity number."""
    first17 = f"{area}{born}{serial:03d}"
    return first17 + check_character(first17)


ANNA, BERT, CARL = number("19800101", 1), number("19810101", 2), number("20100101", 3)


def ending_in_x() -> str:
    """A number whose check character is X."""
    return next(n for serial in range(1, 99) if (n := number("19790505", serial)).endswith("X"))


@dataclass(frozen=True)
class Read:
    """What came of one file: its outcome and the rows in its lake file, in the order of the file."""

    outcome: Outcome
    rows: list[dict[str, Any]]

    @property
    def code(self) -> str | None:
        """Why all was refused."""
        return self.outcome.refusal["code"] if self.outcome.refusal else None

    @property
    def codes(self) -> list[tuple[int, str]]:
        """(row, code) of the problems."""
        return [(one["row"], one["code"]) for one in self.outcome.problems]

    def of(self, column: str) -> list[Any]:
        """The values of one column."""
        return [row[column] for row in self.rows]

    def has(self, person: str) -> bool:
        """Whether the lake holds rows of a number."""
        return uuid.UUID(bytes=keyer("intl", SECRET)(person)) in {row["person_key"] for row in self.rows}


def read_file(feed: Feed, path: Path, folder: Path, cutoff: datetime.date | None = None) -> Read:
    """Reads a file in this process, as the fork does."""
    out = folder / uuid.uuid4().hex
    out.mkdir()
    day = AT.date()
    job = Job(feed, str(path), str(out), uuid.uuid4(), day, cutoff, Limits(), "intl", SECRET)
    outcome = outcome_of(job)
    lake = out / LAKE
    rows = pq.read_table(lake).to_pylist() if outcome.refusal is None else []
    return Read(outcome, sorted(rows, key=lambda row: row["_row"]))


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """One reader process for many files."""
    with Reader() as made:
        yield made


@pytest.fixture(autouse=True)
def empty_lake(home: Path) -> Iterator[None]:
    """Files outlive the transaction of a test that is rolled back; they are cleared."""
    yield
    for folder in ("lake", "originals"):
        shutil.rmtree(home / folder, ignore_errors=True)


@pytest.fixture
def actor() -> Actor:
    return Actor("7", "核对员", "verification_officer", "990101")


@pytest.fixture
def pack() -> Path:
    """The county pack beside the repository."""
    if not PACK.exists():
        pytest.skip("the county pack is not beside this repository (../shared/county-pack)")
    return PACK


@pytest.fixture
def text(tmp_path: Path) -> Callable[..., Read]:
    """text(feed, "line", …) reads lines as that feed; bytes are taken as they are."""

    def read(feed: str | Feed, *lines: str | bytes, encoding: str = "utf-8", **more: Any) -> Read:
        agreed = feeds()[feed] if isinstance(feed, str) else feed
        path = tmp_path / f"{uuid.uuid4().hex}.csv"
        if len(lines) == 1 and isinstance(lines[0], bytes):
            path.write_bytes(lines[0])
        else:
            path.write_bytes(("\n".join(str(line) for line in lines) + "\n").encode(encoding))
        return read_file(agreed, path, tmp_path, **more)

    return read


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Read]:
    """book(feed, [row, …]) writes a workbook and reads it as that feed."""

    def read(feed: str | Feed, rows: list[list[Any]], **more: Any) -> Read:
        agreed = feeds()[feed] if isinstance(feed, str) else feed
        path = tmp_path / f"{uuid.uuid4().hex}.xlsx"
        write_book(path, {"数据": rows})
        return read_file(agreed, path, tmp_path, **more)

    return read


def write_book(path: Path, sheets: dict[str, list[list[Any]]], hidden: tuple[str, ...] = ()) -> None:
    """A workbook with plain cells; dates become date cells."""
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(path), options) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write(at, column, cell)
            if name not in hidden:
                sheet.activate()
        for sheet in made.worksheets():
            if sheet.get_name() in hidden:
                sheet.hide()
