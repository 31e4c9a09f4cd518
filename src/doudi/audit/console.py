"""The audit administrator's boxes: what came into the log today, and whether it is anchored and with whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from doudi.audit.logic.time_told import CLOCKS, JITTER
from doudi.audit.models import Entry
from doudi.audit.queries.anchoring import LIMIT, Held, anchoring, database_clock, held_outside
from doudi.audit.queries.tree import last_checkpoint, size
from doudi.core.actor import Actor
from doudi.core.consoles import AUDIT, ConsoleBox, ConsoleLine, consoles
from doudi.core.health import PartState, health


@consoles.fill
def log_box(actor: Actor, at: datetime) -> Iterable[ConsoleBox]:
    """How many entries the last day brought, and how many refusals."""
    if actor.role != AUDIT:
        return
    lately = Entry.objects.filter(at__gt=at - timedelta(days=1))
    newest = Entry.objects.order_by("-at").values_list("at", flat=True).first()
    lines = (
        ConsoleLine(_("24 小时内的痕迹"), str(lately.count())),
        ConsoleLine(_("其中被拒绝"), str(lately.filter(outcome="refused").count())),
        ConsoleLine(_("最近一条"), f"{newest.astimezone():%Y-%m-%d %H:%M}" if newest else "—"),
    )
    yield ConsoleBox("log", _("痕迹"), lines, 10, reverse("audit:log"), _("去阅览室"))


@consoles.fill
def anchor_box(actor: Actor, at: datetime) -> Iterable[ConsoleBox]:
    """How the log stands: signed until where, how long ago, held by whom, too late or not."""
    if actor.role != AUDIT:
        return
    yield ConsoleBox("anchor", _("检查点与锚定"), (*_signed(at), *_outside(at)), 20, note=_note(at))


@health.fill
def clock_state(at: datetime) -> Iterable[PartState]:
    """Whether house and database agree about the time; while they do not, no checkpoint is signed."""
    try:
        with transaction.atomic():
            gap = abs(_gap(at))
    except DatabaseError:
        return
    advice = _("系统时钟与数据库时钟不一致，检查点没有签。请校正。") if gap > CLOCKS else ""
    yield PartState(
        "clock", _("两个时钟相差"), "bad" if gap > CLOCKS else "ok", round(gap.total_seconds()), _("秒"), advice
    )


def _gap(at: datetime) -> timedelta:
    return at - database_clock()


def _note(at: datetime) -> str | Promise:
    """The one thing to be done now, if there is one."""
    newest = last_checkpoint()
    if abs(_gap(at)) > CLOCKS:
        return _("系统时钟与数据库时钟不一致，检查点没有签。请系统管理员校正。")
    if newest is not None and newest.at > at + JITTER:
        return _("最近一个检查点签在将来：当时时钟快了。请系统管理员运行 doudi audit accept-clock，写明原因。")
    if anchoring().is_overdue:
        minutes = int(LIMIT.total_seconds() // 60)
        return _("超过 %(limit)s 分钟没有锚定，批准和发放暂停。请找系统管理员。") % {"limit": minutes}
    if not held_outside():
        return _("系统之外没有保存处，痕迹只为自己作证：能改数据库又拿到密钥的人，改了也看不出来。请设置一处。")
    return ""


def _signed(at: datetime) -> Iterable[ConsoleLine]:
    newest, state, gap = last_checkpoint(), anchoring(), _gap(at)
    if abs(gap) > CLOCKS:
        seconds = round(abs(gap.total_seconds()))
        yield ConsoleLine(_("系统时钟与数据库时钟"), _("相差 %(n)s 秒") % {"n": seconds}, "late")
    if state.is_overdue:
        yield ConsoleLine(_("锚定"), _("超时"), "late")
    else:
        yield ConsoleLine(_("锚定"), _("按时") if state.since else _("全部已锚定"), "ok")
    if state.since is not None:
        yield ConsoleLine(_("最早一条没有锚定的"), _ago(state.since, at), "late" if state.is_overdue else "")
    if newest is None:
        yield ConsoleLine(_("最近一个检查点"), _("还没有签名的检查点"), "soon")
        return
    is_ahead = newest.at > at + JITTER
    yield ConsoleLine(_("最近一个检查点"), f"{newest.at.astimezone():%Y-%m-%d %H:%M}", "late" if is_ahead else "")
    yield ConsoleLine(_("离现在"), _ago(newest.at, at))
    yield ConsoleLine(_("检查点包括"), _("%(signed)s / %(all)s 条") % {"signed": newest.size, "all": size()})


def _outside(at: datetime) -> Iterable[ConsoleLine]:
    held = held_outside()
    if not held:
        yield ConsoleLine(_("系统之外的保存处"), _("没有"), "soon")
    for number, one in enumerate(held, 1):
        yield ConsoleLine(_("系统之外的保存处 %(number)s") % {"number": number}, *_has(one, at))


def _has(one: Held, at: datetime) -> tuple[str, str]:
    newest = last_checkpoint()
    if one.at is None or newest is None:
        return str(_("还没有收到")), "late"
    if one.size < newest.size:
        return str(_("%(signed)s / %(all)s 条") % {"signed": one.size, "all": newest.size}), "soon"
    return _ago(one.at, at), "ok"


def _ago(then: datetime, at: datetime) -> str:
    """How long ago in the largest whole unit; a clock set back shows nothing of the future."""
    minutes = max(0, int((at - then).total_seconds() // 60))
    if minutes < 1:
        return str(_("不到一分钟前"))
    if minutes < 120:
        return ngettext("%(n)s 分钟前", "%(n)s 分钟前", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)s 小时前", "%(n)s 小时前", hours) % {"n": hours}
    return ngettext("%(n)s 天前", "%(n)s 天前", hours // 24) % {"n": hours // 24}
