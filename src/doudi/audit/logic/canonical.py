"""The bytes of an entry that its leaf hashes: every column but the salts, and what it is about.

Canonical JSON: sorted keys, no spaces, UTF-8, instants in UTC to the microsecond.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

FORMAT = 1
"""Of what is written now. 0 had neither format nor name nor mark; it is read, never written."""


Digest = bytes | memoryview | None


class EntryLike(Protocol):
    """The columns of an entry, as the model has them and as a check reads them."""

    @property
    def id(self) -> UUID: ...
    @property
    def at(self) -> datetime: ...
    @property
    def account_id(self) -> str: ...
    @property
    def actor_name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def area_code(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def verb(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def count(self) -> int | None: ...
    @property
    def before_digest(self) -> Digest: ...
    @property
    def after_digest(self) -> Digest: ...
    @property
    def content_digest(self) -> str: ...
    @property
    def mark(self) -> str: ...


def canonical_bytes(entry: EntryLike, subjects: Iterable[tuple[str, str]], form: int = FORMAT) -> bytes:
    """What is hashed of an entry about some subjects (kind, opaque id)."""
    content: dict[str, object] = {
        "format": FORMAT,
        "id": str(entry.id),
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "account": entry.account_id,
        "name": entry.actor_name,
        "role": entry.role,
        "area": entry.area_code,
        "purpose": entry.purpose,
        "verb": entry.verb,
        "outcome": entry.outcome,
        "reason": entry.reason,
        "count": entry.count,
        "before": _hex(entry.before_digest),
        "after": _hex(entry.after_digest),
        "content": entry.content_digest,
        "mark": entry.mark,
        "subjects": sorted([kind, subject] for kind, subject in subjects),
    }
    if form == 0:
        for later in ("format", "name", "mark"):
            del content[later]
        content["at"] = entry.at.astimezone(UTC).isoformat()
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _hex(digest: Digest) -> str | None:
    return bytes(digest).hex() if digest is not None else None


def format_of(canonical: bytes) -> int:
    """In which format stored bytes are. The bytes are hashed: what they say of themselves cannot be changed unseen."""
    try:
        read = json.loads(canonical)
    except ValueError:
        return FORMAT
    return int(read["format"]) if isinstance(read, dict) and isinstance(read.get("format"), int) else 0
