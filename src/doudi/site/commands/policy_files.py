"""`doudi policy export | import`: a published rulebook as one ZIP, and a place's rules from one as a draft."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from doudi.site.commands.load import checked_place
from doudi.site.commands.policy import APP, On
from doudi.site.saying import Json, print_json, write_out

Code = Annotated[str, typer.Option(help="Area code.")]


@APP.command("export")
def write(
    out: Annotated[Path, typer.Argument(help="The ZIP to write.", dir_okay=False)],
    place: Code = "990101",
    on: On = None,
    version: Annotated[str | None, typer.Option(help="Hash of a version; by default the one in force.")] = None,
    json: Json = False,
) -> None:
    """Write the policy files of a published version. The same version gives the same bytes."""
    from doudi.site.django_setup import opened

    checked_place(place)
    with opened():
        from doudi.core.clock import today
        from doudi.rulebook.logic.parcel import packed
        from doudi.rulebook.queries import current_edition, files_of
        from doudi.site.commands.policy import _day

        chosen = version or current_edition(place, _day(on) if on else today()).hash
        files = files_of(chosen)
        write_out(out, packed(files, {"rulebook": chosen, "place": place}), hint="OUT")
    _say({"file": str(out), "rulebook": chosen, "files": len(files)}, json)


@APP.command("import")
def bring(
    file: Annotated[Path, typer.Argument(help="A ZIP written by export, or of a policy folder.", exists=True,
                                         dir_okay=False)],
    place: Code = "990101",
    title: Annotated[str, typer.Option(help="What the draft is about.")] = "从规则文件导入 · import",
    json: Json = False,
) -> None:  # fmt: skip
    """Make a draft of the place's folder in the ZIP. Nothing in force changes: an officer takes it over."""
    from doudi.site.django_setup import opened

    checked_place(place)
    with opened():
        from doudi.core.actor import Actor
        from doudi.core.clock import now
        from doudi.core.errors import Malformed
        from doudi.rulebook import actions
        from doudi.rulebook.logic.checking import faults_of
        from doudi.rulebook.logic.parcel import BadParcel, of_place, unpacked
        from doudi.rulebook.queries import files_with, places_concerned

        try:
            files = of_place(unpacked(file.read_bytes()), place)
        except BadParcel as error:
            raise Malformed("rulebook.parcel_" + error.code, f"{file.name}: {error.code} {error.name}") from error
        if not files:
            raise Malformed("rulebook.parcel_place", f"{file.name}: places/{place}/ ?")
        draft = actions.open_draft(
            actor=Actor.system(), at=now(), place=place, title=title, origin="import", files=files
        )
        faults = faults_of(files_with(draft), places_concerned(place))
    for fault in () if json else faults:
        typer.echo(f"{fault.file}:{fault.line}:{fault.column}: {fault.message['zh']} · {fault.message['en']}", err=True)
    said = {"draft": str(draft.id), "place": place, "files": len(files), "faults": len(faults)}
    _say(said | ({"problems": [fault.plain() for fault in faults]} if json else {}), json)


def _say(said: dict[str, Any], json: bool) -> None:
    if json:
        print_json(said)
    else:
        typer.echo(" · ".join(f"{key} {value}" for key, value in said.items()))


def register(app: typer.Typer) -> None:
    """The commands stand in the group `policy`, which registers itself."""
