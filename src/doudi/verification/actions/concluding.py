"""The verification officer's conclusion: signed once, over exactly what was answered."""

from __future__ import annotations

import datetime
import json
import uuid
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Refused
from doudi.core.vault import vault
from doudi.sources.queries import feeds
from doudi.verification.access import check_for
from doudi.verification.lifecycle import transition
from doudi.verification.logic.disclosure import bank_figures, gives_away
from doudi.verification.logic.sealing import remark_context
from doudi.verification.models import Answer, Check
from doudi.verification.queries.checks import inputs_of, newer_than

MOST_CHARACTERS = 1000


@transaction.atomic
def conclude_check(*, actor: Actor, at: datetime.datetime, check: uuid.UUID, remark: str) -> Check:
    """Sign the result of a check. Refused if it was concluded, or if a newer check of the unit exists."""
    found = check_for(actor, check)
    found = Check.objects.select_for_update().get(pk=found.pk)
    step = transition("conclude", found.state)
    if step is None:
        raise Refused("verification.cannot_conclude", _("这次核对已有结论，或者还没有反馈，不能再出结论。"))
    if not may(actor, step.permission) or actor.role == "system":
        raise Forbidden("verification.not_the_officer", _("只有核对员可以出核对结论。"))
    if newer_than(found) is not None:
        raise Refused("verification.newer_check", _("这一家庭有更新的核对。请打开最新的一次再出结论。"))
    text = remark.strip()
    if not text or len(text) > MOST_CHARACTERS:
        raise Refused("verification.remark_missing", _("请写明核对结论，不超过 1000 字。"))
    if gives_away(text, _bank_figures(found)):
        raise Refused(
            "verification.remark_has_bank_figure",
            _("结论里有存款或理财的金额。乡镇看得到结论，请只写“超过”“没有超过”或“还不清楚”。"),
        )
    found.state = step.after
    found.concluded_by, found.concluded_by_name, found.concluded_at = actor.account_id, actor.name, at
    found.remark_enc = vault().encrypt(remark_context(found.id), text.encode())
    found.conclusion_digest = conclusion_digest(found, text)
    found.save()
    record_act(
        actor=actor, verb="verification.conclude_check", at=at, after=text.encode(), digest=found.conclusion_digest,
        subjects=[("check", found.id), ("household", found.household_id)],
    )  # fmt: skip
    return found


def _bank_figures(check: Check) -> set[Decimal]:
    """What the banks answered in a check; nothing once retention has deleted the inputs."""
    inputs = inputs_of(check)
    columns = {
        feed.record: [column.name for column in feed.columns if column.sensitivity == "bank"]
        for feed in feeds().values()
    }
    return bank_figures(inputs, columns) if inputs is not None else set()


def conclusion_digest(check: Check, remark: str) -> str:
    """hex SHA-256 over what is signed: inputs, answers, rulebook, officer, instant, remark."""
    answers = Answer.objects.filter(check_made=check).order_by("seq", "feed")
    signed = {
        "check": str(check.id),
        "inputs": check.inputs_digest,
        "rulebook": check.rulebook_hash,
        "answers": [[str(row.person_id), row.feed, row.state, row.reason, row.rows] for row in answers],
        "officer": check.concluded_by,
        "at": check.concluded_at.isoformat() if check.concluded_at else "",
        "remark": remark,
    }
    return sha256(json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
