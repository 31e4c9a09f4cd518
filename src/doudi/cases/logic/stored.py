"""How a proposal is stored and digested: plain data with one canonical form."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from doudi.engine.case import canonical
from doudi.engine.errors import EngineError
from doudi.engine.missing import Missing
from doudi.engine.proposal import Proposal, plain

CHAIN = "basic_living"


def inputs_context(assessment: uuid.UUID) -> str:
    """AAD of an assessment's inputs."""
    return f"cases_assessment|inputs|{assessment}"


def draft_context(draft: uuid.UUID) -> str:
    """AAD of a draft's answers."""
    return f"cases_draft|data|{draft}"


def proposal_bytes(proposal: Proposal) -> bytes:
    """Canonical JSON of a proposal."""
    return canonical(proposal.to_json())


def proposal_digest(proposal: Proposal) -> str:
    """Digest of a proposal without its reasons (those are worked out again on demand)."""
    return sha256(proposal_bytes(replace(proposal, steps=()))).hexdigest()


def missing_data(missing: Iterable[Missing]) -> list[dict[str, Any]]:
    """Missing facts as JSON data."""
    return [dict(plain(item)) for item in missing]


def problem_data(error: EngineError) -> dict[str, Any]:
    """Why a case could not be worked out: code and sentence; identities are left out of the sentence's context."""
    return {"code": error.code, "zh": error.message("zh"), "en": error.message("en")}
