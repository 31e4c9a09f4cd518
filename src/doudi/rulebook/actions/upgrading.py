"""A new shipped policy: every place's rules are checked on it and laid out for approval. Nothing in force changes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from doudi.audit.actions import record_act
from doudi.core import events
from doudi.core.actor import Actor
from doudi.rulebook.actions.moving import moved, renew_digest, step
from doudi.rulebook.events import ImpactAsked
from doudi.rulebook.lifecycle import OPEN
from doudi.rulebook.logic.bundle import pack, policy_files
from doudi.rulebook.logic.checking import faults_of
from doudi.rulebook.logic.overlay import own_files, with_own_files
from doudi.rulebook.logic.upgrade import upgraded
from doudi.rulebook.models import Draft, Impact
from doudi.rulebook.queries.editions import Edition, editions, files_of


def lay_out_upgrades(*, actor: Actor, at: datetime, today: date, root: Path, title: str) -> list[Draft]:
    """A draft for each place whose newest version does not build on the policy under `root`; [] when all do.

    One that checks waits for approval, with its impact asked for; one with faults is listed with them and waits for an
    officer. Laid out once for the same policy and version; what an earlier policy laid out and nobody took is ended.
    """
    shipped = policy_files(root)
    by_hand = Draft.objects.filter(state="published").exclude(origin="upgrade", author_id=actor.account_id)
    edited = set(by_hand.values_list("place", flat=True))
    newest: dict[str, Edition] = {}
    for edition in editions():
        newest.setdefault(edition.place, edition)
    made = []
    for _place, edition in sorted(newest.items()):
        held = files_of(edition.hash)
        files = upgraded(shipped, held, edited)
        if files != held:
            draft = _laid_out(actor, at, max(today, edition.effective_on), edition, files, title)
            made += [draft] if draft is not None else []
    return made


@transaction.atomic
def _laid_out(
    actor: Actor, at: datetime, on: date, edition: Edition, files: dict[str, str], title: str
) -> Draft | None:
    place, base = edition.place, pack(with_own_files(files, edition.place, {}))
    earlier = Draft.objects.select_for_update().filter(place=place, origin="upgrade")
    own = own_files(files, place)
    if any(bytes(one.base) == base and one.base_hash == edition.hash for one in earlier):
        return None
    for one in earlier.filter(state__in=OPEN, author_id=actor.account_id):
        moved(one, "supersede", actor, at)
    faults = faults_of(files, [place])
    draft = Draft(
        place=place, title=title, origin="upgrade", base_hash=edition.hash, base=base, files=own, effective_on=on,
        state="drafting" if faults else "submitted", problems=[fault.plain() for fault in faults],
        author_id=actor.account_id, author_name=actor.name, opened_at=at, saved_at=at,
    )  # fmt: skip
    renew_digest(draft)
    draft.save(force_insert=True)
    step(draft, "open", actor, at)
    if not faults:
        Impact.objects.create(draft=draft, digest=draft.digest, asked_by=actor.account_id, asked_at=at)
        events.publish(ImpactAsked(str(draft.id), actor.account_id), at=at)
    subjects = [("draft", draft.id), ("area", place)]
    record_act(actor=actor, verb="rulebook.lay_out_upgrade", subjects=subjects, at=at, count=len(faults))
    return draft
