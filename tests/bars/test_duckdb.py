# ruff: noqa: E501
"""S-24: DuckDB shut in. Statements that want out, and bombs, each in the jail that product code uses."""

from __future__ import annotations

import ast
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from doudi.engine.backends import jail
from doudi.engine.backends.locked import connect, quoted, watched
from tests.architecture.project import PACKAGE, modules, name_of, tree
from tests.bars.conftest import Bar

LIMITS = jail.Limits(memory=512 * 2**20, cpu=3, wall=4.0, file=64 * 2**20, threads=2)
SECRET = "not-for-anybody-7391"  # no secret: made up
BOMB = "SELECT sum(a.range * b.range * c.range) FROM range(10000000) a, range(10000000) b, range(10000000) c"


def escapes(outside: Path, inside: Path) -> list[str]:
    """Statements that want to read, write, fetch, load, unlock, or look around."""
    secret, dump = quoted(outside / "secret.csv"), quoted(outside / "dump")
    through = quoted(inside) + "/../outside/secret.csv"
    return [
        f"SELECT * FROM '{secret}'",
        f"SELECT * FROM read_csv('{secret}')",
        f"SELECT * FROM read_csv_auto('{secret}')",
        f"SELECT * FROM read_text('{secret}')",
        f"SELECT * FROM read_blob('{secret}')",
        f"SELECT * FROM read_parquet('{quoted(outside / 'secret.parquet')}')",
        f"SELECT * FROM parquet_scan('{quoted(outside / 'secret.parquet')}')",
        f"SELECT * FROM parquet_metadata('{quoted(outside / 'secret.parquet')}')",
        f"SELECT * FROM parquet_schema('{quoted(outside / 'secret.parquet')}')",
        f"SELECT * FROM parquet_kv_metadata('{quoted(outside / 'secret.parquet')}')",
        f"SELECT * FROM read_json('{secret}')",
        f"SELECT * FROM read_ndjson_objects('{secret}')",
        f"SELECT * FROM sniff_csv('{secret}')",
        f"SELECT * FROM glob('{quoted(outside)}/*')",
        f"SELECT * FROM read_text('{through}')",
        f"SELECT * FROM read_text('{quoted(inside / 'link')}')",
        f"SELECT * FROM read_text('file://{secret}')",
        "SELECT * FROM read_text('/proc/self/environ')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/dev/stdin')",
        f"COPY (SELECT 1) TO '{dump}.csv'",
        f"COPY (SELECT 1) TO '{dump}.parquet' (FORMAT parquet)",
        f"COPY (SELECT 1 AS a, 2 AS b) TO '{dump}' (FORMAT parquet, PARTITION_BY (a))",
        f"EXPORT DATABASE '{dump}'",
        f"IMPORT DATABASE '{dump}'",
        f"ATTACH '{dump}.db' AS other",
        f"ATTACH '{secret}' AS other (READ_ONLY)",
        f"CREATE TABLE t AS SELECT * FROM '{secret}'",
        f"COPY t FROM '{secret}'",
        "INSTALL httpfs",
        "INSTALL spatial FROM community",
        "LOAD httpfs",
        f"LOAD '{quoted(outside / 'evil.duckdb_extension')}'",
        "SELECT * FROM read_csv('https://127.0.0.1:9/x.csv')",
        "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
        "SET enable_external_access=true",
        "SET allowed_directories=['/']",
        "SET allowed_paths=['/etc/passwd']",
        "SET lock_configuration=false",
        "SET memory_limit='64GB'",
        "SET max_temp_directory_size='10GB'",
        f"SET temp_directory='{dump}'",
        f"SET extension_directory='{dump}'",
        f"SET secret_directory='{dump}'",
        f"SET log_query_path='{dump}.log'",
        "RESET enable_external_access",
        "PRAGMA enable_external_access=true",
        f"PRAGMA profiling_output='{dump}.json'",
        "CREATE PERSISTENT SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
        "SELECT getenv('DOUDI_HOME')",
        "SELECT * FROM secret_of_the_caller",
        "CALL start_ui()",
    ]  # fmt: skip


BOMBS = {
    "processor": BOMB,
    "processor, without rows": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
    "processor, in one row": "SELECT list_sum(list_transform(range(100000000), x -> list_sum(range(x % 1000))))",
    "memory, a list": "SELECT list(range) FROM range(10000000000)",
    "memory, a text": "SELECT repeat('x', 10000000000)",
    "memory, groups": "SELECT range, count(*) FROM range(10000000000) GROUP BY range",
    "memory, a sort": "SELECT * FROM range(10000000000) ORDER BY hash(range)",
    "memory, a cross": "CREATE TABLE t AS SELECT a.range AS x, b.range AS y FROM range(1000000) a, range(1000000) b",
    "depth": "SELECT " + "(" * 20_000 + "1" + ")" * 20_000,
    "length": "SELECT " + " + ".join(["1"] * 200_000),
    "disk": "COPY (SELECT range, repeat('x', 1000) FROM range(1000000000)) TO '{inside}/big.csv'",
}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """(outside with a secret, inside with what may be read)."""
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "secret.csv").write_text(f"{SECRET}\n1\n")
    pq.write_table(pa.table({"x": [SECRET]}), outside / "secret.parquet")
    pq.write_table(pa.table({"x": [1, 2, 3]}), inside / "ours.parquet")
    (inside / "link").symlink_to(outside / "secret.csv")
    return outside, inside


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.bar("S-24", "statements that want out of DuckDB's jail: none gets anything, nothing is written outside")
def test_nothing_gets_out(bar: Bar, folders: tuple[Path, Path]) -> None:
    outside, inside = folders
    before, out = listing(outside), []
    statements = escapes(outside, inside)
    secret_of_the_caller = pa.table({"x": [SECRET]})  # a variable that a replacement scan would find
    for statement in statements:
        with connect("256MB", [inside]) as connection, watched(connection, 3):
            try:
                connection.execute(statement).fetchall()
            except duckdb.Error:
                continue
            out.append(statement)
    again = statements if bar.full else statements[::7]
    for statement in again:
        try:
            jail.run([statement], [inside], LIMITS)
        except jail.JailError as error:
            assert error.code == "refused", f"{statement}: {error}"
            continue
        out.append(f"jail: {statement}")
    assert secret_of_the_caller.num_rows == 1
    bar.says(f"{len(statements)} statements, {len(again)} of them again in the jail: {len(out)} escapes")
    assert len(statements) >= 40
    assert not out, "\n".join(out)
    assert listing(outside) == before


