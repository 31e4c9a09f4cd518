"""What reasons are called on the page where the program wrote them: codes of refusals, ways in, purposes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from doudi.audit.panels import reason_words

REASONS: dict[str, str | Promise] = {
    "core.forbidden": _("没有这项权限"),
    "core.quota": _("超过了限额"),
    "core.reads_only": _("只读方式，不能办理"),
    "core.scanner": _("查毒没有通过"),
    "address locked": _("地址暂时锁定"),
    "locked": _("账号暂时锁定"),
    "change_password": _("改密码时，现在的密码不对"),
    "enrolment_code": _("开通码不对"),
    "second_factor": _("验证码不对"),
    "passkey": _("安全密钥没有通过"),
    "password": _("密码"),
    "totp": _("验证码应用"),
    "webauthn": _("安全密钥"),
    "recovery_codes": pgettext_lazy("audit", "恢复码"),
    "government": _("统一身份认证"),
    "identity_provider": _("统一身份认证的第二种验证"),
    "newer": _("同类设备上有新的登录"),
    "idle": _("太久没有操作"),
    "long": _("登录满一个工作日"),
    "clock": _("时钟被调回"),
    "left": _("本人退出"),
    "administrator": _("安全管理员结束的"),
    "scope": _("令牌没有这个范围"),
    "service": _("系统账号或密钥不对"),
    "too_fast": _("要得太快"),
    "application": pgettext_lazy("audit", "申请"),
    "full": _("号码全显示"),
}
_CODE = re.compile(r"[a-z_]+\.[a-z_]+")
_PARTS = re.compile(r"[ +]")


def words_of_reasons() -> dict[str, str | Promise]:
    """What codes in reasons are called, with the purposes the apps know; asked once a page."""
    return REASONS | dict(reason_words.collect())


def reason_said(reason: str, known: Mapping[str, str | Promise]) -> str:
    """A reason in words: what people wrote as it is, codes of ours by their names, other codes as a refusal."""
    if not reason or not reason.isascii():
        return _first_said(reason, known)
    if reason in known:
        return str(known[reason])
    if _CODE.fullmatch(reason):
        return str(_("系统没有接受（%(code)s）") % {"code": reason})
    parts = _PARTS.split(reason)
    return "、".join(str(known[part]) for part in parts) if all(part in known for part in parts) else reason


def _first_said(reason: str, known: Mapping[str, str | Promise]) -> str:
    """A purpose before words that somebody wrote."""
    first, space, rest = reason.partition(" ")
    said = known.get(first) if space else None
    return f"{said}：{rest}" if said else reason
