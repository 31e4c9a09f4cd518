"""`doudi trial DIR --out OUT`: anyone's folder, from files to decisions, in a house that is thrown away afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doudi.site.commands.load import Dir, Place, checked_place
from doudi.site.saying import Json, print_json

if TYPE_CHECKING:
    from doudi.site.progress import Progress

Out = Annotated[Path, typer.Option(help="Where the results go.", file_okay=False)]


def trial(folder: Dir, out: Out, place: Place = None, json: Json = False) -> None:
    """Run a folder through the real path in a throw-away database and lake with keys of its own.

    0 decisions are written (even if files were refused), 1 none can be written, 2 wrong usage.
    """
    from doudi.site.progress import Progress
    from doudi.site.serving import Stop, stopping_on_signals

    checked_place(place)
    progress = Progress(silent=json)
    try:
        with stopping_on_signals():
            decisions, refused = _tried(folder.resolve(), out.resolve(), place, progress)
    except Stop:
        typer.echo("已停止，临时数据已清除 · stopped, nothing is left behind", err=True)
        raise typer.Exit(1) from None
    if json:
        print_json({"decisions": decisions, "refused": refused, "out": str(out)})
    else:
        typer.echo(f"{out}: {decisions} 份结论 decisions，{refused} 处拒收或隔离 refused")
    if not decisions:
        typer.echo("没有一份申请可以得出结论，见 refused.json · no decision could be written", err=True)
        raise typer.Exit(1)


def _tried(folder: Path, out: Path, place: str | None, progress: Progress) -> tuple[int, int]:
    from doudi.site.throwaway import throw_away_house

    progress.say("临时数据库 · throw-away database")
    with throw_away_house() as cluster:
        from doudi.site.django_setup import set_up

        set_up("work", start=False)
        from django.db import connections

        from doudi.core.actor import Actor
        from doudi.core.row_context import acting
        from doudi.site.flow.trial import try_folder
        from doudi.site.house import prepare_tables

        try:
            progress.say("数据表 · tables")
            prepare_tables(cluster)
            with acting(Actor.system()):
                tried = try_folder(folder, out, place=place, say=progress.say, progress=progress.count)
        finally:
            connections.close_all()
    return tried.decisions, tried.refused


def register(app: typer.Typer) -> None:
    app.command()(trial)
