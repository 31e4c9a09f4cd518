"""`doudi audit verify | prove | export`: the log checked, one entry proved, the signed checkpoints given away."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from uuid import UUID

import typer

from doudi.site.places import home
from doudi.site.saying import print_json

if TYPE_CHECKING:
    from doudi.audit.adapters.signing import Signer
    from doudi.audit.queries.checking import Report

KINDS = {
    "entry_altered": ("这一条被改过", "this entry was altered"),
    "columns_altered": ("这一条的列或对象被改过", "columns or subjects of this entry were altered"),
    "entry_missing": ("这一条被删掉", "this entry was taken away"),
    "leaf_missing": ("从这里起没有叶子", "leaves are missing from here on"),
    "tile_altered": ("这一段的瓦片被改过，或者叶子被改过", "a tile of this span, or a leaf in it, was altered"),
    "tile_missing": ("这一段的瓦片不见了", "the tile of this span is missing"),
    "tile_unfounded": ("瓦片下面没有叶子", "a tile stands on no leaves"),
    "checkpoint_altered": (
        "检查点被改过，或不是本痕迹的钥匙签的",
        "a checkpoint was altered or is not signed by this log",
    ),
    "checkpoint_missing": ("交出过的检查点不见了", "a checkpoint that was handed out is missing"),
    "history_differs": ("这一段与签过的检查点不符", "this span is not what was signed"),
    "held_history_differs": ("这一段与外部保存的检查点不符", "this span is not what a holder outside has"),
    "held_not_signed": ("外部保存的检查点不是本痕迹的钥匙签的", "a held checkpoint is not signed by this log"),
    "time_went_back": ("检查点的时间往回走，没有说明", "the time of checkpoints goes back and no entry says why"),
    "log_cut": ("这一段里有痕迹被拿掉", "entries of this span are gone"),
    "entry_unplaced": ("多出来的一条：没有位置，也不在等", "an entry too many: it has no place and does not wait"),
    "waiting_without_entry": ("还没有排上位置就被删掉", "taken away before it had a place"),
    "subject_without_entry": ("有对象而没有记录", "subjects of no entry"),
}
Held = Annotated[list[Path] | None, typer.Option(help="Folder with checkpoints kept outside; may be given again.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]

audit = typer.Typer(help="The log of acts: checked, proved, given away.", no_args_is_help=True)


@audit.command()
def verify(
    held: Held = None,
    workers: Annotated[int, typer.Option(help="Processes.", min=1, max=64)] = 2,
    as_json: AsJson = False,
) -> None:
    """Read the whole log again: every entry, every hash, every signature. Exit code 1 when anything is wrong."""
    from doudi.site.django_setup import opened
    from doudi.site.progress import Progress

    progress = Progress(silent=as_json)
    progress.say("数据库 · database")
    with opened():
        from doudi.audit.adapters.holders import FolderHolder, holders
        from doudi.audit.queries.checking import check_log

        progress.say("逐条核对 · every entry")
        folders = [FolderHolder(path) for path in held or ()] or holders()
        report = check_log(key=_signer().key, held=folders, workers=workers, progress=progress.count)
    _say(report, as_json)
    if report.findings:
        raise typer.Exit(1)


@audit.command()
def prove(
    entry: Annotated[str, typer.Argument(help="Id of the entry, as its page or `doudi audit verify` shows it.")],
    size: Annotated[int | None, typer.Option(help="Under the checkpoint of this size.", min=1)] = None,
    held: Annotated[
        Path | None, typer.Option(help="Under the newest checkpoint of this folder that speaks of the entry.")
    ] = None,
) -> None:
    """Print what proves an entry to anybody with `verify.py` and the log's public key (both: `doudi audit export`)."""
    from doudi.site.django_setup import opened

    wanted = _entry_id(entry)
    with opened():
        from doudi.audit.adapters.holders import FolderHolder
        from doudi.audit.queries.tree import inclusion_proof, place_of

        under = size
        if held is not None:
            place, notes = place_of(wanted), FolderHolder(held).notes()
            sizes = [note.size for note, _text in notes if place is not None and note.size > place]
            if not sizes:
                _refuse(
                    f"{held} 里没有包括这一条的检查点。换一个文件夹，或不写 --held。",
                    f"No checkpoint in {held} speaks of this entry. Name another folder, or leave --held out.",
                )
            under = max(sizes)
        found = inclusion_proof(wanted, under)
    if found is None:
        _refuse(
            "没有这一条，或还没有检查点包括它；一分钟后再试。",
            "There is no such entry, or no checkpoint speaks of it yet: try again in a minute.",
        )
    print_json(found)


