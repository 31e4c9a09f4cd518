"""Writing a draft: begun on what is in force, changed value by value, rule by rule, or as text. Only by its author."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Refused
from doudi.engine.errors import PolicyError
from doudi.engine.vocabulary import LEVELS
from doudi.rulebook.access import locked_draft, require, require_place
from doudi.rulebook.actions.moving import check_state, check_unchanged, checked_files, moved, renew_digest, step
from doudi.rulebook.logic.bundle import pack
from doudi.rulebook.logic.overlay import merged_files, own_files, with_own_files
from doudi.rulebook.logic.own_values import file_with
from doudi.rulebook.logic.splicing import Unspliceable, drop_entry, drop_value, put_entry, put_value
from doudi.rulebook.logic.yaml_text import NewValue
from doudi.rulebook.models import Draft
from doudi.rulebook.queries.drafts import base_of
from doudi.rulebook.queries.editions import files_of

PARAMETERS, RULES = ("parameters", "parameters.yaml"), ("rules", "rules.yaml")


@transaction.atomic
def open_draft(
    *,
    actor: Actor,
    at: datetime,
    place: str,
    title: str,
    origin: str = "browser",
    files: Mapping[str, str] | None = None,
) -> Draft:
    """A draft of a place on its newest edition. `files` are the place's files as brought along, else as in force."""
    require(actor, "rulebook.edit")
    require_place(actor, place)
    if not place or len(place) not in LEVELS or not (place.isascii() and place.isdigit()):
        raise Malformed("rulebook.bad_place", _("地区要写区划代码。"))
    if not title.strip():
        raise Malformed("rulebook.no_title", _("请写明这份草稿改什么。"))
    base = base_of(place)
    own = own_files(base.files, place) if files is None else checked_files(files)
    draft = Draft(
        place=place,
        title=title.strip()[:120],
        origin=origin,
        base_hash=base.edition.hash if base.edition else "",
        base=pack(with_own_files(base.files, place, {})),
        files=own,
        author_id=actor.account_id,
        author_name=actor.name,
        opened_at=at,
        saved_at=at,
    )
    renew_digest(draft)
    draft.save(force_insert=True)
    step(draft, "open", actor, at)
    subjects = [("draft", draft.id), ("area", place)]
    record_act(actor=actor, verb="rulebook.open_draft", subjects=subjects, at=at, after=draft.digest.encode())
    return draft


def set_value(
    *, actor: Actor, at: datetime, draft: uuid.UUID, parameter: str, value: NewValue, expected: str = ""
) -> Draft:
    """A parameter's dated value added to the draft, or written anew for its area and first day."""
    return _entry(actor, at, draft, PARAMETERS, parameter, lambda text: put_value(text, parameter, value), expected)


def remove_value(
    *, actor: Actor, at: datetime, draft: uuid.UUID, parameter: str, area: str, from_on: date, expected: str = ""
) -> Draft:
    """A parameter's value of an area and first day taken out of the draft."""
    day = from_on.isoformat()
    change = lambda text: drop_value(text, parameter, area, day)  # noqa: E731
    return _entry(actor, at, draft, PARAMETERS, parameter, change, expected)


def set_rule(
    *, actor: Actor, at: datetime, draft: uuid.UUID, name: str, table: Mapping[str, object], expected: str = ""
) -> Draft:
    """A rule of the place written in the draft in place of the one it had, or of the one above."""
    return _entry(actor, at, draft, RULES, name, lambda text: put_entry(text, "rules", name, table), expected)


def remove_rule(*, actor: Actor, at: datetime, draft: uuid.UUID, name: str, expected: str = "") -> Draft:
    """A rule of the place taken out of the draft: the one above holds again."""
    return _entry(actor, at, draft, RULES, name, lambda text: drop_entry(text, "rules", name), expected)


def write_file(*, actor: Actor, at: datetime, draft: uuid.UUID, name: str, text: str, expected: str = "") -> Draft:
    """A file of the draft as text; without text it is none. What is wrong in it is said by checking, not here."""
    return _edited(actor, at, draft, lambda _files: name, lambda _text: text, expected, name)


@transaction.atomic
def set_day(
    *,
    actor: Actor,
    at: datetime,
    draft: uuid.UUID,
    title: str,
    effective_on: date | None,
    past_reason: str = "",
    expected: str = "",
) -> Draft:
    """What the draft is about and from which day it would hold."""
    found = locked_draft(actor, draft, "edit")
    check_state(found, "edit")
    check_unchanged(found, expected)
    before = found.digest
    found.title = title.strip()[:120] or found.title
    found.effective_on, found.past_reason = effective_on, past_reason.strip()
    renew_digest(found)
    moved(found, "edit", actor, at, before=before)
    return found


@transaction.atomic
def renew_draft(*, actor: Actor, at: datetime, draft: uuid.UUID) -> Draft:
    """The same changes on the newest edition. Refused where both changed the same file of the place."""
    found = locked_draft(actor, draft, "renew")
    check_state(found, "renew")
    if found.origin == "upgrade":
        raise Refused(
            "rulebook.upgraded_again", _("升级的草稿在系统下次启动时按最新版本重新排出来。请作废这一份，等那一份。")
        )
    base, before = base_of(found.place), found.digest
    older = own_files(files_of(found.base_hash), found.place) if found.base_hash else {}
    merged, torn = merged_files(older, own_files(base.files, found.place), found.files)
    if torn:
        raise Refused(
            "rulebook.both_changed",
            _("新版本也改了这些文件：%(files)s。请另起一份草稿，在新版本上重做。") % {"files": ", ".join(torn)},
        )
    found.base, found.files = pack(with_own_files(base.files, found.place, {})), merged
    found.base_hash = base.edition.hash if base.edition else ""
    renew_digest(found)
    moved(found, "renew", actor, at, before=before)
    return found


def _entry(
    actor: Actor,
    at: datetime,
    draft: uuid.UUID,
    usual: tuple[str, str],
    name: str,
    change: Callable[[str], str],
    expected: str,
) -> Draft:
    """An entry changed in the file that has it, else in the usual one."""
    section, file = usual
    return _edited(actor, at, draft, lambda files: file_with(files, section, name, file), change, expected, name)


@transaction.atomic
def _edited(
    actor: Actor,
    at: datetime,
    draft: uuid.UUID,
    file_in: Callable[[Mapping[str, str]], str],
    change: Callable[[str], str],
    expected: str,
    reason: str,
) -> Draft:
    """One file of the draft changed; nothing changed is nothing recorded."""
    found = locked_draft(actor, draft, "edit")
    check_state(found, "edit")
    check_unchanged(found, expected)
    before, old = found.digest, dict(found.files)
    name = file_in(old)
    try:
        text = change(old.get(name, ""))
    except (Unspliceable, PolicyError, KeyError, AttributeError) as error:
        raise Refused(
            "rulebook.edit_as_text", _("这个文件的写法不能逐项修改。请到“规则文件”里直接改文字。"), file=name
        ) from error
    except ValueError as error:
        raise Malformed("rulebook.odd_characters", _("填写的内容里有不能保存的字符。请删去后重试。")) from error
    found.files = checked_files(old | {name: text})
    if found.files == old:
        return found
    renew_digest(found)
    moved(found, "edit", actor, at, reason=reason, before=before)
    return found
