"""The outer end of the wire: a message sent, its answer read. All that the internet zone knows of the house."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Refused, Unavailable
from doudi.gateway.logic.protocol import LONGEST_LINE, Message, NotAMessage, read_line

SECONDS = 8.0
WHY = {
    "busy": _("现在来信太多，请过几分钟再试，或拨打 12345。"),
    "area": _("没有这个乡镇（街道），请重新选择。"),
    "unknown": _("回执号和查询码对不上。请核对后再试；多次填错会锁定，可到乡镇窗口查询。"),
    "message": _("填写的内容不合要求，请检查后再提交。"),
}


def ask(path: Path, do: str, **given: str) -> dict[str, Any]:
    """The gateway's answer. Refused with what to do, Unavailable when nobody answers."""
    try:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(SECONDS)
            wire.connect(str(path))
            wire.sendall(Message(do, given).line())
            with wire.makefile("rb") as answers:
                answer = read_line(answers.readline(LONGEST_LINE + 1))
    except (OSError, NotAMessage):
        raise Unavailable("gateway.silent", _("暂时无法受理，请稍后再试，或拨打 12345。")) from None
    if not answer.get("ok"):
        why = str(answer.get("why"))
        if why not in WHY:
            raise Unavailable("gateway.silent", _("暂时无法受理，请稍后再试，或拨打 12345。"))
        raise Refused(f"gateway.{why}", WHY[why])
    return answer
