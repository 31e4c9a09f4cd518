"""Reading published rulebooks: which one is in force where and when, and any one by its hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Malformed, Missing
from doudi.engine.outputs import OutputTable
from doudi.engine.outputs_reader import tables_for
from doudi.engine.policy import Policy, load
from doudi.engine.rulebook import Rulebook, resolve
from doudi.rulebook.logic.bundle import unpack, write_files
from doudi.rulebook.models import Published

KEPT_OPEN = 64
POLICIES_KEPT = 8


@dataclass(frozen=True, slots=True)
class Edition:
    """One published rulebook without its files."""

    hash: str
    place: str
    effective_on: date
    published_at: datetime


def current(place: str, on: date) -> Rulebook:
    """The rulebook in force at `place` on that day: of the nearest area that published one. Missing if none."""
    return by_hash(current_edition(place, on).hash)


def current_edition(place: str, on: date) -> Edition:
    """Which edition is in force at `place` on that day. Of two from the same day the later published wins."""
    above = [place[:length] for length in range(1, len(place) + 1)]
    found = list(Published.objects.filter(place__in=above, effective_on__lte=on).values_list(*FIELDS))
    if not found:
        raise Missing(
            "rulebook.none_in_force",
            _("这个地区在这一天没有已发布的规则。请先发布规则。"),
            place=place,
            on=on.isoformat(),
        )
    return max((Edition(*row) for row in found), key=lambda one: (len(one.place), one.effective_on, one.published_at))


def editions_from(place: str, on: date) -> list[tuple[date, str]]:
    """The hashes in force at `place` on the day and from each later day that is published, each with its first day."""
    above = [place[:length] for length in range(1, len(place) + 1)]
    later = Published.objects.filter(place__in=above, effective_on__gt=on)
    found: list[tuple[date, str]] = []
    for day in (on, *sorted(set(later.values_list("effective_on", flat=True)))):
        hash = current_edition(place, day).hash
        if not found or found[-1][1] != hash:
            found.append((day, hash))
    return found


def editions(place: str | None = None) -> list[Edition]:
    """Published editions, newest first."""
    rows = Published.objects.order_by("-effective_on", "-published_at")
    if place is not None:
        rows = rows.filter(place=place)
    return [Edition(*row) for row in rows.values_list(*FIELDS)]


FIELDS = ("hash", "place", "effective_on", "published_at")


@lru_cache(maxsize=KEPT_OPEN)
def by_hash(hash: str) -> Rulebook:
    """The rulebook of that hash, checked again from its archive. Missing if never published."""
    published = Published.objects.filter(hash=hash).order_by("published_at").first()
    if published is None:
        raise Missing("rulebook.unknown_hash", _("没有这个版本的规则。"), hash=hash)
    with TemporaryDirectory(prefix="doudi-rulebook-") as folder:
        write_files(unpack(bytes(published.bundle)), Path(folder))
        rulebook = resolve(load(Path(folder)), published.place)
    if rulebook.hash != hash:
        raise Malformed(
            "rulebook.archive_differs", _("存档的规则与它的版本号不一致，不能使用。请联系系统管理员。"), hash=hash
        )
    return rulebook


@lru_cache(maxsize=POLICIES_KEPT)
def policy_of(hash: str) -> Policy:
    """The policy a published rulebook was resolved from: what a reform is laid over. Missing if never published."""
    with TemporaryDirectory(prefix="doudi-rulebook-") as folder:
        write_files(files_of(hash), Path(folder))
        return load(Path(folder))


@lru_cache(maxsize=KEPT_OPEN)
def output_tables(hash: str) -> dict[str, OutputTable]:
    """How results of that rulebook's place are written as tables; {} if no place on its way says so."""
    rulebook = by_hash(hash)
    with TemporaryDirectory(prefix="doudi-rulebook-") as folder:
        write_files(files_of(hash), Path(folder))
        return tables_for(Path(folder), rulebook.place, names={*rulebook.facts, *rulebook.quantities})


def hash_of(prefix: str) -> str:
    """The one published hash that begins so. Missing if none does, Malformed with the hashes if several do."""
    found = sorted(set(Published.objects.filter(hash__startswith=prefix).values_list("hash", flat=True)[:1000]))
    if not found:
        raise Missing("rulebook.unknown_hash", _("没有这个版本的规则。"), hash=prefix)
    if len(found) > 1:
        raise Malformed(
            "rulebook.short_hash",
            _("有几个版本都以 %(hash)s 开头：%(found)s。请多写几位。")
            % {"hash": prefix, "found": ", ".join(one[:16] for one in found[:5])},
        )
    return found[0]


def files_of(hash: str) -> dict[str, str]:
    """The policy files of a published rulebook: name → text."""
    published = Published.objects.filter(hash=hash).order_by("published_at").first()
    if published is None:
        raise Missing("rulebook.unknown_hash", _("没有这个版本的规则。"), hash=hash)
    return unpack(bytes(published.bundle))
