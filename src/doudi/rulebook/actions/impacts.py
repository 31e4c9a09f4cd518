"""What a draft would change: asked here, reckoned above, written down once."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core import events
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.rulebook.access import draft_for, require
from doudi.rulebook.events import ImpactAsked
from doudi.rulebook.lifecycle import OPEN
from doudi.rulebook.logic.checking import faults_of
from doudi.rulebook.models import Draft, Impact
from doudi.rulebook.queries.drafts import awaited_impact, files_with, places_concerned


@transaction.atomic
def ask_impact(*, actor: Actor, at: datetime, draft: uuid.UUID) -> Impact:
    """Ask for the impact of a draft as it stands; asked again it is reckoned again. Refused while it has faults."""
    require(actor, "rulebook.drafts")
    found = draft_for(actor, draft)
    if found.state not in OPEN:
        raise Refused("rulebook.ended", _("这份草稿已经结束，不用再测算。"))
    if found.effective_on is None:
        raise Refused("rulebook.no_day", _("还没有写施行日期。请先填写。"))
    if faults_of(files_with(found), places_concerned(found.place)):
        raise Refused("rulebook.faults_first", _("草稿还有错，不能测算。请先按提示改正。"))
    impact = Impact.objects.create(draft=found, digest=found.digest, asked_by=actor.account_id, asked_at=at)
    record_act(actor=actor, verb="rulebook.ask_impact", subjects=[("draft", found.id), ("area", found.place)], at=at)
    events.publish(ImpactAsked(str(found.id), actor.account_id), at=at)
    return impact


@transaction.atomic
def record_impact(
    *, actor: Actor, draft_id: str, impact: dict[str, Any], at: datetime, digest: str = ""
) -> Impact | None:
    """The answer to what was asked, once; `digest` says of which text it is (the draft's own when empty).

    None when nobody waits for it any more: the draft has changed since, or the answer is there already.
    """
    draft = Draft.objects.select_for_update().defer("base").get(pk=draft_id)
    waiting = awaited_impact(draft)
    if waiting is None or (digest and digest != draft.digest):
        return None
    waiting.result, waiting.recorded_at = impact, at
    waiting.save(update_fields=["result", "recorded_at"])
    record_act(actor=actor, verb="rulebook.record_impact", subjects=[("draft", draft.id), ("area", draft.place)], at=at)
    return waiting
