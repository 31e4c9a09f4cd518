"""Reads of rulebook: published editions and their files, drafts and what they would be."""

from __future__ import annotations

from doudi.rulebook.queries.drafts import (
    DraftRulebooks,
    approval_of,
    base_of,
    course_of,
    draft_rulebooks,
    files_with,
    impact_of,
    is_current,
    places_concerned,
    places_reckoned,
    waiting_draft,
)
from doudi.rulebook.queries.editions import (
    Edition,
    by_hash,
    current,
    current_edition,
    editions,
    editions_from,
    files_of,
    hash_of,
    output_tables,
    policy_of,
)

__all__ = [
    "DraftRulebooks",
    "Edition",
    "approval_of",
    "base_of",
    "by_hash",
    "course_of",
    "current",
    "current_edition",
    "draft_rulebooks",
    "editions",
    "editions_from",
    "files_of",
    "files_with",
    "hash_of",
    "impact_of",
    "is_current",
    "output_tables",
    "places_concerned",
    "places_reckoned",
    "policy_of",
    "waiting_draft",
]
