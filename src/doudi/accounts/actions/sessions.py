"""Opening and ending sessions: one open session an account and kind of device, the newest one wins."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.models import Account, AccountSession
from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Stale

TAKEN_UP = timedelta(hours=12)


@transaction.atomic
def open_session(
    *, actor: Actor, at: datetime, account: Account, kind: str, address: str | None
) -> tuple[AccountSession, UUID | None]:
    """A session of an account at a device, and the grant to go on with when the one before ended by idling.

    An older session at the same kind of device ends; whoever sits there is told why at the next request.
    """
    Account.objects.select_for_update().get(id=account.id)
    older = AccountSession.objects.filter(account=account, kind=kind)
    before = older.order_by("-started_at").first()
    if older.filter(ended_at=None).update(ended_at=at, ended_why="newer"):
        record_act(actor=actor, verb="accounts.end_session", subjects=[("account", account.id)], at=at, reason="newer")
    made = AccountSession.objects.create(account=account, kind=kind, address=address, started_at=at, seen_at=at)
    idled = before is not None and before.ended_why == "idle" and before.ended_at and at - before.ended_at < TAKEN_UP
    return made, before.grant_id if before is not None and idled else None


def note_seen(session_id: UUID, at: datetime) -> None:
    """The instant of a session's last request."""
    AccountSession.objects.filter(id=session_id, ended_at=None).update(seen_at=at)


@transaction.atomic
def end_session(*, actor: Actor, at: datetime, session: AccountSession, why: str, grant_id: UUID | None = None) -> None:
    """Ends one session: its holder left, idled too long, or the security administrator ended it."""
    if why == "administrator" and actor.role not in ("security_administrator", "system"):
        raise Forbidden("accounts.not_administrator", _("只有安全管理员可以管理授权和登录验证。"))
    ended = AccountSession.objects.filter(id=session.id, ended_at=None)
    if not ended.update(ended_at=at, ended_why=why, grant_id=grant_id):
        if why == "administrator":
            raise Stale("accounts.session_ended", _("这次登录已经结束了。"))
        return
    subjects = [("account", session.account_id), ("session", session.id)]
    record_act(actor=actor, verb="accounts.end_session", subjects=subjects, at=at, reason=why)


def end_sessions(*, account: Account, at: datetime, why: str, keep: UUID | None = None) -> int:
    """Ends all open sessions of an account but one; part of an act that is recorded by its own name."""
    opened = AccountSession.objects.filter(account=account, ended_at=None)
    if keep is not None:
        opened = opened.exclude(id=keep)
    return opened.update(ended_at=at, ended_why=why)
