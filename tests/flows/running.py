"""A folder run from its files to its tables inside the test's own database, the same steps as the commands."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from doudi.core.actor import Actor
from doudi.site.flow.deciding import Decided, decide_verified, decided
from doudi.site.flow.folder import Problem
from doudi.site.flow.loading import Loaded, load
from doudi.site.flow.tables import numbers_of, tables_of
from doudi.site.flow.verifying import verify_accepted

AT = datetime(2026, 7, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 7, 20)
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Results:
    """What came out."""

    decisions: Rows
    findings: Rows
    problems: list[Problem]
    loaded: Loaded
    decided: list[Decided]

    def outcome(self, application: str) -> str:
        return next(row["结论"] for row in self.decisions if row["申请编号"] == application)

    def outcomes(self) -> dict[str, str]:
        return {row["申请编号"]: row["结论"] for row in self.decisions}


def run_folder(folder: Path, *, explain: bool = False) -> Results:
    """Load, verify, decide; tables as `doudi trial` writes them."""
    actor = Actor.system()
    loaded = load(folder, actor=actor, at=AT, today=TODAY, say=lambda _text: None)
    verify_accepted(actor=actor, at=AT, progress=lambda _done, _of: None)
    decide_verified(actor=actor, at=AT, progress=lambda _done, _of: None)
    found = list(decided(explain=explain))
    tables = tables_of(found, numbers_of(found, loaded.unreadable))
    return Results(tables["decisions"].rows, tables["findings"].rows, loaded.problems, loaded, found)


def expected(folder: Path, name: str) -> Rows:
    """A table of right answers."""
    with (folder / "expected" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def differences(wanted: Rows, found: Rows) -> list[str]:
    """Rows that are not as wanted, in the order wanted; rows of other applications are ignored."""
    own = {row["申请编号"] for row in wanted}
    kept = [row for row in found if row["申请编号"] in own]
    if len(kept) != len(wanted):
        return [f"{len(kept)} rows, wanted {len(wanted)}"]
    said = []
    for one, other in zip(wanted, kept, strict=True):
        wrong = {name: (value, other.get(name)) for name, value in one.items() if other.get(name) != value}
        if wrong or list(one) != list(other):
            said.append(f"{one['申请编号']}: {wrong}")
    return said
