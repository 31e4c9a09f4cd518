"""How every act on a draft begins and ends: in which state, the new state, its course row, its audit entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Refused, Stale
from doudi.rulebook.lifecycle import MOVES, may_follow
from doudi.rulebook.logic.impact_known import not_worked_out
from doudi.rulebook.logic.overlay import FILE_NAME, MOST_FILES, digest_of
from doudi.rulebook.models import STATE_LABELS, Draft, DraftStep, Impact

MOST_BYTES = 256 * 1024
TEXT_MOVES = ("open", "edit", "renew", "take_over")


def check_state(draft: Draft, move: str) -> None:
    """Refused when the move may not be made now."""
    if not may_follow(draft.state, move):
        raise Refused(
            "rulebook.wrong_state",
            _("这份草稿现在是“%(state)s”，不能办这一步。请刷新页面看最新进展。") % {"state": STATE_LABELS[draft.state]},
            state=draft.state,
        )


def check_unchanged(draft: Draft, expected: str) -> None:
    """Stale when the draft is no longer what the actor saw; an empty expectation is none."""
    if expected and expected != draft.digest:
        raise Stale("rulebook.draft_changed", _("草稿在您打开之后又改过。请重新打开，看过再办。"))


def check_seen(draft: Draft, seen: str) -> None:
    """Malformed when the digest of what was seen is not said; Stale when the draft is another by now."""
    if not seen.strip():
        raise Malformed("rulebook.not_seen", _("没有写明看到的是哪一稿。请重新打开草稿，看过再办。"))
    check_unchanged(draft, seen.strip())


def checked_files(files: Mapping[str, str]) -> dict[str, str]:
    """The files a draft may hold; Malformed for odd names, too many, too large."""
    kept = {name: text.replace("\r\n", "\n") for name, text in files.items() if text.strip()}
    if len(kept) > MOST_FILES or not all(FILE_NAME.fullmatch(name) for name in kept):
        raise Malformed("rulebook.bad_file_name", _("文件名要像 parameters.yaml，一个地区最多 20 个文件。"))
    if any(len(text.encode("utf-8", "replace")) > MOST_BYTES or "\0" in text for text in kept.values()):
        raise Malformed("rulebook.file_too_large", _("文件太大，或含有不能保存的字符。每个文件最多 256 KB。"))
    return kept


def renew_digest(draft: Draft) -> None:
    """The digest of the draft as it now is (unsaved)."""
    words = (draft.title, draft.past_reason)
    draft.digest = digest_of(bytes(draft.base), draft.place, draft.files, draft.effective_on, *words)


def moved(draft: Draft, move: str, actor: Actor, at: datetime, *, reason: str = "", before: str = "") -> None:
    """Saves the draft in the state the move ends in, with its course row and audit entry."""
    draft.state, draft.saved_at = MOVES[move].ends, at
    draft.save(update_fields=["state", "saved_at", *_changed(move)])
    step(draft, move, actor, at, reason=reason)
    record_act(
        actor=actor,
        verb=f"rulebook.{move}_draft",
        subjects=[("draft", draft.id), ("area", draft.place)],
        at=at,
        reason=reason,
        before=before.encode() or None,
        after=draft.digest.encode(),
    )


def step(draft: Draft, move: str, actor: Actor, at: datetime, *, reason: str = "") -> None:
    """The row of the course."""
    DraftStep.objects.create(
        draft=draft,
        move=move,
        ended_in=draft.state,
        at=at,
        account_id=actor.account_id,
        account_name=actor.name,
        role=actor.role,
        reason=reason.strip(),
        files=draft.files if move in TEXT_MOVES else None,
        digest=draft.digest,
    )


def _changed(move: str) -> tuple[str, ...]:
    if move == "edit":
        return ("files", "digest", "title", "effective_on", "past_reason")
    if move == "renew":
        return ("base", "base_hash", "files", "digest")
    return ("author_id", "author_name") if move == "take_over" else ()


def check_reason(impact: Impact, note: str) -> None:
    """Malformed with what is not known of the impact where the note says nothing."""
    lacking = not_worked_out(impact.result or {})
    if lacking is None or note.strip():
        return
    if lacking.whole:
        raise Malformed(
            "rulebook.impact_failed", _("没有算出会影响多少家庭。没有算出不是没有影响：要批准，请写明为什么。")
        )
    counties = _("有 %(number)s 个县没有算出影响。没有算出不是没有影响：要批准，请写明为什么。")
    households = _("有 %(number)s 户没有算出影响。没有算出不是没有影响：要批准，请写明为什么。")
    said, number = (counties, lacking.places) if lacking.places else (households, lacking.households)
    raise Malformed("rulebook.impact_failed", said % {"number": number})
