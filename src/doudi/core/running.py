"""The state of the running house for the system administrator: database, jobs, keys by name. No content of anything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.metadata import version

from django.db import connection
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from doudi.core.actor import Actor
from doudi.core.consoles import SYSTEM, ConsoleBox, ConsoleLine, consoles, further_keys
from doudi.core.vault import VaultError, vault

KEYS = {
    "person_key": _("人员键（数据湖）"),
    "audit_salt": _("痕迹里的摘要"),
    "field": _("字段加密"),
    "blind": _("按号码查找（盲索引）"),
}
"""What a key of the vault is for, by the first part of its name."""
QUIET_FOR = timedelta(seconds=60)
"""A worker that has not been heard of for so long does not work."""


@consoles.fill
def running(actor: Actor, at: datetime) -> Iterable[ConsoleBox]:
    """Database and program, jobs and worker, keys."""
    if actor.role != SYSTEM:
        return
    yield ConsoleBox("running", _("运行情况"), _running(), 10)
    yield ConsoleBox("jobs", _("后台任务"), _jobs(at), 20)
    lines, note = (
        (*_keys(), *further_keys.collect(at)),
        _("只列用途和名称，不显示内容。密钥文件不进数据库，也不进备份。"),
    )
    yield ConsoleBox("keys", _("密钥状态"), lines, 40, note=note)


def _running() -> tuple[ConsoleLine, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database())),"
            " pg_postmaster_start_time(),"
            " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),"
            " current_setting('max_connections')::int"
        )
        server, size, since, used, most = cursor.fetchone()
    return (
        ConsoleLine(_("程序版本"), version("doudi")),
        ConsoleLine(_("数据库"), f"PostgreSQL {server.split()[0]} · {size}"),
        ConsoleLine(_("数据库启动于"), f"{since:%Y-%m-%d %H:%M}"),
        ConsoleLine(_("数据库连接"), f"{used} / {most}", "ok" if used < most * 0.8 else "late"),
    )


def _jobs(at: datetime) -> tuple[ConsoleLine, ...]:
    count = {status: ProcrastinateJob.objects.filter(status=status).count() for status in ("todo", "doing", "failed")}
    heard = ProcrastinateWorker.objects.order_by("-last_heartbeat").values_list("last_heartbeat", flat=True).first()
    works = heard is not None and at - heard < QUIET_FOR
    return (
        ConsoleLine(_("后台进程"), _("在工作") if works else _("没有动静，请检查服务"), "ok" if works else "late"),
        ConsoleLine(_("等待"), str(count["todo"])),
        ConsoleLine(_("正在办"), str(count["doing"])),
        ConsoleLine(_("失败"), str(count["failed"]), "late" if count["failed"] else "ok"),
    )


def _keys() -> tuple[ConsoleLine, ...]:
    try:
        held = vault()
    except VaultError as error:
        return (ConsoleLine(_("密钥状态"), error.code, "late"),)
    newest = {f"field-{max(held.fields)}", f"blind-{max(held.blinds)}"}
    lines = [ConsoleLine(_("算法"), "SM4 · SM3" if held.crypto == "sm" else "AES-256-GCM · SHA-256")]
    for name in sorted(held.fingerprints()):
        label, value = KEYS.get(name.partition("-")[0], name), _("写入用") if name in newest else _("在用")
        lines.append(ConsoleLine(label, value, "ok", code=name))
    return tuple(lines)
