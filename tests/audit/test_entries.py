"""What an entry holds: who, under which grant, why; states as salted digests; canonical bytes for a later proof."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from doudi.audit.actions import record_act, record_look
from doudi.audit.logic.canonical import canonical_bytes
from doudi.audit.models import DigestSalt, Entry
from doudi.audit.queries import entries, entries_about
from doudi.core.actor import Actor
from doudi.core.vault import vault

AT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
ZHOU = Actor("account-1", "周敏", "handler", "990101003", "civil_affairs", "basic_living", "grant-1")

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_under_which_grant() -> None:
    record_act(actor=ZHOU, verb="cases.propose", subjects=[("application", "a")], at=AT, reason="看过材料")
    found = Entry.objects.get()
    assert (found.account_id, found.actor_name, found.role, found.area_code, found.purpose) == (
        "account-1", "周敏", "handler", "990101003", "basic_living",
    )  # fmt: skip
    assert (found.verb, found.outcome, found.reason, found.at) == ("cases.propose", "done", "看过材料", AT)


def test_states_are_kept_as_digests_that_prove_nothing_without_their_salt() -> None:
    entry = record_act(actor=ZHOU, verb="x.change", subjects=[], at=AT, before=b"old", after=b"new")
    salt = bytes(DigestSalt.objects.get(entry_id=entry.id).salt)
    kept = Entry.objects.get()
    assert bytes(kept.before_digest or b"") == vault().salted_digest(b"old", salt)
    assert bytes(kept.after_digest or b"") == vault().salted_digest(b"new", salt)
    other = record_act(actor=ZHOU, verb="x.change", subjects=[], at=AT, before=b"old", after=b"new")
    assert other.before_digest != entry.before_digest, "equal states cannot be told from their digests"


def test_canonical_bytes_are_those_of_the_entry_as_stored() -> None:
    subjects = [("person", "b"), ("household", "a")]
    entry = record_look(actor=ZHOU, verb="desk.open_household", subjects=subjects, at=AT)
    stored = Entry.objects.get()
    assert (
        bytes(stored.canonical) == canonical_bytes(stored, subjects) == canonical_bytes(entry, list(reversed(subjects)))
    )
    read = json.loads(bytes(stored.canonical))
    assert (
        read["subjects"] == [["household", "a"], ["person", "b"]] and read["at"] == "2026-07-01T02:00:00.000000+00:00"
    )


def test_entries_are_narrowed_by_act_account_day_and_subject() -> None:
    record_act(actor=ZHOU, verb="cases.propose", subjects=[("application", "a")], at=AT)
    record_act(actor=Actor.system(), verb="cases.review", subjects=[("application", "b")], at=AT.replace(day=2))
    record_look(actor=ZHOU, verb="desk.search", subjects=[], at=AT.replace(hour=17))
    assert [e.verb for e in entries(verb="cases.")] == ["cases.review", "cases.propose"]
    assert [e.verb for e in entries(account_id="account-1")] == ["desk.search", "cases.propose"]
    assert [e.verb for e in entries(day="2026-07-01")] == ["cases.propose"], "the day in Shanghai"
    assert [e.verb for e in entries_about("application", ["b"])] == ["cases.review"]
