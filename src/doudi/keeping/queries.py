"""What is kept how long, and about whom nothing is erased at present."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doudi.accounts.logic.roles import POLICY
from doudi.areas.queries import names_of
from doudi.audit.models import Entry
from doudi.audit.queries import entries_about_any
from doudi.core.actor import Actor
from doudi.core.row_context import EVERYWHERE, WiderContext, bounds_now, reading_log
from doudi.core.vault import vault
from doudi.keeping.logic.duties import Subject, held_with
from doudi.keeping.logic.rules import Rule, RulesError, rules_in
from doudi.keeping.models import Hold, Note

FILE = "retention.yaml"
AUDITOR, MACHINE, OTHER_SYSTEM = "auditor", "system", "service"
LEFT_OUT_PURPOSES = ("supervise", "inspection", "investigation")
"""Of looks that a person is not told of. An auditor who states no purpose supervises: that is the role."""


def rules() -> tuple[Rule, ...]:
    """The rules of this house. RulesError when the file is missing or cannot be meant so: then nothing is erased."""
    path = Path(settings.POLICY) / FILE
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError:
        raise RulesError(f"There is no {path.name} in the policy folder: nothing is erased without it.") from None


@cache
def _read(path: Path, _written: int) -> tuple[Rule, ...]:
    return rules_in(path.read_text(encoding="utf-8"))


def may_lift(actor: Actor, hold: Hold) -> bool:
    """Whether a hold is the actor's to lift: of their area, and an auditor's by an auditor only."""
    return actor.covers(hold.area_code) and (hold.placed_role != AUDITOR or actor.role == AUDITOR)


def holds_visible_to(actor: Actor) -> list[tuple[Hold, bool]]:
    """The holds of the actor's area, those that stand first, each with whether it is the actor's to lift."""
    rows = Hold.objects.filter(area_code__startswith=actor.people_area).order_by("-lifted_at", "-placed_at")
    return [(row, may_lift(actor, row)) for row in rows]


def lock_holds(*, shared: bool = False) -> None:
    """Placing a hold and erasing wait for each other, until the transaction ends: what is held is held. Several may
    rely on it at once by a `shared` one; taken before any other lock.
    """
    with connection.cursor() as cursor:
        kind = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        cursor.execute(f"SELECT {kind}(hashtext('keeping.holds'))")


def held() -> frozenset[Subject]:
    """Every subject about which nothing is erased: those named, and those held with them. Asked by the machine alone:
    who sees one area would take what another holds for free.
    """
    if bounds_now() != EVERYWHERE:
        raise WiderContext("holds are asked for everywhere, or not at all")
    named = [(kind, str(own)) for kind, own in Hold.objects.filter(lifted_at=None).values_list("kind", "subject")]
    if not named:
        return frozenset()
    first = {*named, *held_with.collect(named)}
    return frozenset({*first, *held_with.collect(sorted(first))})


def records_of(person: UUID) -> set[str]:
    """The ids of a person: this one, and those of records merged with it."""
    subject = ("person", str(person))
    return {str(person), *(own for kind, own in held_with.collect([subject]) if kind == "person")}


def notes_of(person: UUID) -> list[tuple[Note, str, str]]:
    """Corrections a person asked for, with what was said and answered, the newest first."""
    return [
        (
            note,
            _opened(f"keeping_note|said|{note.id}", note.said_enc),
            _opened(f"keeping_note|answer|{note.id}", note.answer_enc),
        )
        for note in Note.objects.filter(person__in=records_of(person)).order_by("-noted_at", "id")
    ]


def _opened(context: str, stored: bytes | memoryview[int] | None) -> str:
    return "" if stored is None else vault().decrypt(context, bytes(stored)).decode()


@dataclass(frozen=True, slots=True)
class Looked:
    """One look at a person or an act about them, as told to that person: no name of who looked."""

    unit: str
    role: str
    purpose: str
    at: datetime
    did: str


def subjects_of(person: UUID) -> list[Subject]:
    """By what the log knows a person: each record of theirs, their families, and the applications of these."""
    own = [("person", one) for one in sorted(records_of(person))]
    families = [(kind, one) for kind, one in held_with.collect([("person", str(person))]) if kind == "household"]
    # a family's further people are other persons: only its applications are followed
    return [*own, *families, *(found for found in held_with.collect(families) if found[0] == "application")]


def who_looked(person: UUID) -> list[Looked]:
    """Every look at a person, their families and applications, and every act about them, the newest first. Left out are
    refusals, what belongs to an inspection or inquiry, and acts of the machine; a look from the command line is told.
    """
    rows = (
        entries_about_any(subjects_of(person))
        .exclude(outcome="refused")
        .exclude(purpose__in=LEFT_OUT_PURPOSES)
        .exclude(role=AUDITOR, purpose="")
        .exclude(Q(role=MACHINE) & ~Q(outcome="seen"))
        .defer("canonical")
    )
    with reading_log("a person is told who looked at them"):
        found = list(rows)
    names = names_of(row.area_code for row in found)
    return [_told(row, names.get(row.area_code, "")) for row in found]


def _told(row: Entry, place: str) -> Looked:
    """An entry as the person is told it. Another department's system is told by its name, which is nobody's."""
    if row.role == OTHER_SYSTEM:
        return Looked(row.actor_name, row.role, _("其他部门依法查询"), row.at, row.outcome)
    if row.role == MACHINE:
        return Looked(_("本系统"), row.role, _("在服务器上用命令查询"), row.at, row.outcome)
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    purpose = POLICY.purposes.get(row.purpose, {}).get(lang, row.purpose)
    return Looked(place, row.role, purpose, row.at, row.outcome)
