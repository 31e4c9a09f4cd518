"""`doudi check`: whether the house is well, in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from doudi.site.places import home
from doudi.site.saying import Json, print_json

SIGNS = {"ok": "正常 ok  ", "warn": "留意 warn", "bad": "停了 BAD "}
Lang = Annotated[str, typer.Option(help="zh or en.", metavar="zh|en")]


def check(lang: Lang = "zh", json: Json = False) -> None:
    """Show disk, database, worker, archive and backup; nothing is started. 0 well or to be looked at, 1 broken."""
    from doudi.site.django_setup import set_up
    from doudi.site.saying import checked_lang

    checked_lang(lang)
    set_up("read", start=False)
    from django.utils import translation

    from doudi.core.clock import now
    from doudi.operations.logic.levels import worst
    from doudi.operations.queries import states

    with translation.override("en" if lang == "en" else "zh-hans"):
        found = states(now())
        whole = worst([state.level for state in found])
        if json:
            parts = [{"part": one.name, "level": one.level, "figure": one.figure} for one in found]
            print_json({"home": str(home()), "status": whole, "parts": parts})
        else:
            for one in found:
                figure = "" if one.figure is None else f"{one.figure:g} {one.unit}"
                typer.echo(f"{SIGNS[one.level]}  {one.label}  {figure}  {one.advice}".rstrip())
    if whole == "bad":
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    app.command()(check)
