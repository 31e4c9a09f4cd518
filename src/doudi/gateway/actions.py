"""Answering an enquiry."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Refused
from doudi.gateway.models import Enquiry
from doudi.gateway.sealed import sealed_answer

LONGEST = 2_000


@transaction.atomic
def answer_enquiry(*, actor: Actor, at: datetime, enquiry: Enquiry, text: str) -> None:
    """One answer, once: what a resident has read is not changed behind their back."""
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise Malformed("gateway.answer_length", _("答复要写 1 到 2000 个字。"))
    held = Enquiry.objects.select_for_update().get(id=enquiry.id)
    if held.answered_at is not None:
        raise Refused("gateway.answered", _("这封来信已经答复过了。"))
    held.answer_enc, held.answered_at, held.answered_by = sealed_answer(held, words), at, actor.account_id
    held.save(update_fields=["answer_enc", "answered_at", "answered_by"])
    record_act(actor=actor, verb="gateway.answer", subjects=[("enquiry", held.id)], at=at, after=words.encode())
