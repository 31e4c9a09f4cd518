"""`doudi bench NAME`: runs a benchmark of `site/bench` and keeps its figures."""

from __future__ import annotations

import importlib
from typing import Annotated

import typer

from doudi.site.bench import NAMES
from doudi.site.places import home

Households = Annotated[int | None, typer.Option(help="Size; each benchmark has its own default.", min=1)]
Json = Annotated[bool, typer.Option("--json", help="JSON lines only.")]


def bench(name: str, households: Households = None, json: Json = False) -> None:
    """Measure, print, and append to HOME/bench/NAME.jsonl."""
    from doudi.site.measure import keep

    if name not in NAMES:
        raise typer.BadParameter(f"unknown; there is: {', '.join(NAMES)}", param_hint="NAME")
    for measure in importlib.import_module(f"doudi.site.bench.{name}").run(households=households, home=home()):
        keep(measure, name, home())
        text = f"{measure.name}: {measure.value:g} {measure.unit} ({measure.rows} rows, {measure.peak_mib} MiB)"
        typer.echo(measure.line() if json else text)


def register(app: typer.Typer) -> None:
    app.command()(bench)
