"""A folder tried from its files to its decisions in a throw-away house: tables, reasons, refusals come out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from doudi.audit.actions import record_look
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.site.flow.deciding import Decided, decide_verified, decided
from doudi.site.flow.loading import Loaded, load
from doudi.site.flow.output import csv_text, problems_text, write_reasons, write_whole
from doudi.site.flow.tables import Table, full_form, numbers_of, tables_of
from doudi.site.flow.verifying import Progress, verify_accepted

TABLES = ("decisions", "findings")


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial wrote."""

    decisions: int
    refused: int


def try_folder(folder: Path, out: Path, *, place: str | None, say: Callable[[str], None], progress: Progress) -> Tried:
    """The real path, and its results in `out`. Nothing is decided: what stands there is the engine's proposal."""
    actor = Actor.system()
    loaded = load(folder, actor=actor, at=now(), today=today(), place=place, say=say)
    say("核对 · verification")
    verify_accepted(actor=actor, at=now(), progress=progress)
    say("建议 · proposals")
    decide_verified(actor=actor, at=now(), progress=progress)
    found = list(decided())
    say("写出 · writing")
    return _written(out, loaded, found, actor)


def _written(out: Path, loaded: Loaded, found: list[Decided], actor: Actor) -> Tried:
    subjects = [("application", item.application.id) for item in found]
    record_look(actor=actor, verb="site.write_tables", subjects=subjects, at=now())
    tables = tables_of(found, numbers_of(found, loaded.unreadable))
    out.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        table = tables.get(name, Table((), []))
        if table.columns:
            write_whole(out / f"{name}.csv", csv_text(table.rows, table.columns))
    write_reasons(out / "reasons", {item.application.number: full_form(item) for item in found})
    write_whole(out / "refused.json", problems_text(loaded.problems))
    return Tried(len(tables["decisions"].rows) if "decisions" in tables else 0, len(loaded.problems))
