"""Unfinished application forms: saved whole and encrypted, thrown away when handed in or given up."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.cases.actions.intake import enter_application
from doudi.cases.actions.moving import allowed
from doudi.cases.logic.entries import NewApplication
from doudi.cases.logic.stored import draft_context
from doudi.cases.models import Application, Draft
from doudi.core.actor import Actor
from doudi.core.errors import Missing
from doudi.core.vault import vault


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
def submit_draft(*, actor: Actor, at: datetime.datetime, draft: Draft, entry: NewApplication) -> Application:
    """Hand a form in: the application is entered, the draft is gone. A form handed in twice is handed in once."""
    if not Draft.objects.select_for_update().filter(pk=draft.id, account_id=actor.account_id).exists():
        raise Missing("cases.no_such_draft", _("没有这份草稿，可能已经提交。请从申请列表重新开始。"))
    made = enter_application(actor=actor, at=at, entry=entry)
    discard_draft(actor=actor, at=at, draft=draft)
    return made


@transaction.atomic
def discard_draft(*, actor: Actor, at: datetime.datetime, draft: Draft) -> None:
    """Throw a draft away."""
    record_act(actor=actor, verb="cases.discard_draft", subjects=[("draft", draft.id)], at=at)
    draft.delete()
