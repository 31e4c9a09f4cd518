"""C-03: a new key while the house serves: no read fails, no write is lost, a kill in the middle does no harm."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from doudi.core.key_store import FolderStore
from doudi.core.vault import add_key, create_keys
from doudi.site.key_rotation import under_key
from doudi.site.postgres import Cluster
from tests.architecture.project import ROOT
from tests.bars.conftest import Bar

HEAD_START = 2.5


def _process(part: str, *given: object, home: Path, url: str, feeds: bool = False) -> subprocess.Popen[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("DOUDI_", "DATABASE_URL"))}
    environment = own | {
        "DOUDI_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "doudi.site.settings",
        "DOUDI_LOG_LEVEL": "ERROR", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bars.serving", part, *map(str, given)], env=environment, cwd=ROOT, text=True,
        stdin=subprocess.PIPE if feeds else subprocess.DEVNULL, stdout=subprocess.PIPE,
    )  # fmt: skip


def _left(*names: str) -> int:
    """In the database: sealed files of this process's own home are another house's."""
    return sum(rows for name in names for place, rows in under_key(name).items() if place.startswith("registry_"))


@pytest.mark.bar(
    "C-03", "keys rotated while serving: no failed read, no lost write, resumed after kill -9, ≤ 30 min a million"
)
def test_keys_rotate_while_the_house_serves(
    bar: Bar, own_database: str, cluster: Cluster, tmp_path: Path, home: Path
) -> None:
    count = bar.size(20_000, 1_000_000)
    own_home = tmp_path / "house"
    create_keys(own_home / "keys")
    store = FolderStore(own_home / "keys")
    secret = quote(cluster.password("web"), safe="")
    url = f"postgresql://web:{secret}@/{own_database}?host={quote(str(cluster.socket_folder()), safe='')}"
    filling = _process("fill", count, home=own_home, url=url)
    assert filling.wait(3_600) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_person")
        assert cursor.fetchone()[0] == count
    serving = _process("serve", count, home=own_home, url=url, feeds=True)
    try:
        assert serving.stdout is not None and serving.stdout.readline() == "serving\n"
        made = time.time() + HEAD_START
        assert (add_key(store, "field", HEAD_START), add_key(store, "blind", HEAD_START)) == ("field-2", "blind-2")
        time.sleep(max(0.0, made - time.time()) + 0.5)
        begun = time.monotonic()
        first = _process("rotate", home=own_home, url=url)
        while first.poll() is None and _left("field-1") > count * 0.8:
            time.sleep(0.02 if not bar.full else 1.0)
        first.send_signal(signal.SIGKILL)
        first.wait()
        left = _left("field-1", "blind-1")
        again = _process("rotate", home=own_home, url=url)
        done = json.loads(again.communicate(timeout=3_600)[0])
        seconds = time.monotonic() - begun
        rest = _left("field-1", "blind-1")
        for name in ("field-1", "blind-1"):
            store.retire(name)
        time.sleep(2.0)  # serving goes on without the old keys
    except BaseException:
        serving.kill()
        raise
    seen = json.loads(serving.communicate(input="", timeout=60)[0])
    bar.says(
        f"{count:,} rows in {seconds:.0f} s, killed with {left:,} cells left, {seen['reads']:,} reads "
        f"{seen['failures']} failed (slowest {seen['slowest'] * 1000:.0f} ms), {seen['writes']:,} writes "
        f"{seen['lost']} lost"
    )
    assert 0 < left < 2 * count, "the kill came too early or too late to prove anything"
    assert done["whole"] and rest == 0
    assert seen["failures"] == 0, seen["failed"]
    assert seen["reads"] > 100 and seen["writes"] > 10 and seen["lost"] == 0
    assert seconds < 1_800
