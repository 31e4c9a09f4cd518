"""Grants confirmed anew: somebody other than their holder says that they are still needed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.policy import SYSTEM
from doudi.accounts.logic.roles import POLICY
from doudi.accounts.models import Grant
from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Stale


@transaction.atomic
def confirm_grant(*, actor: Actor, at: datetime, grant: Grant, on: date) -> Grant:
    """The grant is still needed; the next review is counted from this day."""
    if actor.role != SYSTEM and not POLICY.may(actor.role, "accounts.administer"):
        raise Forbidden("accounts.not_administrator", _("只有安全管理员可以管理授权和登录验证。"))
    if str(grant.account_id) == actor.account_id:
        raise Forbidden("accounts.own_review", _("不能复核自己的授权。请由另一位安全管理员复核。"))
    found = Grant.objects.select_for_update().get(pk=grant.pk)
    if found.withdrawn_at is not None:
        raise Stale("accounts.withdrawn_already", _("这项授权已经收回了。"))
    found.reviewed_on = on
    found.save(update_fields=["reviewed_on"])
    about = [("account", found.account_id), ("grant", found.id)]
    record_act(actor=actor, verb="accounts.confirm_grant", subjects=about, at=at)
    return found
