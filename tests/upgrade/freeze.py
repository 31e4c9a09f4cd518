"""`python -m tests.upgrade.freeze VERSION`: keeps this release's database and the hashes of its migrations.

Run once, when a release is made, and commit the folder. From then on an edited migration fails, and every later version
must bring this database up to date without losing a row or an entry.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from tests.upgrade.releases import DUMP, FIGURES, FOLDER, MIGRATIONS, migration_hashes, write_keys

AT = datetime(2026, 7, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 7, 20)


def main(version: str) -> None:
    """The demo county, loaded, verified and proposed upon, in a house with the kept keys; dumped."""
    target = FOLDER / version
    target.mkdir()
    with tempfile.TemporaryDirectory(prefix="doudi-freeze-") as name:
        home = Path(name) / "house"
        write_keys(home / "keys")
        os.environ |= {"DOUDI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "doudi.site.settings"}
        from doudi.site.django_setup import opened

        with opened() as cluster:
            _fill()
            with cluster.connect("doudi") as connection:
                tables = connection.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
                ).fetchall()
                rows = {str(t): connection.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for (t,) in tables}  # type: ignore[index,arg-type]
                entries = connection.execute("SELECT id::text, canonical FROM audit_entry ORDER BY id").fetchall()
            _dump(cluster, target / DUMP)
    digests = {str(own): hashlib.sha256(bytes(canonical)).hexdigest() for own, canonical in entries}  # type: ignore[arg-type]
    (target / FIGURES).write_text(json.dumps({"rows": rows, "entries": digests}, indent=1) + "\n")
    (target / MIGRATIONS).write_text(json.dumps(migration_hashes(), indent=1) + "\n")
    print(f"{target}: {sum(rows.values())} rows, {len(digests)} entries, {(target / DUMP).stat().st_size >> 10} KiB")


def _fill() -> None:
    from doudi.core.actor import Actor
    from doudi.site.flow.deciding import decide_verified
    from doudi.site.flow.loading import load
    from doudi.site.flow.verifying import verify_accepted

    actor, demo = Actor.system(), Path(__file__).resolve().parents[2] / "demo"
    load(demo, actor=actor, at=AT, today=TODAY, say=print)
    verify_accepted(actor=actor, at=AT, progress=lambda _done, _of: None)
    decide_verified(actor=actor, at=AT, progress=lambda _done, _of: None)


def _dump(cluster: object, target: Path) -> None:
    """By the server's own tool; compressed as far as it goes, for it lies in the repository for good."""
    import subprocess

    from doudi.site.postgres import Cluster
    from doudi.site.server_process import environment, runner

    assert isinstance(cluster, Cluster)
    variables = {"PGHOST": str(cluster.socket_folder()), "PGUSER": "postgres"}
    variables["PGPASSWORD"] = cluster.password("postgres")
    command = [str(runner().programs / "pg_dump"), "--format=custom", "--compress=zstd:19", f"--file={target}", "doudi"]
    subprocess.run(command, env=environment() | variables, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
