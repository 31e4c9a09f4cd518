"""Published versions with who wrote and approved them, which is in force, and what came before each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Missing
from doudi.rulebook.logic.bundle import unpack
from doudi.rulebook.logic.plain_changes import Changes, changes_between
from doudi.rulebook.logic.text_lines import FileChange, file_changes
from doudi.rulebook.models import Approval, Published
from doudi.rulebook.queries.editions import by_hash, current_edition, files_of


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version in the list."""

    published: Published
    approval: Approval | None
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version: what it changed, how it differs from what is in force."""

    line: VersionLine
    before: Published | None
    changes: Changes | None
    to_in_force: Changes | None
    in_force: str
    file_changes: tuple[FileChange, ...]
    file_count: int


def versions_of(place: str, on: date) -> list[VersionLine]:
    """Versions of the place, of areas above and below, newest first."""
    above = [place[:length] for length in range(1, len(place) + 1)]
    rows = Published.objects.filter(place__in=above) | Published.objects.filter(place__startswith=place)
    ordered = rows.defer("bundle").select_related("draft").order_by("-effective_on", "-published_at")
    return [_line(row, on) for row in ordered.defer("bundle", "draft__base", "draft__files")]


def version_page(version: str, on: date, lang: str, area_name: Callable[[str], str]) -> VersionPage:
    """A version by its hash. Missing if never published."""
    row = published(version)
    earlier = Published.objects.filter(place=row.place, published_at__lt=row.published_at).order_by("-published_at")
    before = earlier.exclude(hash=row.hash).first()
    line = _line(row, on)
    in_force = _in_force(row.place, on)
    files = unpack(bytes(row.bundle))
    shown = ("", row.hash, before.hash if before else "")
    return VersionPage(
        line=line,
        before=before,
        changes=_changes(before.hash, row.hash, lang, area_name) if before else None,
        to_in_force=_changes(in_force, row.hash, lang, area_name) if in_force not in shown else None,
        in_force=in_force,
        file_changes=file_changes(files_of(before.hash), files) if before else (),
        file_count=len(files),
    )


def published(version: str) -> Published:
    """A version by its hash. Missing if never published."""
    row = Published.objects.filter(hash=version).select_related("draft").order_by("published_at").first()
    if row is None:
        raise Missing("rulebook.unknown_hash", _("没有这个版本的规则。"), hash=version[:64])
    return row


def _changes(before: str, after: str, lang: str, area_name: Callable[[str], str]) -> Changes:
    return changes_between(by_hash(before), by_hash(after), lang, area_name)


def _line(row: Published, on: date) -> VersionLine:
    approval = Approval.objects.filter(draft_id=row.draft_id).first() if row.draft_id else None
    return VersionLine(row, approval, _in_force(row.place, on) == row.hash)


def _in_force(place: str, on: date) -> str:
    try:
        return current_edition(place, on).hash
    except Missing:
        return ""
