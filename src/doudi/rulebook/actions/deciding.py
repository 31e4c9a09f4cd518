"""Handing a draft in, and a second person's yes or no. A yes publishes it, for the place and all below it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.areas.queries import name_path
from doudi.audit.actions import record_act, require_anchored
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Refused, Stale
from doudi.lib.working_days import day_of
from doudi.rulebook.access import locked_draft
from doudi.rulebook.actions.moving import check_reason, check_seen, check_state, moved, step
from doudi.rulebook.actions.publishing import lock_publishing
from doudi.rulebook.logic.bundle import pack
from doudi.rulebook.logic.checking import faults_of, rulebook_from
from doudi.rulebook.models import Approval, Draft, Impact, Published
from doudi.rulebook.queries.drafts import base_of, files_with, impact_of, is_current, places_concerned
from doudi.rulebook.queries.editions import current_edition
from doudi.rulebook.queries.editions_made import EditionMade, editions_made


@transaction.atomic
def submit_draft(*, actor: Actor, at: datetime, draft: uuid.UUID, seen: str, note: str = "") -> Draft:
    """Hand the draft of the digest `seen` in for approval: it checks, has its day, its impact as it stands is known."""
    found = locked_draft(actor, draft, "submit")
    check_state(found, "submit")
    check_seen(found, seen)
    _fit_to_publish(found, day_of(at))
    moved(found, "submit", actor, at, reason=note)
    return found


@transaction.atomic
def withdraw_draft(*, actor: Actor, at: datetime, draft: uuid.UUID) -> Draft:
    """The author takes a draft back to work on it."""
    return _simply(actor, at, draft, "withdraw")


@transaction.atomic
def discard_draft(*, actor: Actor, at: datetime, draft: uuid.UUID) -> Draft:
    """The author gives a draft up. It is kept, and ends."""
    return _simply(actor, at, draft, "discard")


@transaction.atomic
def take_over_draft(*, actor: Actor, at: datetime, draft: uuid.UUID) -> Draft:
    """An officer becomes the author of a draft that an upgrade laid out. Refused for anybody's own draft."""
    found = locked_draft(actor, draft, "take_over")
    check_state(found, "take_over")
    if found.author_id != Actor.system().account_id:
        raise Refused("rulebook.has_an_author", _("这份草稿有人在写。请由起草人办理，或另起一份。"))
    found.author_id, found.author_name = actor.account_id, actor.name
    moved(found, "take_over", actor, at)
    return found


@transaction.atomic
def return_draft(*, actor: Actor, at: datetime, draft: uuid.UUID, reason: str) -> Draft:
    """A second person sends a draft back, with a reason."""
    found = locked_draft(actor, draft, "return")
    check_state(found, "return")
    if not reason.strip():
        raise Malformed("rulebook.reason_missing", _("退回要写明理由：哪里不对、怎么改。请写好后再提交。"))
    moved(found, "return", actor, at, reason=reason)
    return found


@transaction.atomic
def approve_draft(*, actor: Actor, at: datetime, draft: uuid.UUID, seen: str, note: str = "") -> Approval:
    """A second person's yes to the draft of the digest `seen`: it is published, effective from its day.

    Where the impact of a place or a household could not be worked out, the yes needs a reason: no impact known is
    not no impact.
    """
    found = locked_draft(actor, draft, "approve")
    check_state(found, "approve")
    check_seen(found, seen)
    lock_publishing(found.place)
    impact = _fit_to_publish(found, day_of(at))
    check_reason(impact, note)
    require_anchored()
    approval = Approval.objects.create(
        draft=found,
        author_id=found.author_id,
        digest=found.digest,
        impact=impact,
        approved_by=actor.account_id,
        approved_name=actor.name,
        approved_at=at,
        note=note.strip(),
    )
    made = list(_published(found, _first_day(found, day_of(at)), actor, at))
    found.state, found.saved_at = "published", at
    found.save(update_fields=["state", "saved_at"])
    step(found, "approve", actor, at, reason=note)
    record_act(
        actor=actor,
        verb="rulebook.approve_draft",
        subjects=[("draft", found.id), ("area", found.place), *(("rulebook", one.hash) for one in made)],
        at=at,
        reason=note.strip(),
        before=found.base_hash.encode(),
        after=found.digest.encode(),
    )
    return approval


