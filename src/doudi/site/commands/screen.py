"""`doudi screen`: the rules over everyone in a snapshot folder, a slice at a time. Runs without Django."""

from __future__ import annotations

import json as json_format
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doudi.site.saying import Json, Lang, checked_lang, print_json, refusals

if TYPE_CHECKING:
    from doudi.engine.rulebook import Rulebook

Snapshot = Annotated[
    Path | None,
    typer.Option(
        help="Snapshot folder, made by `doudi snapshot`; by default the newest in HOME/snapshots.", file_okay=False
    ),
]
Place = Annotated[str | None, typer.Option(help="Area whose rules apply; by default the snapshot's.")]
Day = Annotated[str | None, typer.Option("--as-of", help="Day, like 2026-07-01; by default the snapshot's.")]
Memory = Annotated[str, typer.Option("--memory", help="Most memory DuckDB may take.")]
Threads = Annotated[int, typer.Option(help="Slices are worked out by so many threads.", min=1)]
Out = Annotated[Path | None, typer.Option(help="Where the slices go; by default HOME/screenings.", file_okay=False)]
Folder = Annotated[Path | None, typer.Option("--policy", help="Policy folder; by default the shipped one.")]
Chain = Annotated[str, typer.Option(help="The chain of programmes to work out.")]


HINT = "--snapshot"
MAKE_ONE = "Make one with `doudi snapshot --place CODE` (see `doudi snapshot --help`), or give its folder."


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
            raise typer.BadParameter(f"there is no snapshot in {home() / 'snapshots'}. {MAKE_ONE}", param_hint=HINT)
        folder = made[-1].parent
    if not (folder / "meta.json").exists() or not (folder / "households.parquet").exists():
        raise typer.BadParameter(f"{folder} holds no snapshot. {MAKE_ONE}", param_hint=HINT)
    try:
        said: dict[str, Any] = json_format.loads((folder / "meta.json").read_text(encoding="utf-8"))
        as_of, own = date.fromisoformat(said["as_of"]), str(said["place"])
    except OSError as error:
        raise typer.BadParameter(f"{folder / 'meta.json'}: {error.strerror}", param_hint=HINT) from None
    except (ValueError, TypeError, KeyError):
        said_so = f"{folder / 'meta.json'} does not say the day and the place. {MAKE_ONE}"
        raise typer.BadParameter(said_so, param_hint=HINT) from None
    if place is not None and not (place.startswith(own) or own.startswith(place)):
        said_so = f"the snapshot is of {own}; give {own}, or an area above or below it, or another --snapshot"
        raise typer.BadParameter(said_so, param_hint="--place")
    return Found(folder, as_of, place if place is not None else own)


def checked_memory(text: str) -> str:
    """An amount as DuckDB reads it."""
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)? ?([KMGT]i?)?B", text, re.IGNORECASE):
        raise typer.BadParameter("an amount like 4GB or 500MB", param_hint="--memory")
    return text


@contextmanager
def told_of_files(snapshot: Path) -> Iterator[None]:
    """A folder that cannot be written is wrong usage; a snapshot that cannot be read is refused. A line each."""
    import duckdb
    import pyarrow as pa

    try:
        yield
    except OSError as error:
        raise typer.BadParameter(f"{error.filename}: {error.strerror}. Give a place you may write to.") from None
    except (duckdb.IOException, duckdb.InvalidInputException, pa.ArrowInvalid) as error:
        reason = str(error).splitlines()[0]
        typer.echo(
            f"读写文件时出错 · a file could not be read or written: {reason}\n"
            f"快照 {snapshot} 可能不完整，请重新 doudi snapshot；或换一个可写的地方 · "
            "make the snapshot anew with doudi snapshot, or choose a place you may write to",
            err=True,
        )
        raise typer.Exit(1) from None


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
    checked_memory(memory)
    found = snapshot_of(snapshot, place)
    day = day_of(as_of) or found.as_of
    with refusals(lang, as_json=json), told_of_files(found.folder):
        rulebook = resolve(load(policy or policy_folder()), found.place)
        if chain not in rulebook.chains:
            raise EngineError("policy.chain_unknown", suggestion=nearest(chain, rulebook.chains), name=chain)
        target = out or home() / "screenings" / f"{found.folder.name}-{rulebook.hash[:8]}-{day}-{chain}"
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
