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
from doudi.cases.logic.wizard import Answers, from_data
from doudi.cases.models import Application, Draft
from doudi.cases.queries.drafts import answers_of, names_somebody_held
from doudi.core.actor import Actor
from doudi.core.errors import Missing, Refused
from doudi.core.vault import vault
from doudi.keeping.queries import lock_holds


@transaction.atomic
def save_draft(*, actor: Actor, at: datetime.datetime, draft: Draft | None, answers: dict[str, Any]) -> Draft:
    """Keep the answers given so far; a first save begins the draft. Somebody under a hold stays named in it."""
    allowed(actor, "enter")
    if draft is not None:
        _refuse_if_held(_locked(actor, draft), from_data(answers))
    kept = draft or Draft(account_id=actor.account_id, area_code=actor.area, begun_at=at)
    kept.data_enc = vault().encrypt(draft_context(kept.id), json.dumps(answers, ensure_ascii=False).encode())
    kept.saved_at = at
    kept.save()
    record_act(actor=actor, verb="cases.save_draft", subjects=[("draft", kept.id)], at=at)
    return kept


@transaction.atomic
def submit_draft(*, actor: Actor, at: datetime.datetime, draft: Draft, entry: NewApplication) -> Application:
    """Hand a form in: the application is entered, the draft is gone. A form handed in twice is handed in once."""
    found = _locked(actor, draft)
    made = enter_application(actor=actor, at=at, entry=entry)
    _throw_away(actor, at, found)
    return made


@transaction.atomic
def discard_draft(*, actor: Actor, at: datetime.datetime, draft: Draft) -> None:
    """Throw a draft away; Refused while it names somebody under a hold."""
    found = _locked(actor, draft)
    _refuse_if_held(found, None)
    _throw_away(actor, at, found)


def _locked(actor: Actor, draft: Draft) -> Draft:
    """The draft as it is now, so that nobody else changes it; the holds first, so that none is placed meanwhile."""
    lock_holds(shared=True)
    found = Draft.objects.select_for_update().filter(pk=draft.id, account_id=actor.account_id).first()
    if found is None:
        raise Missing("cases.no_such_draft", _("没有这份草稿，可能已经提交。请从申请列表重新开始。"))
    return found


def _refuse_if_held(draft: Draft, after: Answers | None) -> None:
    if names_somebody_held(answers_of(draft), after):
        raise Refused(
            "cases.draft_held",
            _(
                "草稿里有人正在暂停删除（如复议、审计），草稿不能删，也不能把人去掉。请照常提交；填错了人的，另开一份申请表。"
            ),
        )


def _throw_away(actor: Actor, at: datetime.datetime, draft: Draft) -> None:
    record_act(actor=actor, verb="cases.discard_draft", subjects=[("draft", draft.id)], at=at)
    draft.delete()
