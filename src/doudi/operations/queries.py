"""The states of the parts that every house has, read from the database, the disk and the register of backups."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doudi.core.archive import archive_folder
from doudi.core.health import PartState, health
from doudi.operations.logic.levels import BAD, LIMITS, OK, WARN

WORKER = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
QUEUE = """SELECT coalesce(extract(epoch FROM now() - min(e.at)), 0) FROM procrastinate_jobs j
  JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
  WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at < now())"""
CONNECTIONS = """SELECT 100.0 * (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')
  / current_setting('max_connections')::int"""
ARCHIVE = """SELECT CASE WHEN current_setting('archive_mode') = 'off' THEN NULL
  WHEN last_failed_time > coalesce(last_archived_time, '-infinity')
  THEN extract(epoch FROM now() - coalesce(last_archived_time, stats_reset, last_failed_time)) ELSE 0 END
  FROM pg_stat_archiver"""
ADVICE: dict[str, str | Promise] = {
    "disk": _("清理磁盘，或把备份移到别处。磁盘写满后系统会停止办理。"),
    "database": _("数据库应答慢或没有应答。看 HOME/log/postgres.log。"),
    "connections": _("数据库连接快用完了。看看是否有长时间不结束的任务。"),
    "worker": _("后台任务没有在运行。重新启动 doudi up，看 HOME/log/work.log。"),
    "queue": _("有任务等了很久。看 HOME/log/work.log。"),
    "archive": _("数据库日志没有归档成功，恢复到任意时刻会缺一段。检查归档目录的空间和权限。"),
    "backup": _("很久没有备份。运行 doudi backup，并检查每日备份的定时任务。"),
}
LABELS: dict[str, str | Promise] = {
    "disk": _("磁盘剩余空间"),
    "database": _("数据库应答"),
    "connections": _("数据库连接数"),
    "worker": _("后台任务进程"),
    "queue": _("等待最久的任务"),
    "archive": _("日志归档"),
    "backup": _("最近一次备份"),
}
UNITS: dict[str, str | Promise] = {
    "disk": "%", "database": _("秒"), "connections": "%", "worker": _("秒前"), "queue": _("秒"), "archive": _("秒"),
    "backup": _("小时前"),
}  # fmt: skip


@health.fill
def house_states(at: datetime) -> Iterator[PartState]:
    """Disk, database, worker, queue, archive of the log, last backup."""
    yield state("disk", _disk())
    answer = _answer()
    yield state("database", answer)
    if answer is not None:
        for name, statement in (("connections", CONNECTIONS), ("worker", WORKER), ("queue", QUEUE)):
            yield state(name, _figure(statement))
        if archive_folder(Path(settings.HOME)).is_dir():
            yield state("archive", _figure(ARCHIVE))
    yield _backup(at)


def state(name: str, figure: float | None) -> PartState:
    """A part by its limit; the advice only where something is to be done."""
    level = LIMITS[name].level(figure)
    shown = None if figure is None else round(figure, 2 if figure < 10 else 0)
    return PartState(name, LABELS[name], level, shown, UNITS[name], ADVICE[name] if level != OK else "")


def states(at: datetime) -> list[PartState]:
    """Every part of every app."""
    return list(health.collect(at))


def _disk() -> float | None:
    try:
        usage = shutil.disk_usage(settings.HOME)
    except OSError:
        return None
    return 100.0 * usage.free / usage.total


def _answer() -> float | None:
    started = time.monotonic()
    return None if _figure("SELECT 1") is None else time.monotonic() - started


def _figure(statement: str) -> float | None:
    """One number; None when the database does not give it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            found = cursor.fetchone()
    except DatabaseError:
        return None
    return float(found[0]) if found and found[0] is not None else None


def _backup(at: datetime) -> PartState:
    """Hours since the last one. A house that was never backed up warns; it may be a trial."""
    try:
        taken = _last_backup()
    except (OSError, ValueError, KeyError, TypeError):
        return PartState(
            "backup", LABELS["backup"], BAD, None, "",
            _("备份清单读不出来，不知道何时备份过。请看备份位置，再备份一次，然后移走 backups.json.unreadable。"),
        )  # fmt: skip
    if taken is None:
        return PartState("backup", LABELS["backup"], WARN, None, "", _("还没有备份过。运行 doudi backup。"))
    found = state("backup", (at - taken).total_seconds() / 3600)
    gone = not archive_folder(Path(settings.HOME)).is_dir()
    if gone and not os.environ.get("DATABASE_URL"):
        return PartState(
            "backup", found.label, BAD, found.figure, found.unit, _("归档目录不见了，请马上再做一次备份。")
        )
    return found


def _last_backup() -> datetime | None:
    """None: never. An error when the list, or one laid aside before, cannot be read."""
    listed = Path(settings.HOME) / "backups.json"
    if listed.with_name("backups.json.unreadable").exists():
        raise ValueError("a list of backups lies aside, unread")
    if not listed.exists():
        return None
    return max((datetime.fromisoformat(line["at"]) for line in json.loads(listed.read_text())), default=None)