@audit.command()
def export(folder: Annotated[Path, typer.Argument(help="Where to; made when missing.")]) -> None:
    """Give away every signed checkpoint, the log's public key and `verify.py`. Nothing in it is personal."""
    from doudi.site.django_setup import opened

    with opened():
        import doudi.audit.verify
        from doudi.audit.adapters.holders import FolderHolder
        from doudi.audit.queries.tree import checkpoints

        folder.mkdir(parents=True, exist_ok=True)
        key, count = _signer().key.text(), 0
        for note, text in checkpoints():
            FolderHolder(folder).take(note, text, key)
            count += 1
        shutil.copy(doudi.audit.verify.__file__, folder / "verify.py")
    typer.echo(f"检查点 · checkpoints: {count}")


@audit.command(name="accept-clock")
def accept_clock(
    reason: Annotated[str, typer.Option(help="Why the clock was ahead; it stays in the log.")],
) -> None:
    """Go on after a checkpoint that was signed while the clock was ahead. Set the clock right first.

    The next checkpoint bears the right time, over an entry with the reason: `verify` shows where time went back.
    """
    from doudi.site.django_setup import opened

    with opened():
        from doudi.audit.actions.checkpoints import accept_clock as accept
        from doudi.audit.queries.anchoring import database_clock
        from doudi.core.actor import Actor
        from doudi.core.clock import now

        made = accept(actor=Actor.system(), at=now(), database_at=database_clock(), signer=_signer(), reason=reason)
    typer.echo(f"已签 · signed: {made.size}，{made.at:%Y-%m-%d %H:%M:%S}Z")


def _entry_id(text: str) -> UUID:
    """The id of an entry; where it is none, what an id looks like and where it is found."""
    try:
        return UUID(text)
    except ValueError:
        _refuse(
            f"“{text}”不是痕迹的编号。编号是 36 个字符，像 018f6c1e-0000-7000-8000-000000000000：在阅览室打开这一条，"
            "页面上有编号；doudi audit verify 指出问题时也写着。",
            f"{text!r} is no id of an entry. An id has 36 signs, like 018f6c1e-0000-7000-8000-000000000000: open the "
            "entry in the reading room, where its page shows it; `doudi audit verify` shows it with what it finds.",
            code=2,
        )


def _refuse(zh: str, en: str, code: int = 1) -> NoReturn:
    typer.echo(f"{zh} · {en}", err=True)
    raise typer.Exit(code)


def _signer() -> Signer:
    from doudi.audit.adapters.signing import open_signer

    return open_signer(home() / "keys")


def _say(report: Report, as_json: bool) -> None:
    if as_json:
        found = [one.to_json() for one in report.findings]
        counted = {"size": report.size, "waiting": report.waiting, "checkpoints": report.checkpoints}
        turned = [{"size": one.size, "entry": one.entry} for one in report.turned_back]
        print_json({**counted, "held": report.held, "findings": found, **({"turned_back": turned} if turned else {})})
        return
    typer.echo(
        f"记录 {report.size} 条，等待排位 {report.waiting} 条，检查点 {report.checkpoints} 个，"
        f"外部检查点 {report.held} 个 · {report.size} entries, {report.waiting} waiting, "
        f"{report.checkpoints} checkpoints, {report.held} held outside"
    )
    for one in report.findings:
        where = f"{one.first}–{one.last}" if one.first != one.last else f"{one.first}"
        zh, en = KINDS[one.kind]
        typer.echo(f"  {where if one.first is not None else '—'}  {one.entry}  {zh} · {en}")
    for turn in report.turned_back:
        typer.echo(
            f"  {turn.size}  {turn.entry}  检查点的时间往回走，有说明 · time goes back here, and the entry says why: "
            f"{turn.before:%Y-%m-%d %H:%M:%S}Z → {turn.at:%Y-%m-%d %H:%M:%S}Z"
        )
    if not report.findings:
        typer.echo(
            "没有发现改动 · nothing was altered"
            if report.held
            else "没有发现改动（没有外部检查点可比） · nothing was altered (no checkpoint held outside to compare with)"
        )


def register(app: typer.Typer) -> None:
    app.add_typer(audit, name="audit")
