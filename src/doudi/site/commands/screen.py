"""`doudi screen`: the rules over everyone in a snapshot folder, a slice at a time. Runs without Django."""

from __future__ import annotations

import json as json_format
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doudi.site.saying import Json, Lang, checked_lang, print_json, refusals

if TYPE_CHECKING:
    from doudi.engine.rulebook import Rulebook

Snapshot = Annotated[
    Path | None, typer.Option(help="Snapshot folder; by default the newest one in HOME/snapshots.", file_okay=False)
]
Place = Annotated[str | None, typer.Option(help="Area whose rules apply; by default the snapshot's.")]
Day = Annotated[str | None, typer.Option("--as-of", help="Day, like 2026-07-01; by default the snapshot's.")]
Memory = Annotated[str, typer.Option("--memory", help="Most memory DuckDB may take.")]
Threads = Annotated[int, typer.Option(help="Slices are worked out by so many threads.", min=1)]
Out = Annotated[Path | None, typer.Option(help="Where the slices go; by default HOME/screenings.", file_okay=False)]
Folder = Annotated[Path | None, typer.Option("--policy", help="Policy folder; by default the shipped one.")]
Chain = Annotated[str, typer.Option(help="The chain of programmes to work out.")]


@dataclass(frozen=True, slots=True)
class Found:
    """A snapshot folder with its day and the place whose rules apply."""

    folder: Path
    as_of: date
    place: str


def snapshot_of(folder: Path | None, place: str | None) -> Found:
    """The folder given, or the newest in HOME/snapshots, read by its meta.json."""
    from doudi.site.places import home

    if folder is None:
        made = sorted((home() / "snapshots").glob("*/meta.json"), key=lambda path: path.stat().st_mtime)
        if not made:
            raise typer.BadParameter("there is no snapshot; give a folder", param_hint="--snapshot")
        folder = made[-1].parent
    meta = folder / "meta.json"
    if not meta.exists() or not (folder / "households.parquet").exists():
        raise typer.BadParameter(f"no snapshot: {folder}", param_hint="--snapshot")
    said: dict[str, Any] = json_format.loads(meta.read_text(encoding="utf-8"))
    return Found(folder, date.fromisoformat(said["as_of"]), place if place is not None else str(said["place"]))


def day_of(text: str | None) -> date | None:
    """A day as written on the command line."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter("a day like 2026-07-01", param_hint="--as-of") from None


def screen(
    snapshot: Snapshot = None,
    place: Place = None,
    as_of: Day = None,
    out: Out = None,
    chain: Chain = "basic_living",
    policy: Folder = None,
    memory: Memory = "4GB",
    threads: Threads = 2,
    json: Json = False,
    lang: Lang = "zh",
) -> None:
    """Work out a chain for every household of a snapshot; a broken run goes on where it stopped.

    Undetermined households are a line of their own, never in a total of eligible or not.
    """
    from doudi.engine.backends.chosen import screening_by
    from doudi.engine.errors import EngineError
    from doudi.engine.policy import load
    from doudi.engine.reading import nearest
    from doudi.engine.rulebook import resolve
    from doudi.site.places import home, policy_folder
    from doudi.site.progress import Progress

    checked_lang(lang)
    found = snapshot_of(snapshot, place)
    day = day_of(as_of) or found.as_of
    with refusals(lang, as_json=json):
        rulebook = resolve(load(policy or policy_folder()), found.place)
        if chain not in rulebook.chains:
            raise EngineError("policy.chain_unknown", suggestion=nearest(chain, rulebook.chains), name=chain)
        target = out or home() / "screenings" / f"{found.folder.name}-{rulebook.hash[:8]}-{day}"
        outputs = [f"chain__{chain}__{part}" for part in ("programme", "outcome", "pending", "amount")]
        progress = Progress(silent=json)
        progress.say("筛查 · screening")
        result = screening_by(os.environ.get("DOUDI_ENGINE", "duckdb"))(
            rulebook, found.folder, target, as_of=day, outputs=outputs, memory_limit=memory, threads=threads,
            progress=progress.count,
        )  # fmt: skip
    totals = {name: result.counts.get(name, 0) for name in (*rulebook.chains[chain].programmes, "none")}
    undetermined = result.counts.get("undetermined", 0)
    if json:
        said = {**asdict(result), "counts": totals, "undetermined": undetermined}
        print_json({"place": found.place, "as_of": day.isoformat(), "out": str(target), **said})
        return
    for line in _told(rulebook, totals, undetermined, result.errors, result.rows, lang):
        typer.echo(line)


def _told(
    rulebook: Rulebook, totals: dict[str, int], undetermined: int, errors: int, rows: int, lang: str
) -> Iterator[str]:
    zh = lang == "zh"
    yield f"共 {rows} 户" if zh else f"{rows} households"
    for name, count in totals.items():
        none = "不符合" if zh else "not eligible"
        yield f"  {none if name == 'none' else rulebook.programmes[name].label[lang]}: {count}"
    yield (
        f"待定（缺情况，不在以上各数内）: {undetermined}"
        if zh
        else f"undetermined (in none of the above): {undetermined}"
    )
    if errors:
        yield f"算不出来: {errors}" if zh else f"could not be worked out: {errors}"


def register(app: typer.Typer) -> None:
    app.command()(screen)
