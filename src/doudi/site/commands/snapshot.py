"""`doudi snapshot`: everyone of a place as of a day in a folder, for `doudi screen` and `doudi simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doudi.site.commands.load import checked_place
from doudi.site.commands.screen import day_of
from doudi.site.saying import Json, print_json

if TYPE_CHECKING:
    from datetime import date

    from doudi.site.progress import Progress

Place = Annotated[str, typer.Option(help="Area whose families are taken, and whose rules say which facts: 990101.")]
Day = Annotated[
    str | None, typer.Option("--as-of", help="Day, like 2026-07-01; by default that of the newest application there.")
]
Out = Annotated[
    Path | None, typer.Option(help="A new or empty folder; by default one in HOME/snapshots.", file_okay=False)
]


def snapshot(place: Place, as_of: Day = None, out: Out = None, json: Json = False) -> None:
    """Write everyone of a place as of a day into a folder that `screen` and `simulate` read.

    Needs the house's database (the embedded one, or DATABASE_URL), filled by `doudi load`. The folder holds families'
    data: keep it where only you can read. 0 written, 1 refused, 2 wrong usage.

    Example: doudi snapshot --place 990101 && doudi simulate reforms/line_up_5.yaml
    """
    from doudi.site.django_setup import opened
    from doudi.site.progress import Progress

    checked_place(place)
    day, progress = day_of(as_of), Progress(silent=json)
    _must_be_new(out)
    progress.say("数据库 · database")
    with opened():
        made = _made(place, day, out, progress)
    if json:
        print_json(made)
        return
    typer.echo(f"{made['folder']}: {made['as_of']}，{made['households']} 户 households，{made['persons']} 人 persons")


def _made(place: str, day: date | None, out: Path | None, progress: Progress) -> dict[str, Any]:
    """The web's simulations make theirs by the same action, with the same name."""
    from doudi.core.actor import Actor
    from doudi.core.clock import now, today
    from doudi.insight.queries import usual_day
    from doudi.matching.actions import make_snapshot, usual_folder
    from doudi.registry.queries import screened_households
    from doudi.rulebook.queries import by_hash, current_edition
    from doudi.site.places import home

    as_of = day or usual_day(place, today())
    rulebook = by_hash(current_edition(place, as_of).hash)
    if not screened_households(as_of, place):
        typer.echo(
            f"{place} 在 {as_of} 没有登记的家庭。请核对代码和日期，或先用 doudi load 收数据。"
            f" · no families of {place} on {as_of}: check code and day, or take data in with doudi load first",
            err=True,
        )
        raise typer.Exit(1)
    folder = out.resolve() if out else usual_folder(home() / "snapshots", place, as_of, rulebook.hash)
    progress.say(f"快照 · snapshot {as_of}")
    made = make_snapshot(actor=Actor.system(), at=now(), as_of=as_of, place=place, out=folder, rulebook=rulebook)
    return {
        "folder": str(folder.with_name(made.folder)),
        "as_of": as_of.isoformat(),
        "place": place,
        "rulebook": rulebook.hash,
        "households": made.households,
        "persons": made.persons,
    }


def _must_be_new(out: Path | None) -> None:
    """What lies in the folder would be replaced."""
    if out is None:
        return
    try:
        if out.exists() and any(out.iterdir()):
            raise typer.BadParameter(f"{out} is not empty; give a new folder", param_hint="--out")
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}", param_hint="--out") from None


def register(app: typer.Typer) -> None:
    app.command()(snapshot)
