"""C-01, C-02: none of a thousand known numbers lies anywhere in clear text; no ciphertext can be moved."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from doudi.core.sealed import SealedColumn, sealed_columns
from doudi.core.vault import ID_BYTES, Vault, VaultError, vault
from doudi.registry.models import Person
from doudi.site.postgres import Cluster
from doudi.site.server_process import environment, runner
from tests.bars.conftest import Bar
from tests.bars.seeding import Seeded, seed
from tests.cases.signing_in import signed_in

RUN = re.compile(rb"[0-9]{15,}[Xx]?")
NOT_PLAIN = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ")
"""Beginnings of files whose content a search for bytes would not see."""
KEPT_APART = ("keys", "fonts", "static")
"""Folders of a house in which nothing of people can be: keys, typefaces, files of the pages."""


@dataclass
class Found:
    """Where a known number was found."""

    where: str
    number: str


@pytest.fixture
def seeded(own_database: str, home: Path, tmp_path: Path) -> Iterator[Seeded]:
    """A house through whose real paths the numbers went; the settings' house is this run's."""
    for folder in ("lake", "originals", "snapshots", "incoming"):
        shutil.rmtree(home / folder, ignore_errors=True)
    (home / "incoming").mkdir(mode=0o700)
    yield seed(home, tmp_path)
    for folder in ("lake", "originals", "snapshots"):
        shutil.rmtree(home / folder, ignore_errors=True)


@pytest.mark.bar(
    "C-01", "1,000 known numbers: none in dump, WAL, data files, lake, snapshots, originals, logs, jobs, sessions"
)
def test_no_known_number_lies_in_clear_text(
    bar: Bar, seeded: Seeded, own_database: str, cluster: Cluster, home: Path, tmp_path: Path
) -> None:
    known = {one.upper().encode() for one in seeded.all()}
    with cluster.connect() as server:
        server.autocommit = True
        server.execute("CHECKPOINT")
    dump = tmp_path / "dump.sql"
    dump.write_bytes(_dump(cluster, own_database))
    found = [*_in_runs(dump.read_bytes(), "pg_dump", known)]
    read, size = 1, dump.stat().st_size
    for path in sorted(home.rglob("*")):
        if not path.is_file() or path.relative_to(home).parts[0] in KEPT_APART:
            continue
        read, size = read + 1, size + path.stat().st_size
        assert path.suffix == ".parquet" or path.open("rb").read(6)[:3] not in {one[:3] for one in NOT_PLAIN}, path
        found += _in_file(path, str(path.relative_to(home)), known)
    found += _in_sessions(known)
    bar.says(f"{len(found)} hits of {len(known)} numbers in {read} files ({size / 2**20:.0f} MiB)")
    assert len(known) >= 1_000
    assert found == []


def test_the_search_finds_what_lies_there(tmp_path: Path) -> None:
    """A search that finds nothing proves something only if it would have found it."""
    known = {b"99010119900101001X"}
    (tmp_path / "a").write_bytes(b"x" * 100 + b"\0" + b"12" + b"99010119900101001x" + b"5")
    assert [one.number for one in _in_file(tmp_path / "a", "a", known)] == ["99010119900101001X"]
    assert not _in_file(tmp_path / "a", "a", {b"990101199001010019"})


def _dump(cluster: Cluster, database: str) -> bytes:
    command = runner().command("pg_dump", "-h", str(cluster.socket_folder()), "-U", "postgres", "-w", database)
    return subprocess.run(
        command, capture_output=True, check=True, env=environment() | {"PGPASSWORD": cluster.password("postgres")}
    ).stdout


def _in_file(path: Path, where: str, known: set[bytes]) -> list[Found]:
    if path.suffix == ".parquet":
        return [*_in_runs(_texts(path), where, known)]
    done = subprocess.run(
        ["grep", "-aoE", "[0-9]{15,}[Xx]?", str(path)], capture_output=True, check=False, env={"LC_ALL": "C"}
    )
    return [*_in_runs(done.stdout, where, known)] if done.stdout else []


def _texts(path: Path) -> bytes:
    """Every text of a Parquet file, which is compressed."""
    table = pq.read_table(path)
    return "\n".join(str(value) for column in table.columns for value in column.to_pylist()).encode()


def _in_runs(data: bytes, where: str, known: set[bytes]) -> Iterator[Found]:
    """Known numbers anywhere in runs of digits: 18 characters, or the 19 of an account."""
    for run in set(RUN.findall(data)):
        text = run.upper()
        for length in (18, 19):
            for first in range(len(text) - length + 1):
                if text[first : first + length] in known:
                    yield Found(where, text[first : first + length].decode())


def _in_sessions(known: set[bytes]) -> list[Found]:
    found: list[Found] = []
    for session in Session.objects.all():
        found += _in_runs(repr(session.get_decoded()).encode(), "session", known)
    return found


@pytest.mark.bar("C-02", "a ciphertext swapped, cut, changed or under another key never opens, in any sealed column")
def test_no_ciphertext_can_be_moved_or_changed(bar: Bar, seeded: Seeded) -> None:
    columns = sealed_columns()
    cells = {column: _cells(column, bar.size(5, 40)) for column in columns}
    filled = [column for column in columns if cells[column]]
    tried, opened = 0, []
    for column in columns:
        for row, cell in cells[column] or [(1, vault().encrypt(column.context(1), b"made here"))]:
            vault().decrypt(column.context(row), cell)  # it is what it should be
            for context, data, safe in _attacks(column, row, cell, columns, cells[column], bar.full):
                tried += 1
                try:
                    safe.decrypt(context, data)
                    opened.append((column.table, column.column, str(row)))
                except VaultError as error:
                    assert error.code in ("vault.changed", "vault.cut", "vault.key_unknown")
    bar.says(f"{tried - len(opened):,} of {tried:,} found out, {len(filled)} of {len(columns)} columns by real rows")
    assert opened == []
    ours = {"registry_person", "registry_declaration", "cases_assessment", "verification_check", "cases_draft"}
    assert ours <= {column.table for column in filled}
    _swapped_cell_is_told()


def _swapped_cell_is_told() -> None:
    """Through the real page: 503 and a sentence, never another person's number, never an empty field."""
    rows = Person.objects.filter(number_enc__isnull=False, area_code__startswith="990101").order_by("id")
    first, second = rows[0], rows[1]
    Person.objects.filter(pk=first.pk).update(number_enc=bytes(second.number_enc or b""))
    client, _actor = signed_in("registrar", "990101")
    client.post(reverse("desk:copy", args=[first.id]), {"how": "identity_card"})
    answer = client.get(reverse("desk:copy", args=[first.id]))
    assert answer.status_code == 503
    assert "打不开" in answer.content.decode()


