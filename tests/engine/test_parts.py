"""A slice is worked out in parts, in 64 bits where they suffice; neither is seen in the results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from doudi.engine.backends import duckdb as backend
from doudi.engine.backends import worker as working
from doudi.engine.backends.locked import connect
from doudi.engine.backends.slices import Span, slices_of
from doudi.engine.case import read_case
from doudi.engine.python import Program
from doudi.engine.sql import Statements
from doudi.engine.sql_numbers import NARROW
from tests.engine.small import AS_OF, household, rule, rulebook_of
from tests.engine.snapshots import read_results, write_snapshot

BOOK = rulebook_of({"household.out": rule("number", "household.x * household.x / 3 + 0.5")})


def numbered(amounts: list[str]) -> list[dict]:
    cases = [household({"x": x}) for x in amounts]
    for number, case in enumerate(cases):
        case["household"]["id"] = f"h{number:02d}"
    return cases


def screened(folder: Path, cases: list[dict], *, slice_size: int = 100, **more: Any) -> dict[str, dict[str, Any]]:
    write_snapshot(folder / "in", BOOK, cases, slice_size=slice_size)
    backend.screen(BOOK, folder / "in", folder / "out", as_of=AS_OF, outputs=["out"], **more)
    return read_results(folder / "out")


def in_python(case: dict) -> Any:
    return Program(BOOK, AS_OF).value(read_case(case, BOOK).household, "out")


def test_parts_and_slices_come_out_whole_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "PART", 3)
    monkeypatch.setattr(working, "_LEAST", 1)
    cases = numbered([str(n) for n in range(20)])
    rows = screened(tmp_path, cases, slice_size=11, threads=3)
    assert list(rows) == [f"h{n:02d}" for n in range(20)]
    assert [row["out"] for row in rows.values()] == [in_python(case) for case in cases]
    assert sorted(path.name for path in (tmp_path / "out").glob("*.parquet")) == [
        "slice-00000.parquet",
        "slice-00001.parquet",
    ]


def test_slices_worked_out_one_by_one_are_those_of_the_whole_run(tmp_path: Path) -> None:
    rows = screened(tmp_path, numbered([str(n) for n in range(20)]), slice_size=8)
    slices = slices_of(tmp_path / "in")
    assert slices == [(0, 0, 7), (1, 8, 15), (2, 16, 19)]
    for part, first, last in slices:
        backend.screen_slice(
            BOOK, tmp_path / "in", tmp_path / "alone", as_of=AS_OF, outputs=["out"], slice=part, first=first, last=last
        )
    assert read_results(tmp_path / "alone") == rows


@pytest.mark.parametrize("amount", ["3", "1234567.89", "900000000", "-900000000.01"])
def test_an_amount_too_wide_for_64_bits_is_worked_out_in_128(tmp_path: Path, amount: str) -> None:
    cases = numbered(["1", amount, "2"])
    rows = screened(tmp_path, cases)
    assert [row["out"] for row in rows.values()] == [in_python(case) for case in cases]
    assert [row["error"] for row in rows.values()] == [None, None, None]


def test_64_bits_never_give_a_wrong_number_but_an_error(tmp_path: Path) -> None:
    write_snapshot(tmp_path, BOOK, numbered(["5000000000"]))
    connection = connect("1GB", [tmp_path])
    statements = Statements(BOOK, AS_OF, ["out"], working.columns_of(tmp_path), NARROW)
    with pytest.raises((duckdb.OutOfRangeException, duckdb.ConversionException)):
        for text in statements.render(lambda table: f"read_parquet('{tmp_path}/{table}.parquet')"):
            connection.execute(text)


def test_a_part_that_does_not_fit_in_memory_is_halved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_LEAST", 1)
    ran = working.Worker._run
    asked: list[int] = []

    def narrow_memory(self: Any, span: Span) -> Any:
        asked.append(len(span))
        if len(span) > 4:
            raise duckdb.OutOfMemoryException("too large")
        return ran(self, span)

    monkeypatch.setattr(working.Worker, "_run", narrow_memory)
    cases = numbered([str(n) for n in range(10)])
    rows = screened(tmp_path, cases, threads=1)
    assert [row["out"] for row in rows.values()] == [in_python(case) for case in cases]
    assert asked == [10, 5, 3, 2, 5, 3, 2]


def test_a_household_with_an_error_alone_still_leaves_every_column(tmp_path: Path) -> None:
    rows = screened(tmp_path, numbered(["99999999999999999", "1"]))
    assert rows["h00"]["error"] == "overflow"
    assert set(rows["h00"]) == {"household_id", "area", "out", "error"}


@pytest.mark.parametrize("problem", [ZeroDivisionError, OverflowError, FloatingPointError])
def test_no_fault_of_arithmetic_stops_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: type[ArithmeticError]
) -> None:
    def failing(self: Any, span: Span) -> Any:
        if span.first <= 1 <= span.last:
            raise problem("not foreseen")
        return wide(self, span)

    def narrow(self: Any, span: Span) -> Any:
        raise problem("not foreseen")

    wide = working.Worker._run_wide
    monkeypatch.setattr(working.Worker, "_run_wide", failing)
    cases = numbered(["1", "2", "3"])
    write_snapshot(tmp_path / "in", BOOK, cases)
    with monkeypatch.context() as only:
        only.setattr(working.Worker, "_run", narrow)
        backend.screen(BOOK, tmp_path / "in", tmp_path / "out", as_of=AS_OF, outputs=["out"])
    rows = read_results(tmp_path / "out")
    assert [row["error"] for row in rows.values()] == [None, "overflow", None]
    assert [rows[name]["out"] for name in ("h00", "h02")] == [in_python(cases[0]), in_python(cases[2])]


def test_nothing_is_written_beside_the_results(tmp_path: Path) -> None:
    screened(tmp_path, numbered(["1", "2"]))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "run.json", "run.lock", "slice-00000.parquet",
    ]  # fmt: skip
