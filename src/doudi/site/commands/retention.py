"""`doudi retention`: erase what is due, or say what would be. The worker does it every night by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from doudi.site.saying import Json, print_json

DryRun = Annotated[bool, typer.Option("--dry-run", help="Erase nothing; say what is due.")]
On = Annotated[datetime | None, typer.Option(help="As if it were this day (dry runs only).", formats=["%Y-%m-%d"])]


def retention(dry_run: DryRun = False, on: On = None, json: Json = False) -> None:
    """Erase everything whose time is over, but what a hold keeps. 0 done, 1 refused or not all done, 2 wrong usage."""
    if on is not None and not dry_run:
        raise typer.BadParameter("another day is for dry runs only", param_hint="--on")
    from doudi.site.django_setup import opened

    with opened():
        from doudi.core.actor import Actor
        from doudi.core.clock import now, today
        from doudi.keeping.actions import erase_due

        day = on.date() if on else today()
        done = erase_due(actor=Actor.system(), at=now(), today=day, dry_run=dry_run)
    if json:
        print_json(
            [
                {"rule": one.rule, "up_to": one.limit.isoformat(), "erased": one.erased, "held": one.held}
                | ({"failed": one.failed} if one.failed else {})
                | ({"keys": list(one.keys)} if dry_run else {})
                for one in done
            ]
        )
    else:
        for one in done:
            verb = "到期 due" if dry_run else "已删除 erased"
            held = f"，暂停 held {one.held}" if one.held else ""
            failed = f"，没有做完 not done: {one.failed}" if one.failed else ""
            typer.echo(f"{one.rule:<20} ≤ {one.limit}  {verb} {one.erased}{held}{failed}")
    if any(one.failed for one in done):
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    app.command()(retention)
