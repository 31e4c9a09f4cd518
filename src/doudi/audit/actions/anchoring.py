"""What costs money waits until the log is anchored again; what cannot wait goes on and says so."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from doudi.audit.queries.anchoring import anchoring
from doudi.core.errors import Unavailable

ADVANCE_RELIEF = "advance_relief"
"""先行救助: help first, paper after (社会救助暂行办法, urgent cases). Nothing calls with it yet: cases decide by the
chain of basic living alone, which has no emergency kind of temporary assistance. The act that decides on that kind will
name it where the rule `household.may_get_advance_relief` says yes.
"""
LAST_DAY = "statutory_last_day"
"""Its statutory clock ends today."""


def require_anchored(*, going_on: str = "") -> str:
    """Before an approval or anything about money. Returns the mark for its entry: empty, or why it went on.

    `going_on` is ADVANCE_RELIEF or LAST_DAY, where one of them is so. Unavailable when anchoring is overdue otherwise.
    """
    if not anchoring().is_overdue:
        return ""
    if going_on:
        return f"unanchored:{going_on}"
    raise Unavailable(
        "audit.not_anchored",
        _("痕迹超过时限没有锚定，批准和发放暂停；查看、受理、核对照常。请联系系统管理员；紧急的可以先行救助。"),
    )
