"""What the page of a draft shows, put together: what it changes, what is wrong, what it would do, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.engine.errors import EngineError
from doudi.engine.quantities import Rulebook
from doudi.rulebook.lifecycle import MOVES, may_follow
from doudi.rulebook.logic.bundle import unpack
from doudi.rulebook.logic.checking import Fault, faults_of, rulebook_from
from doudi.rulebook.logic.impact_page import ImpactShown, impact_shown
from doudi.rulebook.logic.own_values import OwnValue, own_values
from doudi.rulebook.logic.plain_changes import Changes, changes_between
from doudi.rulebook.logic.text_lines import FileChange, file_changes
from doudi.rulebook.models import Approval, Draft, DraftStep, Impact
from doudi.rulebook.queries.drafts import (
    COUNTY,
    approval_of,
    course_of,
    files_with,
    impact_of,
    is_current,
    places_concerned,
    places_reckoned,
)
from doudi.rulebook.queries.editions import files_of

Names = Callable[[Sequence[str]], Mapping[str, str]]
"""Area codes → their names, told apart."""


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft as its page shows it. `moves` are those the actor may make now."""

    draft: Draft
    faults: tuple[Fault, ...]
    changes: Changes | None
    file_changes: tuple[FileChange, ...]
    values: tuple[OwnValue, ...]
    impact: Impact | None
    shown: ImpactShown | None
    approval: Approval | None
    course: list[DraftStep]
    is_current: bool
    moves: tuple[str, ...]
    not_reckoned: tuple[str, ...]
    """Townships and villages with rules of their own that it would be published for too, without an impact."""

    @property
    def is_author(self) -> bool:
        """Whether the reader may still write it."""
        return "edit" in self.moves


def draft_page(draft: Draft, actor: Actor, lang: str, area_name: Callable[[str], str], names: Names) -> DraftPage:
    """The page of a draft for an actor."""
    files = files_with(draft)
    ended = draft.state in ("published", "discarded")
    faults = () if ended else faults_of(files, places_concerned(draft.place))
    impact = impact_of(draft)
    return DraftPage(
        draft=draft,
        faults=faults,
        changes=None if faults else _changes(draft, files, lang, area_name),
        file_changes=file_changes(_before(draft), draft.files),
        values=tuple(own_values(draft.files)),
        impact=impact,
        shown=impact_shown(impact.result, lang, names) if impact and impact.result is not None else None,
        approval=approval_of(draft),
        course=course_of(draft),
        is_current=ended or is_current(draft),
        moves=moves_for(draft, actor),
        not_reckoned=() if draft.origin == "upgrade" else _not_reckoned(draft),
    )


def _not_reckoned(draft: Draft) -> tuple[str, ...]:
    reckoned = places_reckoned(draft)
    return tuple(one for one in places_concerned(draft.place) if one not in reckoned and len(one) >= COUNTY)


def moves_for(draft: Draft, actor: Actor) -> tuple[str, ...]:
    """The moves an actor may make on a draft now."""
    found = []
    for name, move in MOVES.items():
        own = draft.author_id == actor.account_id
        if not may_follow(draft.state, name) or not may(actor, move.permission) or not actor.covers(draft.place):
            continue
        if (move.by_author and not own) or (move.by_another and own):
            continue
        if name == "supersede" or (name == "take_over" and draft.author_id != Actor.system().account_id):
            continue
        found.append(name)
    return tuple(found)


def definitions_for(draft: Draft) -> Rulebook | None:
    """The rulebook whose names and kinds a draft's forms offer: its own if it checks, else the one it builds on."""
    try:
        return rulebook_from(files_with(draft), draft.place)
    except EngineError:
        pass
    try:
        return rulebook_from(_base_files(draft), draft.place)
    except EngineError:
        return None


def _base_files(draft: Draft) -> dict[str, str]:
    """The policy files before the draft."""
    return files_of(draft.base_hash) if draft.base_hash else unpack(bytes(draft.base))


def _before(draft: Draft) -> dict[str, str]:
    folder = f"places/{draft.place}/"
    return {name.removeprefix(folder): text for name, text in _base_files(draft).items() if name.startswith(folder)}


def _changes(draft: Draft, files: dict[str, str], lang: str, area_name: Callable[[str], str]) -> Changes | None:
    try:
        before = rulebook_from(_base_files(draft), draft.place)
        return changes_between(before, rulebook_from(files, draft.place), lang, area_name)
    except EngineError:
        return None
