"""Some 390 hostile files, formulas and folders: each is refused with place and reason, and nothing is touched or left.

How long each takes and how much memory is measured by `doudi bench hostile`, not here.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from doudi.engine.errors import PolicyError, PolicyErrors
from doudi.engine.policy import load
from doudi.engine.rulebook import resolve
from tests.engine.bad import RULE
from tests.engine.hostile.files import FILES
from tests.engine.hostile.folders import FOLDERS
from tests.engine.hostile.formulas import FORMULAS
from tests.engine.hostile.watched import OUTWARD, watched
from tests.engine.small import write_policy

FILE = "programmes/bad/rules.yaml"
FORMULA_LINE = 8


def test_there_are_many_of_them() -> None:
    assert len(FORMULAS) + len(FILES) + len(FOLDERS) >= 220


def tree(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*")}


def refused(make: Callable[[Path], Any], folder: Path) -> list[PolicyError]:
    """The faults of a folder; it must be refused as a policy, and nothing may be made, run, reached or left."""
    root = folder / "policy"
    root.mkdir()
    make(root)
    before = tree(folder)
    with watched() as events, pytest.raises(PolicyErrors) as caught:
        resolve(load(root), "990101")
    assert tree(folder) == before
    assert [event for event in events if event[0] in OUTWARD] == []
    assert {path for event, path in events if event == "open" and "policy" not in str(path)} == set()
    return caught.value.errors


def said(error: PolicyError) -> None:
    """Each message has a place, a reason and, in both languages, no hole; and is not endless."""
    for lang in ("zh", "en"):
        message = error.message(lang)
        assert error.where is not None and message.startswith(f"{error.where.file}:{error.where.line}:")
        assert len(message) < 2_000
        assert message.rstrip("？?").endswith(("。", ".")) or error.suggestion


def written(formula: str) -> str:
    """A formula as YAML: in quotes, or as a block when it has several lines."""
    if "\n" in formula:
        return "|\n" + "\n".join("      " + line for line in formula.split("\n"))
    return "'" + formula.replace("'", "''") + "'"


def beside_good_ones(text: str | bytes) -> Callable[[Path], Any]:
    def make(root: Path) -> None:
        path = write_policy(root, {}) / FILE
        path.parent.mkdir(parents=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return make


@pytest.fixture(autouse=True)
def without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads a policy needs no database and no network."""

    def never(*arguments: Any, **named: Any) -> Any:
        raise AssertionError("a policy was being read")

    monkeypatch.setattr(duckdb, "connect", never)
    monkeypatch.setattr(socket, "socket", never)


@pytest.mark.parametrize(("formula", "code"), FORMULAS.values(), ids=FORMULAS)
def test_a_hostile_formula_is_refused(tmp_path: Path, formula: str, code: str) -> None:
    (error, *_) = refused(beside_good_ones(RULE.format(type="boolean", formula=written(formula))), tmp_path)
    assert (error.code, error.where and error.where.file) == (code, FILE)
    assert error.where and error.where.line in (FORMULA_LINE, FORMULA_LINE + 1)
    said(error)


@pytest.mark.parametrize(("text", "code", "line"), FILES.values(), ids=FILES)
def test_a_hostile_file_is_refused(tmp_path: Path, text: str | bytes, code: str, line: int) -> None:
    (error, *_) = refused(beside_good_ones(text), tmp_path)
    assert (error.code, error.where and error.where.file, error.where and error.where.line) == (code, FILE, line)
    said(error)


@pytest.mark.parametrize(("make", "code"), FOLDERS.values(), ids=FOLDERS)
def test_a_hostile_folder_is_refused(tmp_path: Path, make: Callable[[Path], Any], code: str) -> None:
    (error, *_) = refused(make, tmp_path)
    assert error.code == code
    said(error)
