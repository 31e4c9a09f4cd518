"""What was typed into the search box: kept encrypted in the session under a random token, so that no address holds it.

An identity number in an address would stay in histories and logs; a page that answers a POST cannot be gone back to.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode

from django.contrib.sessions.backends.base import SessionBase

from doudi.core.vault import VaultError, vault

KEY, KEPT = "desk.asked", 12


def keep(session: SessionBase, text: str) -> str:
    """The token of a text; the oldest of a dozen is forgotten."""
    token = secrets.token_urlsafe(9)
    asked: dict[str, str] = session.get(KEY, {})
    asked[token] = b64encode(vault().encrypt(f"desk_asked|text|{token}", text.encode())).decode()
    session[KEY] = dict(list(asked.items())[-KEPT:])
    return token


def asked(session: SessionBase, token: str) -> str | None:
    """The text of a token; None when it is not (or no longer) known in this session."""
    sealed = session.get(KEY, {}).get(token)
    if sealed is None:
        return None
    try:
        return vault().decrypt(f"desk_asked|text|{token}", b64decode(sealed)).decode()
    except VaultError:
        return None
