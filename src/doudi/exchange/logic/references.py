"""The receiver's own name for somebody it follows: opaque. It stands in plain text, so that what resembles a number of
a person (identity, mobile telephone, bank account) is none.
"""

from __future__ import annotations

import re

_APART = r"[._-]*"
_LONG = rf"[0-9](?:{_APART}[0-9]){{14}}"
"""Fifteen digits or more: identity numbers old and new, mistyped ones too, cards and accounts of banks."""
_MOBILE = rf"1{_APART}[3-9](?:{_APART}[0-9]){{9}}"
_UUID = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[1-8][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}"
PATTERN = rf"^(?:(?=.*[A-Fa-f]){_UUID}|(?!.*{_LONG})(?!.*{_MOBILE})[A-Za-z0-9._-]{{1,64}})$"
"""As the description of the API says it; a UUID is let through whatever its digits."""
_OPAQUE = re.compile(PATTERN)


def is_opaque(reference: str) -> bool:
    """Whether a name resembles no number of a person; points, hyphens and underscores between digits do not help."""
    return _OPAQUE.fullmatch(reference) is not None
