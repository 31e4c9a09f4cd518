"""`doudi seal FILE`: a seal beside a document, or the check of one. It is a file's signature, no official seal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from doudi.site.places import home
from doudi.site.saying import Json, print_json, write_out

Document = Annotated[Path, typer.Argument(help="The document: PDF, OFD, anything.", exists=True, dir_okay=False)]
Name = Annotated[str, typer.Option(help="Whose seal it is, e.g. 样例县民政局.")]
Checks = Annotated[bool, typer.Option("--check", help="Check FILE.seal instead of making it.")]
Public = Annotated[str | None, typer.Option(help="Public key to check with; HOME/keys/seal.pub.")]


def seal(
    document: Document, name: Name = "", check: Checks = False, public_key: Public = None, json: Json = False
) -> None:
    """Seal a document with the house's file key, into FILE.seal; or check it. 0 holds, 1 broken, 2 wrong usage.

    It shows that nothing was changed since. It is no seal of GB/T 38540 and has no legal force of one.
    """
    from doudi.core.clock import now
    from doudi.documents.adapters.eseal import FileSealer, SealBroken, check_seal

    beside = document.with_name(document.name + ".seal")
    if not check:
        if not name.strip():
            raise typer.BadParameter("whose seal is it?", param_hint="--name")
        made = FileSealer(home() / "keys").seal(document.read_bytes(), name=name.strip(), at=now())
        write_out(beside, made, hint="FILE", replaces=False)
        typer.echo(f"{beside}")
        return
    try:
        known = public_key or (home() / "keys" / "seal.pub").read_text().strip()
        found = check_seal(document.read_bytes(), beside.read_bytes(), known)
    except (SealBroken, OSError) as error:
        typer.echo(f"印章无效 · the seal does not hold: {error}", err=True)
        raise typer.Exit(1) from None
    if json:
        print_json({"name": found.name, "at": found.at.isoformat(), "sha256": found.digest})
    else:
        typer.echo(f"印章有效 · holds: {found.name} {found.at:%Y-%m-%d %H:%M:%S}Z")


def register(app: typer.Typer) -> None:
    app.command()(seal)
