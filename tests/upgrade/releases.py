"""What is kept of a release, and how its database is brought up again.

    tests/upgrade/<version>/
      database.dump     pg_dump's custom format: the demo county, synthetic people only
      figures.json      rows of every table, the audit log's entries by digest, which migrations there were
      migrations.json   SHA-256 of every migration: what was released is not edited afterwards

The keys of these databases are made from words that stand here: they keep nobody's secret.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from doudi.site.backup.tools import reaching, run_tool
from doudi.site.postgres import Cluster
from tests.architecture.project import PACKAGE

FOLDER = Path(__file__).parent
SECRETS = ("person_key", "audit_salt", "secret_key", "field-1", "blind-1")
FIGURES, MIGRATIONS, DUMP = "figures.json", "migrations.json", "database.dump"


def releases() -> list[Path]:
    """Folders of kept releases, oldest first."""
    found = [path.parent for path in FOLDER.glob(f"*/{DUMP}")]
    return sorted(found, key=lambda path: [int(part) for part in path.name.split(".")])


def write_keys(folder: Path) -> None:
    """The keys that every kept database was written with."""
    folder.mkdir(parents=True, mode=0o700)
    for name in SECRETS:
        (folder / name).write_text(hashlib.sha256(f"doudi kept release {name}".encode()).hexdigest())
    (folder / "crypto").write_text("intl")


def migration_hashes() -> dict[str, str]:
    """SHA-256 of every migration there is now, by app and name."""
    return {
        f"{path.parts[-3]}/{path.stem}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(PACKAGE.glob("*/migrations/0*.py"))
    }


def read(release: Path, name: str) -> Any:
    """One of the JSON files of a release."""
    return json.loads((release / name).read_text())


def bring_up(cluster: Cluster, release: Path, database: str) -> None:
    """The release's database as it was, into an empty one of this cluster."""
    options = ["--exit-on-error", "--no-password", f"--dbname={database}"]
    run_tool("pg_restore", *options, str(release / DUMP), variables=reaching(cluster))


def released_migrations() -> Iterator[tuple[str, str, str]]:
    """(release, migration, hash) of all that was ever released."""
    for release in releases():
        for name, known in read(release, MIGRATIONS).items():
            yield release.name, name, known
