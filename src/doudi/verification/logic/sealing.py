"""The contexts (AAD) that a check's encrypted cells are bound to."""

from __future__ import annotations

import uuid


def inputs_context(check: uuid.UUID) -> str:
    """AAD of a check's inputs."""
    return f"verification_check|inputs|{check}"


def remark_context(check: uuid.UUID) -> str:
    """AAD of a check's remark."""
    return f"verification_check|remark|{check}"
