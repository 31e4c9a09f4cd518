"""Names of scopes and digests of secrets: 256 random bits need no slow hash."""

from __future__ import annotations

import hashlib
import re

NAME = re.compile(r"[a-z][a-z0-9_]*(?:[.:][a-z0-9_]+)*")
MARK = {"secret": "dds_", "token": "ddt_"}
"""What secrets and tokens begin with, so that a scanner finds a lost one."""


def is_scope(name: str) -> bool:
    """products.dibao_today, say."""
    return len(name) <= 80 and NAME.fullmatch(name) is not None


def digest(secret: str) -> bytes:
    """What is kept of a secret or token."""
    return hashlib.sha256(secret.encode()).digest()
