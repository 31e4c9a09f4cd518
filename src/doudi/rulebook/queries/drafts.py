"""Drafts: what they build on, the files they make, the rulebooks before and after, their course and impact."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from doudi.areas.queries import subtree
from doudi.core.errors import Missing
from doudi.engine.rulebook import Rulebook
from doudi.engine.vocabulary import ParameterValue
from doudi.rulebook.logic.bundle import policy_files, unpack
from doudi.rulebook.logic.checking import rulebook_from
from doudi.rulebook.logic.overlay import with_own_files
from doudi.rulebook.models import Approval, Draft, DraftStep, Impact
from doudi.rulebook.queries.editions import Edition, by_hash, editions, files_of

COUNTY = 6
"""Digits of a county's code: where people are decided about."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a new draft of a place is put on. `edition` is empty where nothing was published yet."""

    edition: Edition | None
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class DraftRulebooks:
    """The rulebook in force and the one a draft would make, at the place whose people are concerned.

    `digest` says which text of the draft this was: hand it back to `record_impact`.
    """

    current: Rulebook
    drafted: Rulebook
    place: str
    effective_on: date
    digest: str

    @property
    def all_in_force_on(self) -> date:
        """The day from which all that is changed holds: a draft may set figures that begin after its first day."""
        days = [self.effective_on]
        for name, parameter in self.drafted.parameters.items():
            own = self.current.parameters.get(name)
            known = {_dated(value) for value in own.values} if own is not None else set()
            days += [value.from_on for value in parameter.values if _dated(value) not in known]
        return max(days)


def _dated(value: ParameterValue) -> tuple[object, ...]:
    return value.area, value.key, value.from_on, value.to_on, value.value


def base_of(place: str) -> Base:
    """The newest edition of the place or the nearest area above; else below; else the shipped files."""
    found = editions()
    above = [one for one in found if place.startswith(one.place)]
    below = [one for one in found if one.place.startswith(place)]
    newest = max(above or below, key=lambda one: (len(one.place), one.effective_on, one.published_at), default=None)
    if newest is None:
        return Base(None, policy_files(settings.POLICY))
    return Base(newest, files_of(newest.hash))


def files_with(draft: Draft) -> dict[str, str]:
    """The whole policy with the draft on top."""
    return with_own_files(unpack(bytes(draft.base)), draft.place, draft.files)


def places_concerned(place: str) -> list[str]:
    """The place, and those below it that have editions of their own."""
    return sorted({place, *(one.place for one in editions() if one.place.startswith(place))})


def draft_rulebooks(draft: Draft, place: str, *, today: date | None = None) -> DraftRulebooks:
    """Before and after of a draft that checks, at a place that it concerns; raises PolicyErrors if it does not.

    A draft without a day yet is looked at as of its last change.
    """
    before = base_of(place)
    current = by_hash(before.edition.hash) if before.edition else rulebook_from(before.files, place)
    if current.place != place:
        current = rulebook_from(before.files, place)
    drafted = rulebook_from(with_own_files(_on_top(draft, before), draft.place, draft.files), place)
    day = draft.effective_on or today or draft.saved_at.date()
    return DraftRulebooks(current, drafted, place, day, draft.digest)


def place_of_people(place: str) -> str:
    """The place itself where it has an edition at or above; else the one below that decides for its people."""
    found = editions()
    if any(place.startswith(one.place) for one in found):
        return place
    below = sorted({one.place for one in found if one.place.startswith(place)})
    return below[0] if below else place


def places_reckoned(draft: Draft) -> tuple[str, ...]:
    """Where the impact of a draft is worked out: at the place itself; above counties, at every county below.

    An upgrade is laid out for every place by itself: counties with rules of their own have theirs.
    """
    if len(draft.place) >= COUNTY:
        return (place_of_people(draft.place),)
    held = {one.place for one in editions() if one.place.startswith(draft.place)}
    counties = {one.code for one in subtree(draft.place) if len(one.code) == COUNTY}
    counties |= {place for place in held if len(place) == COUNTY}
    if draft.origin == "upgrade":
        below = held - {draft.place}
        counties = {one for one in counties if not any(one.startswith(place) for place in below)}
    return tuple(sorted(counties)) or (place_of_people(draft.place),)


def waiting_draft(draft_id: str | uuid.UUID) -> Draft:
    """A draft by its id, for whoever works out its impact. Missing if there is none."""
    draft = Draft.objects.filter(pk=draft_id).first()
    if draft is None:
        raise Missing("rulebook.no_such_draft", _("没有这份草稿。请从草稿列表重新打开。"))
    return draft


def _on_top(draft: Draft, before: Base) -> dict[str, str]:
    """An edition below keeps its own files; elsewhere the draft brings its base along."""
    own = before.edition is not None and len(before.edition.place) > len(draft.place)
    return before.files if own else unpack(bytes(draft.base))


def course_of(draft: Draft) -> list[DraftStep]:
    """What was done to a draft, in order."""
    return list(DraftStep.objects.filter(draft=draft).defer("files").order_by("at", "pk"))


def impact_of(draft: Draft) -> Impact | None:
    """The newest impact of the draft as it stands that is known; else the one that is waited for."""
    rows = Impact.objects.filter(draft=draft, digest=draft.digest)
    return rows.filter(recorded_at__isnull=False).order_by("-recorded_at").first() or awaited_impact(draft)


def awaited_impact(draft: Draft) -> Impact | None:
    """The impact asked last for the draft as it stands, if nobody has answered yet."""
    rows = Impact.objects.filter(draft=draft, digest=draft.digest, recorded_at__isnull=True)
    return rows.order_by("-asked_at").first()


def approval_of(draft: Draft) -> Approval | None:
    """The yes it got, if any."""
    return Approval.objects.filter(draft=draft).first()


def is_current(draft: Draft) -> bool:
    """Whether nothing was published since that the draft does not build on."""
    newest = base_of(draft.place).edition
    return (newest.hash if newest else "") == draft.base_hash
