"""`doudi keys`: which keys there are, what lies under them, a new one, all sealed anew, an old one retired."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from doudi.site.command_group import CommandGroup
from doudi.site.saying import Json, print_json

STATES = {
    "writing": "写入用 writing",
    "waiting": "待启用 waiting",
    "reading": "只读 reading",
    "fixed": "固定 fixed",
    "retired": "已停用 retired",
    "missing": "缺失 missing",
}


def list_keys(json: Json = False) -> None:
    """Every key, its state, and how many rows lie under it (all are counted). Exit code 1 when one is missing."""
    from doudi.site.django_setup import opened

    with opened():
        from doudi.site.key_life import key_lines

        lines = key_lines()
    if json:
        print_json(
            [
                {"name": one.name, "state": one.state, "rows": one.rows, "where": one.where,
                 "added_at": one.added_at.isoformat() if one.added_at else None}
                for one in lines
            ]
        )  # fmt: skip
    else:
        for one in lines:
            added = f"{one.added_at:%Y-%m-%d}" if one.added_at else "—"
            rows = "" if one.rows is None else f" {one.rows} 行 rows"
            typer.echo(f"{one.name:<12} {STATES[one.state]:<16} {added}{rows}")
            for place, count in one.where.items():
                typer.echo(f"             {place}: {count}")
    if any(one.state == "missing" for one in lines):
        raise typer.Exit(1)


Kind = Annotated[
    str,
    typer.Argument(help="field (encryption), blind (blind index) or exchange (signs answers; when lost)."),
]
HeadStart = Annotated[
    float, typer.Option(help="Seconds until it writes; longer when several hosts must get it first.", min=0)
]


def add(kind: Kind, head_start: HeadStart = 3.0) -> None:
    """Make a further key. Running processes read with it at once and write with it after the head start."""
    if kind not in ("field", "blind", "exchange"):
        raise typer.BadParameter("field, blind or exchange", param_hint="KIND")
    from doudi.site.django_setup import opened

    with opened():
        from doudi.core.actor import Actor
        from doudi.core.clock import now
        from doudi.site.key_life import add as add_one
        from doudi.site.key_life import add_signing_key

        if kind == "exchange":
            name = add_signing_key(actor=Actor.system(), at=now())
            typer.echo(f"已加 · added: {name}。以前的凭证验不过了 · proofs given before no longer hold")
            return
        name = add_one(actor=Actor.system(), at=now(), kind=kind, head_start=head_start)
    typer.echo(f"已加 · added: {name}。接着 · next: doudi keys rotate")


def rotate(json: Json = False) -> None:
    """Seal everything anew with the newest keys while the house serves. Repeated after a kill it goes on.

    0 nothing lies under an older key any more, 1 something could not be done (it is told).
    """
    from doudi.site.django_setup import opened
    from doudi.site.progress import Progress

    progress = Progress(silent=json)
    with opened():
        from doudi.core.actor import Actor
        from doudi.core.clock import now
        from doudi.site.key_life import rotate_all

        told: list[str] = []

        def say(name: str, done: int, of: int) -> None:
            if told[-1:] != [name]:
                told.append(name)
                progress.say(name)
            progress.count(done, of)

        done = rotate_all(actor=Actor.system(), at=now(), say=say)
    figures: dict[str, Any] = {"cells": done.cells, "indexes": done.indexes, "elsewhere": done.elsewhere}
    if json:
        print_json(figures | {"unreadable": done.unreadable, "twice": done.twice, "left": done.left})
    else:
        typer.echo(f"已换密 · sealed anew: {figures}")
        for place, row in done.unreadable:
            typer.echo(f"  打不开 · does not open: {place} {row}", err=True)
        for place, row in done.twice:
            typer.echo(f"  号码重复，请先合并 · the same number twice, merge first: {place} {row}", err=True)
        if done.left:
            typer.echo(f"  还剩 · left, run it again: {done.left}", err=True)
    if not done.is_whole:
        raise typer.Exit(1)


def retire(name: Annotated[str, typer.Argument(help="field-N or blind-N.")]) -> None:
    """Take an old key out of use; refused while anything lies under it. Its file stays for reading older backups."""
    from doudi.site.django_setup import opened

    with opened():
        from doudi.core.actor import Actor
        from doudi.core.clock import now
        from doudi.site.key_life import retire as retire_one

        retire_one(actor=Actor.system(), at=now(), name=name)
    typer.echo(f"已停用 · retired: {name}。旧备份仍要用它 · older backups still need it: keys/retired/")


def wrap(master: Annotated[Path, typer.Argument(help="File with the master key; made when there is none.")]) -> None:
    """Wrap all keys of HOME/keys with a master key that lies elsewhere; then start with DOUDI_KEYS=wrapped:PATH."""
    import secrets

    from doudi.core.key_adapters import FileKms, wrap_folder
    from doudi.core.key_store import write_private
    from doudi.site.places import home

    if not master.exists():
        write_private(master, secrets.token_hex(32))
    done = wrap_folder(home() / "keys", FileKms(master))
    typer.echo(f"已封装 · wrapped: {', '.join(done) or '—'}。启动时设 · start with DOUDI_KEYS=wrapped:{master}")


def register(app: typer.Typer) -> None:
    group = typer.Typer(cls=CommandGroup, help="Keys: list, add, rotate, retire, wrap.", no_args_is_help=True)
    group.command("list")(list_keys)
    for command in (add, rotate, retire, wrap):
        group.command()(command)
    app.add_typer(group, name="keys")
