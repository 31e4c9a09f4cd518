"""Writing the log: acts in the caller's transaction, looks and refusals on a connection of their own, first."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from uuid import uuid4

from django.db import connections
from django.utils.translation import gettext_lazy as _

from doudi.audit.logic.canonical import canonical_bytes
from doudi.audit.models import DigestSalt, Entry
from doudi.core.actor import Actor
from doudi.core.effects import Effect
from doudi.core.errors import Forbidden, Refused
from doudi.core.once import acted
from doudi.core.vault import vault
from doudi.lib import identity_number

recorded: ContextVar[list[Effect | None] | None] = ContextVar("recorded", default=None)
"""This request's entries, for the middleware that lets no answer out without one: None is one that was committed by
itself, the others are acts that stand or fall with their transaction.
"""
Subjects = Iterable[tuple[str, object]]
_COLUMNS = [str(field.column) for field in Entry._meta.concrete_fields]
_INSERT = (
    f"WITH made AS (INSERT INTO audit_entry ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})) "  # noqa: S608
    "INSERT INTO audit_subject (entry_id, kind, subject) SELECT %s, kind, subject "
    "FROM unnest(%s::text[], %s::text[]) AS about (kind, subject)"
)
"""Names of columns only, none of them from outside."""


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
    if identity_number.is_in(reason):
        raise Refused("audit.number_in_reason", _("理由里写了身份证号码。请改写成姓名或关系，再提交一次。"))
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
    """The entry and what it is about, in one statement: the connection `audit` commits each by itself."""
    about = [(kind, str(subject)) for kind, subject in subjects]
    entry.canonical = canonical_bytes(entry, about)
    values = [getattr(entry, name) for name in _COLUMNS]
    with connections[alias].cursor() as cursor:
        cursor.execute(
            _INSERT, [*values, entry.id, [kind for kind, _id in about], [subject for _kind, subject in about]]
        )
    entry._state.adding, entry._state.db = False, alias
    noted = recorded.get()
    if noted is not None:
        noted.append(Effect() if alias == "default" else None)
