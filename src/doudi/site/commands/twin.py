"""`doudi twin`: a synthetic county with its departments' deliveries and the truth. Imports no Django."""

from __future__ import annotations

import json as json_lines
import time
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

Seed = Annotated[int, typer.Option(help="The same seed and size give the same bytes.", min=0)]
Households = Annotated[int, typer.Option(help="How many families.", min=20, max=1_400_000)]
Out = Annotated[Path, typer.Option(help="An empty or new folder; the truth goes to its truth/ (mode 0600).")]
Dirt = Annotated[float, typer.Option(help="Share of identity numbers not in their normal form.", min=0, max=0.5)]
Months = Annotated[int, typer.Option(help="Months of history.", min=1, max=36)]
Last = Annotated[datetime, typer.Option(help="Last month of the history.", formats=["%Y-%m"])]
Pack = Annotated[bool, typer.Option("--pack", help="A county full of edge cases, with two spoilt files.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON line with the counts.")]


def twin(
    seed: Seed = 1,
    households: Households = 2000,
    *,
    out: Out,
    dirt: Dirt = 0.04,
    months: Months = 12,
    last: Last = datetime(2026, 6, 1),  # noqa: DTZ001
    pack: Pack = False,
    json: Json = False,
) -> None:
    """Make a county that does not exist: areas, deliveries, applications, and what is true."""
    from doudi.twin.making import make
    from doudi.twin.plan import Plan

    started = time.monotonic()

    def say(text: str) -> None:
        typer.echo(f"[{time.monotonic() - started:5.1f} s] {text}", err=True)

    plan = Plan(seed, households, dirt, months, date(last.year, last.month, 1), pack)
    try:
        made = make(plan, out, say if not json else lambda text: None)
    except FileExistsError:
        typer.echo(f"doudi: {out} 不是空目录，请另选一个 · is not empty, choose another", err=True)
        raise typer.Exit(1) from None
    seconds = round(time.monotonic() - started, 2)
    text = f"{out}: {made.people} 人 · people, {made.applications} 份申请 · applications, {seconds} s"
    typer.echo(json_lines.dumps({**asdict(made), "seconds": seconds}) if json else text)


def register(app: typer.Typer) -> None:
    app.command()(twin)
