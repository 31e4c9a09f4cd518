"""`doudi load DIR` and `doudi verify`: a county's folder taken in, and its applications checked against all feeds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from doudi.site.saying import Json, print_json

Dir = Annotated[Path, typer.Argument(help="Folder with deliveries, areas.csv, applications.csv.", exists=True,
                                     file_okay=False)]  # fmt: skip
Place = Annotated[str | None, typer.Option(help="Area whose rules apply; by default the county of areas.csv.")]
Cutoff = Annotated[
    datetime | None,
    typer.Option(help="Last day the deliveries speak for, if said.", formats=["%Y-%m-%d"]),
]


def load(folder: Dir, place: Place = None, cutoff: Cutoff = None, json: Json = False) -> None:
    """Take a folder in: areas, policy, deliveries, registers, applications. Repeating it changes nothing.

    Files that are refused are listed and are not an error. 0 taken in, 1 refused, 2 wrong usage.
    """
    from doudi.site.django_setup import opened
    from doudi.site.progress import Progress

    progress = Progress(silent=json)
    checked_place(place)
    progress.say("数据库 · database")
    with opened():
        from doudi.core.actor import Actor
        from doudi.core.clock import now, today
        from doudi.site.flow.loading import load as load_folder

        loaded = load_folder(
            folder, actor=Actor.system(), at=now(), today=today(), place=place,
            cutoff=cutoff.date() if cutoff else None, say=progress.say,
        )  # fmt: skip
    if json:
        print_json(loaded.summary())
        return
    for item in loaded.deliveries:
        set_aside = f"隔离 {item['quarantined']}，待认 {item['waiting']}" if item["state"] == "accepted" else ""
        state = STATES.get(item["state"], item["state"])
        typer.echo(f"{item['file']}: {state}，{item['accepted']}/{item['rows']}，{set_aside}".rstrip("，"))
    for problem in loaded.problems:
        where = " ".join(str(part) for part in (problem.row, problem.column, problem.cell) if part)
        typer.echo(f"  {problem.file} {where}: {problem.message['zh']} [{problem.code}]")
    typer.echo(
        f"{loaded.place}: 新区划 {loaded.areas} · 人员 {loaded.people} · 户 {loaded.households} · "
        f"申请 {loaded.applications}（新 {loaded.entered}） · rules {loaded.rulebook[:12]}"
    )


STATES = {"accepted": "已收下 accepted", "refused": "整份拒收 refused", "superseded": "已被更新 superseded"}


def checked_place(place: str | None) -> None:
    """An area code or nothing; anything else is wrong usage."""
    if place is not None and not (place.isascii() and place.isdigit() and len(place) in (2, 4, 6, 9, 12)):
        raise typer.BadParameter("an area code has 2, 4, 6, 9 or 12 digits", param_hint="--place")


def verify(json: Json = False) -> None:
    """Check every accepted application against all feeds; repeated, those that came since. 0 done, 1 refused."""
    from doudi.site.django_setup import opened
    from doudi.site.progress import Progress

    progress = Progress(silent=json)
    progress.say("数据库 · database")
    with opened():
        from doudi.core.actor import Actor
        from doudi.core.clock import now
        from doudi.site.flow.verifying import verify_accepted

        progress.say("核对 · verification")
        done = verify_accepted(actor=Actor.system(), at=now(), progress=progress.count)
    if json:
        print_json({"verified": done})
    else:
        typer.echo(f"已核对 · verified: {done}")


def register(app: typer.Typer) -> None:
    app.command()(load)
    app.command()(verify)
