"""Which keys a database was written with: names and fingerprints, never keys.

A start with keys that do not fit the database is refused before anything is written with them.
"""

from __future__ import annotations

from django.db import connection

from doudi.core.vault import Vault, VaultError

TABLE = """CREATE TABLE IF NOT EXISTS site_key (name text PRIMARY KEY, fingerprint bytea NOT NULL);
REVOKE INSERT, UPDATE, DELETE ON site_key FROM web, work"""


def register_keys(vault: Vault) -> None:
    """Adds new keys to the register (as `migrate`), after checking that the known ones are here and the same."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        check_keys(vault)
        for name, fingerprint in vault.fingerprints().items():
            statement = "INSERT INTO site_key (name, fingerprint) VALUES (%s, %s) ON CONFLICT DO NOTHING"
            cursor.execute(statement, [name, fingerprint])


def check_keys(vault: Vault) -> None:
    """VaultError when the database knows a key that HOME/keys lacks or has otherwise."""
    here = vault.fingerprints()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, fingerprint FROM site_key ORDER BY name")
        wrong = [name for name, known in cursor.fetchall() if here.get(name) != bytes(known)]
    if wrong:
        raise VaultError(
            "vault.key_unknown",
            f"The database was written with other keys than those in HOME/keys ({', '.join(wrong)}). "
            "Put the right keys back; nothing was started.",
        )
