"""Looks beyond one's grant: begun with a reason, ended, reviewed by somebody else; and viewing as a role."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import POLICY
from doudi.accounts.models import Account, EmergencyLook
from doudi.areas.queries import area as area_of
from doudi.audit.actions import record_act, record_look
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Missing, Refused, Stale

SMALLEST, TOWNSHIP = 12, 9
"""Digits of the areas that can be looked at: a township or a village, never a whole county."""


@transaction.atomic
def begin_emergency(*, actor: Actor, at: datetime, area: str, fields: Collection[str], reason: str) -> EmergencyLook:
    """Another township or village, and some fields, for the hours the policy gives; one at a time, read-only."""
    _may(actor, "accounts.emergency")
    if len(area) not in (TOWNSHIP, SMALLEST) or area_of(area) is None:
        raise Malformed("accounts.emergency_area", _("没有这个乡镇或村居。请写 9 或 12 位区划代码。"))
    openable = {name for name, field in POLICY.fields.items() if field.emergency}
    if not set(fields) <= openable:
        raise Malformed("accounts.emergency_fields", _("这些内容不能应急打开。请从列表里选。"))
    if len("".join(unicodedata.normalize("NFKC", reason).split())) < POLICY.emergency.reason_letters:
        raise Malformed("accounts.emergency_reason", _("理由太短。请写明谁、什么急难、为什么来不及。"))
    if actor.covers(area) and not fields:
        raise Refused("accounts.emergency_needless", _("这个地区在您的辖区里，不用应急查看。"))
    Account.objects.select_for_update().get(id=actor.account_id)
    waiting = EmergencyLook.objects.filter(account_id=actor.account_id, reviewed_at=None).count()
    if waiting >= POLICY.emergency.most_unreviewed:
        raise Refused("accounts.emergency_too_many", _("您以前的应急查看还没有复核完，不能再开。请联系安全管理员。"))
    for earlier in EmergencyLook.objects.filter(account_id=actor.account_id, ended_at=None, until_at__gt=at):
        end_emergency(actor=actor, at=at, look=earlier.id)
    look = EmergencyLook.objects.create(
        account_id=actor.account_id,
        grant_id=actor.grant_id,
        area_code=area,
        opened=sorted(fields),
        reason=reason.strip(),
        begun_at=at,
        until_at=at + timedelta(hours=POLICY.emergency.hours),
    )
    record_act(actor=actor, verb="accounts.begin_emergency", subjects=_about(look), at=at, reason=reason.strip())
    return look


@transaction.atomic
def end_emergency(*, actor: Actor, at: datetime, look: UUID) -> EmergencyLook:
    """Who looked has seen enough."""
    found = _locked(look)
    if str(found.account_id) != actor.account_id:
        raise Forbidden("accounts.emergency_not_yours", _("这不是您的应急查看。"))
    if found.ended_at is None and found.until_at > at:
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        record_act(actor=actor, verb="accounts.end_emergency", subjects=_about(found), at=at)
    return found


@transaction.atomic
def review_emergency(*, actor: Actor, at: datetime, look: UUID, finding: str, remark: str) -> EmergencyLook:
    """Somebody else, who is responsible for the area or for access, says whether there was a reason; it ends now."""
    _may(actor, "accounts.review_emergency")
    found = _locked(look)
    if str(found.account_id) == actor.account_id:
        raise Forbidden("accounts.emergency_own_review", _("不能复核自己的应急查看。请由别人复核。"))
    if not may_review(actor, found):
        raise Forbidden("accounts.emergency_elsewhere", _("这次应急查看不在您的辖区。"))
    if found.reviewed_at is not None:
        raise Stale("accounts.emergency_reviewed", _("这次应急查看已经复核了。"))
    if finding not in EmergencyLook.Finding.values or (finding == "unjustified" and not remark.strip()):
        raise Malformed("accounts.emergency_finding", _("请选结论；理由不成立的，写明为什么。"))
    if found.ended_at is None and found.until_at > at:
        found.ended_at = at
    found.finding, found.remark, found.reviewed_at = finding, remark.strip(), at
    found.reviewed_by, found.reviewed_name = actor.account_id, actor.name
    found.save(update_fields=["ended_at", "finding", "remark", "reviewed_at", "reviewed_by", "reviewed_name"])
    record_act(actor=actor, verb="accounts.review_emergency", subjects=_about(found), at=at, reason=found.finding)
    return found


def may_review(actor: Actor, look: EmergencyLook) -> bool:
    """Whether a look lies with a reviewer: leaders of the area looked at, and who guards access in the whole house."""
    role = POLICY.roles.get(actor.role)
    return role is not None and (role.level == POLICY.levels[-1] or actor.covers(look.area_code))


def begin_viewing(*, actor: Actor, at: datetime, role: str) -> None:
    """An administrator is about to see the pages of a role, without anybody's data."""
    _may(actor, "accounts.view_as")
    if role not in POLICY.view_as.roles:
        raise Malformed("accounts.view_role", _("这个角色不能预览。请从列表里选。"))
    record_look(actor=actor, verb="accounts.begin_viewing", subjects=[("role", role)], at=at)


def end_viewing(*, actor: Actor, at: datetime, role: str) -> None:
    """The administrator is back."""
    record_look(actor=actor, verb="accounts.end_viewing", subjects=[("role", role)], at=at)


def _may(actor: Actor, permission: str) -> None:
    if actor.reads_only or actor.role not in POLICY.holders(permission):
        raise Forbidden("accounts.not_allowed", _("您现在的身份不能做这件事。请切换身份，或请有权限的同事办理。"))


def _locked(look: UUID) -> EmergencyLook:
    found = EmergencyLook.objects.select_for_update().filter(pk=look).first()
    if found is None:
        raise Missing("accounts.no_such_emergency", _("没有这次应急查看。"))
    return found


def _about(look: EmergencyLook) -> list[tuple[str, object]]:
    return [("emergency", look.id), ("account", look.account_id), ("area", look.area_code)]