def _simply(actor: Actor, at: datetime, draft: uuid.UUID, move: str) -> Draft:
    found = locked_draft(actor, draft, move)
    check_state(found, move)
    moved(found, move, actor, at)
    return found


def _fit_to_publish(draft: Draft, today: date) -> Impact:
    """Refused or Stale with what is lacking; else the impact of the draft as it stands."""
    base = base_of(draft.place)
    newest = base.edition
    if newest and newest.place == draft.place and files_with(draft) == base.files:
        raise Refused("rulebook.nothing_changed", _("草稿和现行规则一样，没有什么要发布。"))
    if not is_current(draft):
        raise Stale("rulebook.base_changed", _("起草之后又发布了新的版本。请先换到最新版本上，再检查一遍。"))
    if draft.effective_on is None:
        raise Refused("rulebook.no_day", _("还没有写施行日期。请先填写。"))
    on = _first_day(draft, today)
    if on < today and not draft.past_reason:
        raise Refused("rulebook.day_in_the_past", _("施行日期已经过了。请改成今天或以后，或写明为什么要往前算。"))
    if newest and newest.place == draft.place and on < newest.effective_on:
        raise Refused(
            "rulebook.before_the_newest",
            _("已有一个从 %(day)s 起施行的版本。施行日期不能早于它。") % {"day": newest.effective_on.isoformat()},
        )
    if faults_of(files_with(draft), places_concerned(draft.place)):
        raise Refused("rulebook.not_acceptable", _("规则文件有错，没有发布。请按提示改正后重试。"))
    _fits_below(draft, on)
    impact = impact_of(draft)
    if impact is None or impact.recorded_at is None:
        raise Refused("rulebook.impact_unknown", _("还不知道会影响多少家庭。请先测算影响，草稿改过要重新测算。"))
    return impact


def _first_day(draft: Draft, today: date) -> date:
    """The day it holds from: its own; what an upgrade laid out and nobody took, no earlier than its approval."""
    day = draft.effective_on or today
    waits = draft.origin == "upgrade" and draft.author_id == Actor.system().account_id
    return max(day, today) if waits else day


def _fits_below(draft: Draft, on: date) -> None:
    """Refused when the rules of a place below would have a fault on top of the draft: it is named, with the fault."""
    for made in editions_made(draft, on):
        faults = faults_of(made.files, [made.place]) if made.place != draft.place else ()
        if faults:
            first = faults[0]
            raise Refused(
                "rulebook.not_acceptable_below",
                _("%(place)s 自己的规则在这份草稿之上有错：%(file)s 第 %(line)s 行（%(name)s）。请先与该地商定改法。")
                % {"place": name_path(made.place), "file": first.file, "line": first.line, "name": first.code},
            )


def _published(draft: Draft, on: date, actor: Actor, at: datetime) -> Iterator[Published]:
    for made in editions_made(draft, on):
        yield _edition(draft, made, actor, at)


def _edition(draft: Draft, made: EditionMade, actor: Actor, at: datetime) -> Published:
    """The edition as a row of its own, unless it is what holds there from that day already; Refused if it is not then.

    What was in force before may come again: the same files from the same day are then published once more.
    """
    rulebook = rulebook_from(made.files, made.place)
    newest = (
        Published.objects.filter(place=made.place, effective_on=made.effective_on).order_by("-published_at").first()
    )
    if newest is not None and newest.hash == rulebook.hash:
        return newest
    published = Published.objects.create(
        hash=rulebook.hash,
        place=made.place,
        effective_on=made.effective_on,
        published_at=at,
        published_by=actor.account_id,
        bundle=pack(made.files),
        draft=draft,
    )
    hidden = newest is not None and newest.published_at >= at
    if hidden or current_edition(made.place, made.effective_on).hash != rulebook.hash:
        raise Refused(
            "rulebook.not_in_force",
            _("%(place)s 还有更晚发布的版本，批准了也不会施行。请换到最新版本上重做。")
            % {"place": name_path(made.place)},
        )
    return published
