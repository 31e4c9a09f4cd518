"""Old sign-ins go with the nightly job: those that ended or were last used half a year ago, and no others."""

from __future__ import annotations

import datetime
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from doudi.accounts.models import Account, AccountSession
from doudi.audit.models import Entry, EntrySubject
from doudi.core.actor import Actor
from doudi.keeping.actions import Erased, erase_due
from doudi.keeping.queries import rules
from doudi.lib.months import add_months
from doudi.site.database import acting_as

TODAY = datetime.date(2026, 7, 20)
LIMIT = add_months(TODAY, -6)


def _noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(4), datetime.UTC)


def _session(account: Account, *, ended: datetime.date | None, seen: datetime.date, kind: str = "window") -> UUID:
    made = AccountSession.objects.create(
        account=account, kind=kind, address="198.51.100.7", started_at=_noon(seen), seen_at=_noon(seen),
        ended_at=_noon(ended) if ended else None, ended_why="left" if ended else "",
    )  # fmt: skip
    return made.id


def test_what_is_older_than_the_retention_says_goes_on_record_and_the_rest_stays(own_database: str) -> None:
    [rule] = [one for one in rules() if one.name == "sign_ins"]
    assert rule.months == 6 and rule.last_due_moment(TODAY) == LIMIT
    account = Account.objects.create(username="zhou", name="周敏")
    other = Account.objects.create(username="wu", name="吴磊")
    day, long_ago = timedelta(days=1), LIMIT - timedelta(days=300)
    gone = {
        _session(account, ended=LIMIT, seen=LIMIT - day),
        _session(account, ended=long_ago, seen=long_ago),
        _session(account, ended=None, seen=LIMIT),
    }
    stay = {
        _session(account, ended=LIMIT + day, seen=long_ago),
        _session(account, ended=None, seen=LIMIT + day, kind="phone"),
        _session(other, ended=None, seen=TODAY),
    }
    with acting_as("work", settings.HOME, name=own_database):
        would = {one.rule: one.keys for one in _run(dry_run=True)}
        assert set(would["sign_ins"]) == {str(own) for own in gone} and AccountSession.objects.count() == 6
        assert {one.rule: one.erased for one in _run()}["sign_ins"] == 3
        assert {one.rule: one.erased for one in _run()}["sign_ins"] == 0, "running again finds nothing left"
    assert set(AccountSession.objects.values_list("id", flat=True)) == stay
    [entry] = Entry.objects.filter(verb="keeping.erase", reason__startswith="sign_ins ")
    told = EntrySubject.objects.filter(entry_id=entry.id, kind="accounts_session").values_list("subject", flat=True)
    assert entry.count == 3 and set(told) == {str(own) for own in gone}
    assert Account.objects.filter(pk__in=[account.pk, other.pk]).count() == 2


def _run(*, dry_run: bool = False) -> list[Erased]:
    return erase_due(actor=Actor.system(), at=_noon(TODAY), today=TODAY, dry_run=dry_run)
