"""Writing the log: acts in the caller's transaction, looks and refusals on a connection of their own, first."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from doudi.audit.logic.canonical import canonical_bytes
from doudi.audit.models import DigestSalt, Entry, EntrySubject
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden
from doudi.core.once import acted
from doudi.core.vault import vault

recorded: ContextVar[list[str] | None] = ContextVar("recorded", default=None)
"""The databases that this request's entries went to, for the middleware that lets no answer out without an entry."""
Subjects = Iterable[tuple[str, object]]


def record_act(
    *,
    actor: Actor,
    verb: str,
    subjects: Subjects,
    at: datetime,
    before: bytes | None = None,
    after: bytes | None = None,
    reason: str = "",
    outcome: str = "done",
    count: int | None = None,
    digest: str = "",
    mark: str = "",
) -> Entry:
    """One entry in the caller's transaction. `before` and `after` are kept as salted digests only.

    `mark` is what `require_anchored` answered: why the act went on although the log was not anchored. Who may only read
    acts on nothing, whichever way the request came: the transaction ends here.
    """
    if actor.reads_only:
        raise Forbidden("audit.reads_only", _("现在只能看，不能办。请先结束应急查看或角色预览，再办理。"))
    salt = secrets.token_bytes(16) if before is not None or after is not None else None
    keys = vault() if salt else None
    entry = _entry(actor, verb, at, outcome, reason, count, digest, mark)
    if salt and keys:
        entry.before_digest = keys.salted_digest(before, salt) if before is not None else None
        entry.after_digest = keys.salted_digest(after, salt) if after is not None else None
    _write(entry, list(subjects), "default")
    if salt:
        DigestSalt.objects.create(entry_id=entry.id, salt=salt)
    acted()
    return entry


def record_look(
    *, actor: Actor, verb: str, subjects: Subjects, at: datetime, outcome: str = "seen", reason: str = ""
) -> Entry:
    """One entry that stays whatever becomes of the request; without it there is no answer."""
    entry = _entry(actor, verb, at, outcome, reason, None, "", "")
    _write(entry, list(subjects), "audit")
    return entry


def _entry(
    actor: Actor, verb: str, at: datetime, outcome: str, reason: str, count: int | None, digest: str, mark: str
) -> Entry:
    return Entry(
        id=uuid4(),
        at=at,
        account_id=actor.account_id,
        actor_name=actor.name,
        role=actor.role,
        area_code=actor.area,
        purpose=actor.purpose,
        verb=verb,
        outcome=outcome,
        reason=reason,
        count=count,
        content_digest=digest,
        mark=mark,
    )


def _write(entry: Entry, subjects: list[tuple[str, object]], alias: str) -> None:
    entry.canonical = canonical_bytes(entry, [(kind, str(subject)) for kind, subject in subjects])
    entry.save(using=alias, force_insert=True)
    noted = recorded.get()
    if noted is not None:
        noted.append(alias)
    rows = [EntrySubject(entry_id=entry.id, kind=kind, subject=str(subject)) for kind, subject in subjects]
    EntrySubject.objects.using(alias).bulk_create(rows)
