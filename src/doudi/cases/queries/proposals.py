"""Proposals worked out again from their stored inputs and their archived rulebook, for a reader of a level."""

from __future__ import annotations

import json
import uuid
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from doudi.cases.logic.levels import seen_at
from doudi.cases.logic.stored import inputs_context, proposal_digest
from doudi.cases.models import Assessment
from doudi.core.errors import Malformed, Missing, Unavailable
from doudi.core.vault import vault
from doudi.engine.case import read_case
from doudi.engine.proposal import Proposal
from doudi.engine.run import decide
from doudi.rulebook.queries import by_hash


def proposal_of(assessment_id: uuid.UUID, level: str = "township") -> dict[str, Any]:
    """The proposal with its reasons as JSON, at level township or officer; the same bytes each time.

    Missing if there is none, Unavailable once retention has deleted the inputs or the case could not be worked out,
    Malformed when stored inputs or result are not what their digests say. The caller records the look.
    """
    found = Assessment.objects.filter(pk=assessment_id).first()
    if found is None:
        raise Missing("cases.no_such_assessment", _("没有这条系统建议。请从申请页重新打开。"))
    return seen_at(replayed(found).to_json(), by_hash(found.rulebook_hash), level)


def stored_case(assessment: Assessment) -> dict[str, Any]:
    """The CASE.json a proposal was made from, decrypted. The caller records the look."""
    if assessment.inputs_enc is None:
        raise Unavailable("cases.inputs_deleted", _("当时的计算依据已按保存期限删除，只留有摘要，不能再展开理由。"))
    inputs = vault().decrypt(inputs_context(assessment.id), bytes(assessment.inputs_enc))
    if sha256(inputs).hexdigest() != assessment.inputs_digest:
        raise Malformed("cases.inputs_differ", _("存档的计算依据与摘要不一致，不能使用。请联系系统管理员。"))
    found: dict[str, Any] = json.loads(inputs)
    return found


def replayed(assessment: Assessment, *, explain: bool = True) -> Proposal:
    """The proposal as it was, worked out again with its own rulebook; with its reasons or without."""
    if assessment.problem is not None:
        raise Unavailable("cases.not_worked_out", _("这份申请没有算出结果，原因见申请页。请按提示补正后重新计算。"))
    rulebook = by_hash(assessment.rulebook_hash)
    proposal = decide(rulebook, read_case(stored_case(assessment), rulebook), chain=assessment.chain, explain=explain)
    if proposal_digest(proposal) != assessment.proposal_digest:
        raise Malformed("cases.replay_differs", _("重新计算的结果与存档不一致，不能使用。请联系系统管理员。"))
    return proposal
