"""Reading the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from doudi.audit.models import Entry, EntrySubject


def entries(*, verb: str = "", account_id: str = "", day: str = "") -> QuerySet[Entry]:
    """Entries, newest first, narrowed by verb prefix, account or day (2026-07-14)."""
    found = Entry.objects.order_by("-at", "-id")
    if verb:
        found = found.filter(verb__gte=verb, verb__lt=verb + "\uffff")
    if account_id:
        found = found.filter(account_id=account_id)
    if day:
        found = found.filter(at__date=day)
    return found


def looks_since(account_id: str, verbs: Iterable[str], since: datetime) -> int:
    """How often an account has looked in some ways since an instant."""
    return Entry.objects.filter(account_id=account_id, at__gte=since, verb__in=list(verbs), outcome="seen").count()


def looks_of(account_id: str, purpose: str, since: datetime, until: datetime) -> QuerySet[Entry]:
    """What an account looked at for a purpose between two instants, oldest first."""
    found = Entry.objects.filter(account_id=account_id, purpose=purpose, at__gte=since, at__lte=until)
    return found.order_by("at", "id")


def entries_about(kind: str, subjects: Iterable[object]) -> QuerySet[Entry]:
    """Entries about some subjects, newest first."""
    ids = EntrySubject.objects.filter(kind=kind, subject__in=[str(s) for s in subjects]).values("entry_id")
    return Entry.objects.filter(id__in=ids).order_by("-at", "-id")
