"""The key that signs answers, as the register of keys knows it: since when it is the known one."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from doudi.exchange.adapters.signing import NAME


def known_signing_key() -> tuple[bytes, datetime] | None:
    """Its fingerprint and since when; None where none is known, or there is no register yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('site_key') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return None
        cursor.execute("SELECT fingerprint, added_at FROM site_key WHERE name = %s", [NAME])
        found = cursor.fetchone()
    return None if found is None else (bytes(found[0]), found[1])
