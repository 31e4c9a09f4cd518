"""Corrections that residents ask for at the window: noted beside the record and answered, never written over it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Missing, Refused
from doudi.core.vault import vault
from doudi.keeping.models import Note
from doudi.keeping.queries import records_of

MOST = 1000


@transaction.atomic
def note_correction(*, actor: Actor, at: datetime, person: UUID, area: str, about: str, said: str) -> Note:
    """Write down what a person says is wrong."""
    text = _checked(actor, said)
    key = uuid4()
    made = Note.objects.create(
        id=key, person=person, area_code=area or actor.area, about=about[:120],
        said_enc=vault().encrypt(f"keeping_note|said|{key}", text.encode()),
        noted_by=actor.account_id, noted_name=actor.name, noted_at=at,
    )  # fmt: skip
    subjects = [("person", person), ("note", key)]
    record_act(actor=actor, verb="keeping.note_correction", subjects=subjects, at=at, after=text.encode())
    return made


@transaction.atomic
def answer_note(*, actor: Actor, at: datetime, person: UUID, note: UUID, answer: str) -> Note:
    """Say what became of it; once."""
    text = _checked(actor, answer)
    found = Note.objects.select_for_update().filter(pk=note, person__in=records_of(person)).first()
    if found is None:
        raise Missing("keeping.no_such_note", _("没有这条更正说明。"))
    if found.answered_at is not None:
        raise Refused("keeping.already_answered", _("这条更正说明已经答复。"))
    found.answer_enc = vault().encrypt(f"keeping_note|answer|{found.id}", text.encode())
    found.answered_at, found.answered_by = at, actor.account_id
    found.save(update_fields=["answer_enc", "answered_at", "answered_by"])
    subjects = [("person", found.person), ("note", found.id)]
    record_act(actor=actor, verb="keeping.answer_note", subjects=subjects, at=at, after=text.encode())
    return found


def _checked(actor: Actor, text: str) -> str:
    if not may(actor, "keeping.copy") or actor.role == "system":
        raise Forbidden("keeping.not_allowed_note", _("您现在的身份不能办理本人信息副本和更正。"))
    if not text.strip() or len(text.strip()) > MOST:
        raise Malformed("keeping.text_missing", _("请写明内容，不超过 1000 字。"))
    return text.strip()
