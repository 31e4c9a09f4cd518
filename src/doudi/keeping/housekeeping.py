"""Duties of keeping itself: sessions and sign-ins that are over, finished jobs, salts of old digests, corrections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection

from doudi.accounts.actions import forget_sessions
from doudi.accounts.queries import sessions_over
from doudi.audit.actions import forget_salts
from doudi.audit.queries import entries_with_salts
from doudi.keeping.logic.duties import Due, Duty, duties
from doudi.keeping.models import Note
from doudi.lib.working_days import start_of

ENDED = ("succeeded", "failed", "cancelled", "aborted")


@duties.fill
def own_duties() -> Iterable[Duty]:
    """Sessions, sign-ins, jobs, salts, corrections."""
    yield Duty("sessions", _sessions, _end_sessions)
    yield Duty("sign_ins", _sign_ins, lambda keys, _at: forget_sessions(keys))
    yield Duty("jobs", _jobs, _delete_jobs)
    yield Duty("audit_salts", _salts, _forget)
    yield Duty("corrections", _notes, _delete_notes)


def _sessions(limit: date, _today: date) -> Iterator[Due]:
    ended = Session.objects.filter(expire_date__lt=start_of(limit + timedelta(days=1)))
    yield from (Due(key) for key in ended.values_list("session_key", flat=True))


def _end_sessions(keys: Sequence[str], _at: datetime) -> int:
    return Session.objects.filter(session_key__in=keys).delete()[0]


def _sign_ins(limit: date, _today: date) -> Iterator[Due]:
    yield from (Due(str(own)) for own in sessions_over(before=start_of(limit + timedelta(days=1))))


def _jobs(limit: date, _today: date) -> Iterator[Due]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.id FROM procrastinate_jobs j WHERE j.status::text = ANY(%s) AND "
            "(SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id) < %s ORDER BY j.id",
            [list(ENDED), start_of(limit + timedelta(days=1))],
        )
        rows = cursor.fetchall()
    yield from (Due(str(row[0])) for row in rows)


def _delete_jobs(keys: Sequence[str], _at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [[int(key) for key in keys]])
        return int(cursor.rowcount)


def _salts(limit: date, _today: date) -> Iterator[Due]:
    for entry, subjects in entries_with_salts(before=start_of(limit + timedelta(days=1))):
        yield Due(str(entry), subjects)


def _forget(keys: Sequence[str], _at: datetime) -> int:
    return forget_salts(keys)


def _notes(limit: date, _today: date) -> Iterator[Due]:
    rows = Note.objects.filter(noted_at__lt=start_of(limit + timedelta(days=1))).order_by("noted_at", "id")
    for own, person in rows.values_list("id", "person"):
        yield Due(str(own), (("person", str(person)),))


def _delete_notes(keys: Sequence[str], _at: datetime) -> int:
    return Note.objects.filter(pk__in=keys).delete()[0]
