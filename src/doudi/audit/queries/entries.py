"""Reading the log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from doudi.audit.models import DigestSalt, Entry, EntrySubject
from doudi.audit.panels import same_subjects
from doudi.core.row_context import reading_log
from doudi.lib.working_days import SHANGHAI

PART = 1_000


def entries(
    *,
    verb: str = "",
    verbs: Collection[str] = (),
    account_id: str = "",
    day: str = "",
    until: str = "",
    outcome: str = "",
    purpose: str = "",
    subject: str = "",
) -> QuerySet[Entry]:
    """Entries, newest first, narrowed by verb prefix or verbs, account, days in Shanghai (`until` is the last
    of several), outcome, purpose, or the opaque id of what they are about, under any id it had.
    """
    found = Entry.objects.order_by("-at", "-id")
    if verb:
        found = found.filter(verb__gte=verb, verb__lt=verb + "\uffff")
    if verbs:
        found = found.filter(verb__in=verbs)
    if day:
        begin = datetime.combine(date.fromisoformat(day), time.min, SHANGHAI)
        last = date.fromisoformat(until) if until else begin.date()
        found = found.filter(at__gte=begin, at__lt=datetime.combine(last + timedelta(days=1), time.min, SHANGHAI))
    for name, wanted in (("account_id", account_id), ("outcome", outcome), ("purpose", purpose)):
        if wanted:
            found = found.filter(**{name: wanted})
    if subject:
        ids = {subject, *same_subjects.collect(subject)}
        found = found.filter(id__in=EntrySubject.objects.filter(subject__in=ids).values("entry_id"))
    return found


def subjects_of(entry_id: UUID) -> list[tuple[str, str]]:
    """What an entry is about: kinds and opaque ids."""
    return list(
        EntrySubject.objects.filter(entry_id=entry_id).order_by("kind", "subject").values_list("kind", "subject")
    )


def looks_since(account_id: str, verbs: Iterable[str], since: datetime) -> int:
    """How often an account has looked in some ways since an instant."""
    found = Entry.objects.filter(account_id=account_id, at__gte=since, verb__in=list(verbs), outcome="seen")
    with reading_log("an account's looks are counted"):
        return found.count()


def looks_of(account_id: str, purpose: str, since: datetime, until: datetime) -> list[Entry]:
    """What an account looked at for a purpose between two instants, oldest first."""
    found = Entry.objects.filter(account_id=account_id, purpose=purpose, at__gte=since, at__lte=until)
    with reading_log("whoever reviews an emergency look sees what was looked at"):
        return list(found.order_by("at", "id"))


def entries_about(kind: str, subjects: Iterable[object]) -> QuerySet[Entry]:
    """Entries about some subjects of a kind, newest first."""
    return entries_about_any((kind, str(one)) for one in subjects)


def entries_about_any(subjects: Iterable[tuple[str, str]]) -> QuerySet[Entry]:
    """Entries about some subjects of several kinds, newest first, each once."""
    named: dict[str, list[str]] = {}
    for kind, own in subjects:
        named.setdefault(kind, []).append(own)
    about = [Q(kind=kind, subject__in=ids) for kind, ids in named.items()]
    ids = EntrySubject.objects.filter(reduce(or_, about, Q(pk__in=[]))).values("entry_id")
    return Entry.objects.filter(id__in=ids).order_by("-at", "-id")


def entries_with_salts(*, before: datetime) -> Iterator[tuple[UUID, tuple[tuple[str, str], ...]]]:
    """Entries from before an instant whose digests can still prove something, each with its subjects."""
    ids = list(DigestSalt.objects.filter(entry_id__in=Entry.objects.filter(at__lt=before).values("id"))
               .values_list("entry_id", flat=True))  # fmt: skip
    for first in range(0, len(ids), PART):
        part = ids[first : first + PART]
        about: dict[UUID, list[tuple[str, str]]] = {entry: [] for entry in part}
        for entry, kind, subject in EntrySubject.objects.filter(entry_id__in=part).values_list(
            "entry_id", "kind", "subject"
        ):
            about[entry].append((kind, subject))
        yield from ((entry, tuple(subjects)) for entry, subjects in about.items())