@pytest.mark.bar("S-24", "bombs for processor, memory and disk are killed within the limit and a second")
def test_bombs_are_killed_in_time(bar: Bar, folders: tuple[Path, Path]) -> None:
    _outside, inside = folders
    slow, alive, slowest = [], [], 0.0
    chosen = list(BOMBS) if bar.full else ["processor", "memory, a list", "memory, groups", "depth", "disk"]
    limits = LIMITS if bar.full else replace(LIMITS, cpu=1, wall=2.0)
    for name in chosen:
        started = time.monotonic()
        try:
            jail.run([BOMBS[name].replace("{inside}", quoted(inside))], [inside], limits)
            alive.append(name)
        except jail.JailError:
            pass
        took = time.monotonic() - started
        slowest = max(slowest, took)
        slow += [f"{name}: {took:.1f} s"] if took > limits.wall + 1 else []
        big = inside / "big.csv"
        assert not big.exists() or big.stat().st_size <= LIMITS.file
        big.unlink(missing_ok=True)
    bar.says(f"{len(chosen)} bombs, limit {limits.wall:.0f} s, slowest ended after {slowest:.1f} s; {len(alive)} lived")
    assert not slow
    assert alive == [name for name in alive if name == "length"], "only a long sum may come out"
    assert not left_over(), "no process is left"


def left_over() -> list[str]:
    """Processes of the jail that still run below this one."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            line, parent = (path / "cmdline").read_bytes(), (path / "stat").read_text().rsplit(")", 1)[1].split()[1]
        except OSError:
            continue
        if b"doudi.engine.backends.jail" in line and int(parent) == os.getpid():
            found.append(path.name)
    return found


@pytest.mark.bar("S-24", "what a page asks of the lake is broken off when it takes too long")
def test_a_page_does_not_wait_for_ever(bar: Bar, folders: tuple[Path, Path]) -> None:
    _outside, inside = folders
    started = time.monotonic()
    with connect("256MB", [inside]) as connection, watched(connection, 1.0), pytest.raises(duckdb.InterruptException):
        connection.execute(BOMB).fetchall()
    took = time.monotonic() - started
    bar.says(f"limit 1 s, broken off after {took:.1f} s")
    assert took < 2.0
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer) and thread.is_alive()]


def test_the_jail_does_its_work(folders: tuple[Path, Path]) -> None:
    _outside, inside = folders
    target = inside / "copied.parquet"
    copy = f"COPY (SELECT x * 2 AS y FROM read_parquet('{quoted(inside / 'ours.parquet')}')) TO '{quoted(target)}' (FORMAT parquet)"
    assert jail.run([copy, f"SELECT sum(y) FROM read_parquet('{quoted(target)}')"], [inside]) == [[12]]


def test_the_jail_has_neither_environment_nor_network(folders: tuple[Path, Path]) -> None:
    """Where the system lets it, a network of its own; always without the parent's variables."""
    _outside, inside = folders
    os.environ["DOUDI_SECRET_OF_A_TEST"] = SECRET
    try:
        with pytest.raises(jail.JailError):
            jail.run(["SELECT * FROM read_text('/proc/self/environ')"], [inside])
    finally:
        del os.environ["DOUDI_SECRET_OF_A_TEST"]


def test_connections_are_opened_in_one_place_only() -> None:
    """`locked.connect` is the only way to DuckDB; a module-level query would open one in silence."""
    wrong = []
    for path in modules():
        if path == PACKAGE / "engine" / "backends" / "locked.py":
            continue
        names = {"duckdb"} | {
            item.asname for node in ast.walk(tree(path)) if isinstance(node, ast.Import)
            for item in node.names if item.name == "duckdb" and item.asname
        }  # fmt: skip
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module == "duckdb":
                wrong += [f"{name_of(path)}: from duckdb import {item.name}" for item in node.names]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                of = node.func.value
                ours = node.func.attr in {"screen", "screen_slice", "summary"}  # of our own module of that name
                if isinstance(of, ast.Name) and of.id in names and not ours:
                    wrong.append(f"{name_of(path)}: duckdb.{node.func.attr}")
    assert not wrong
