"""`doudi backup` and `doudi restore`: a house kept safe, and brought back as of any instant since."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doudi.site.places import home
from doudi.site.saying import Json, print_json

if TYPE_CHECKING:
    from doudi.site.backup.taking import Say

To = Annotated[Path | None, typer.Option(help="Folder the backup is put into; another disk or machine is better.",
                                         file_okay=False)]  # fmt: skip
Keep = Annotated[int | None, typer.Option(help="Afterwards remove all but so many newest ones.", min=1)]
Checked = Annotated[Path | None, typer.Option("--check", help="Only check a backup, byte by byte.", exists=True,
                                              file_okay=False)]  # fmt: skip
OnlyMark = Annotated[bool, typer.Option("--mark", help="Only note today's figures in the archive (cheap; hourly).")]
Source = Annotated[Path, typer.Argument(help="The backup.", exists=True, file_okay=False)]
Until = Annotated[str | None, typer.Option(help="An instant, or `latest`; without it the backup itself. "
                                                "2026-11-29T20:15:00 is Shanghai time.")]  # fmt: skip
Replace = Annotated[bool, typer.Option("--replace", help="Set aside what HOME holds, once the restored house agrees.")]
KEYS = """
┌──────────────────────────────────────────────────────────────────────────────┐
│ 密钥不在备份里 · THE KEYS ARE NOT IN THE BACKUP                              │
│ 没有密钥，备份里的证号、账号、原件谁也打不开，我们也不能。                   │
│ Without them nobody can read the numbers and originals in it, nor can we.    │
└──────────────────────────────────────────────────────────────────────────────┘
请把整个 {keys} 目录另存两份：离线介质，分开保管，不与备份放在一起。
Keep two copies of the whole folder {keys}: offline, apart, never beside the backup.
"""


def backup(to: To = None, keep: Keep = None, check: Checked = None, mark: OnlyMark = False, json: Json = False) -> None:
    """Back the house up while it works: database, its log, lake, sealed originals; never the keys. 0 done, 1 failed."""
    from doudi.site.backup.layout import BackupError
    from doudi.site.progress import Progress
    from doudi.site.serving import Stop, stopping_on_signals

    say = Progress(silent=json).say
    try:
        with stopping_on_signals():
            if check:
                _check(check, say, as_json=json)
            elif mark:
                _mark(as_json=json)
            else:
                _take(to or home() / "backups", keep, say, as_json=json)
    except Stop:
        raise BackupError("backup.stopped", "已停止，没有留下半份 · stopped; nothing half was left behind") from None


def restore(source: Source, until: Until = None, replace: Replace = False, json: Json = False) -> None:
    """Bring a house back from a backup, and from the archived log to an instant; it counts only when all agrees.

    The keys must be in HOME/keys. `doudi up` must not be running. 0 restored, 1 refused, 2 wrong usage.
    """
    from doudi.site.backup.course import restored
    from doudi.site.backup.layout import BackupError
    from doudi.site.progress import Progress
    from doudi.site.serving import Stop, only_one, stopping_on_signals

    wanted = _instant(until)
    with only_one(home()) as alone:
        if not alone:
            raise BackupError("backup.house_running", "请先停止 doudi up · stop `doudi up` first; nothing was done.")
        try:
            with stopping_on_signals():
                done = restored(source.resolve(), wanted, replaces=replace, say=Progress(silent=json).say)
        except Stop:
            raise BackupError("backup.stopped", "已停止，原有数据未动 · stopped; the house is as it was") from None
    rows = sum(done.figures.rows.values())
    if json:
        facts = {"mark": done.mark.at.isoformat(), "rows": rows, "audit": done.figures.audit, "seconds": done.seconds}
        print_json(facts | {"until": until, "set_aside": str(done.set_aside) if done.set_aside else None})
        return
    typer.echo(f"已恢复 · restored: {rows} 行 rows, 痕迹 audit {done.figures.audit['size']}, {done.seconds:g} s")
    if done.set_aside:
        typer.echo(f"原有数据在 · what was there before is in {done.set_aside}")
    typer.echo("请马上再做一次备份 · take a backup now: `doudi backup`")


def register(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)


def _take(to: Path, keep: int | None, say: Say, *, as_json: bool) -> None:
    from doudi.site.backup.course import backed_up

    done, removed = backed_up(to.resolve(), keep, say=say)
    if as_json:
        print_json({"path": done.path, "at": done.at, "bytes": done.size, "seconds": done.seconds, "keys_inside": False,
                    "manifest": done.digest, "removed": [one.path for one in removed]})  # fmt: skip
        return
    typer.echo(f"备份完成 · backed up: {done.path} ({done.size >> 20} MiB, {done.seconds:g} s)")
    if to.resolve().stat().st_dev == home().stat().st_dev:
        typer.echo("备份和数据在同一块磁盘上，磁盘坏了会一起丢失 · same disk as the house: copy it elsewhere (--to).")
    typer.echo(KEYS.format(keys=home() / "keys"))


def _check(folder: Path, say: Say, *, as_json: bool) -> None:
    from doudi.core.vault import open_vault
    from doudi.site.backup.checking import check, check_keys

    say("核验 · checking every byte")
    keys = open_vault(home() / "keys") if (home() / "keys" / "crypto").exists() else None
    manifest = check(folder.resolve(), keys)
    if keys:
        check_keys(manifest, keys)
    if as_json:
        print_json(
            {"sound": True, "at": manifest.mark.at.isoformat(), "bytes": manifest.size, "seal": keys is not None}
        )
    else:
        seal = "密钥相符 keys fit" if keys else "没有密钥，只核对了内容 no keys here: content only"
        typer.echo(f"完好 · sound: {manifest.mark.at:%Y-%m-%d %H:%M:%S}Z, {len(manifest.files)} files, {seal}")


def _mark(*, as_json: bool) -> None:
    from doudi.site.backup.course import marked

    mark = marked()
    if as_json:
        print_json({"mark": mark.name, "at": mark.at.isoformat()})
    else:
        typer.echo(f"已记下 · noted: {mark.name}")


def _instant(until: str | None) -> datetime | str | None:
    """An instant; without an offset it is Shanghai time, as on every page."""
    from doudi.lib.working_days import SHANGHAI

    if until in (None, "latest"):
        return until
    try:
        found = datetime.fromisoformat(str(until))
    except ValueError:
        raise typer.BadParameter("an instant like 2026-11-29T20:15:00, or latest", param_hint="--until") from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
