"""Unfinished application forms: saved whole and encrypted, thrown away when handed in or given up."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

from django.db import transaction

from doudi.audit.actions import record_act
from doudi.cases.actions.moving import allowed
from doudi.cases.models import Draft
from doudi.core.actor import Actor
from doudi.core.vault import vault


def draft_context(draft: uuid.UUID) -> str:
    """AAD of a draft's answers."""
    return f"cases_draft|data|{draft}"


@transaction.atomic
def save_draft(*, actor: Actor, at: datetime.datetime, draft: Draft | None, answers: dict[str, Any]) -> Draft:
    """Keep the answers given so far; a first save begins the draft."""
    allowed(actor, "enter")
    kept = draft or Draft(account_id=actor.account_id, area_code=actor.area, begun_at=at)
    kept.data_enc = vault().encrypt(draft_context(kept.id), json.dumps(answers, ensure_ascii=False).encode())
    kept.saved_at = at
    kept.save()
    record_act(actor=actor, verb="cases.save_draft", subjects=[("draft", kept.id)], at=at)
    return kept


@transaction.atomic
def discard_draft(*, actor: Actor, at: datetime.datetime, draft: Draft) -> None:
    """Throw a draft away."""
    record_act(actor=actor, verb="cases.discard_draft", subjects=[("draft", draft.id)], at=at)
    draft.delete()