def _cells(column: SealedColumn, most: int) -> list[tuple[object, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{column.key}", "{column.column}" FROM "{column.table}" WHERE "{column.column}" IS NOT NULL '
            f'ORDER BY "{column.key}" LIMIT {most}'
        )
        return [(row, bytes(cell)) for row, cell in cursor.fetchall()]


def _attacks(
    column: SealedColumn,
    row: object,
    cell: bytes,
    columns: list[SealedColumn],
    others: list[tuple[object, bytes]],
    full: bool,
) -> Iterator[tuple[str, bytes, Vault]]:
    """(context, bytes, keys) of every way to put something else there."""
    keys, own = vault(), column.context(row)
    for other, theirs in others:
        if other != row:
            yield own, theirs, keys  # another row's content in this row
    for elsewhere in columns:
        if elsewhere != column:
            yield elsewhere.context(row), cell, keys  # this content in another column of the same row's id
    step = 1 if full else max(1, len(cell) // 40)
    for length in range(0, len(cell), step):
        yield own, cell[:length], keys
    for place in range(0, len(cell), step):
        for bit in (0, 7) if full else (place % 8,):
            yield own, cell[:place] + bytes([cell[place] ^ (1 << bit)]) + cell[place + 1 :], keys
    yield own, cell + b"\0", keys
    number = int.from_bytes(cell[:ID_BYTES])
    wrong = {one: bytes(len(key)) for one, key in keys.fields.items()}
    yield own, cell, Vault(keys.crypto, keys.person, keys.audit_salt, wrong, keys.blinds)  # the key is another one
    lost = {number + 1: keys.fields[number]}
    yield own, cell, Vault(keys.crypto, keys.person, keys.audit_salt, lost, keys.blinds)  # the key is gone
