"""The same rules on a Spark cluster of two workers: every cell as in Python and DuckDB; a failed slice is retried."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from doudi.engine.backends import duckdb
from doudi.engine.backends.chosen import screening_by
from doudi.engine.backends.spark import in_tasks, screen
from doudi.engine.backends.spark_session import is_spark, java, settings, spark_session
from doudi.engine.errors import EngineError
from doudi.engine.examples import Example, read_examples
from doudi.engine.policy import load
from doudi.engine.rulebook import Rulebook, resolve
from tests.engine.agreement import differing, with_seats
from tests.engine.all_functions import every_function
from tests.engine.population import Population
from tests.engine.small import AS_OF, household, rule, rulebook_of
from tests.engine.snapshots import read_results, write_snapshot
from tests.size import LONG

SHIPPED = Path(__file__).resolve().parents[2] / "policy"
HOUSEHOLDS = int(os.environ.get("DOUDI_SPARK_HOUSEHOLDS", "10000" if LONG else "3000"))
DUCKDB = partial(duckdb.screen, memory_limit="2GB", threads=1)
BOOK = rulebook_of({"household.out": rule("number", "household.x * household.x / 3 + 0.5")})


def random_cases(rulebook: Rulebook, as_of: date, many: int) -> list[dict[str, Any]]:
    population = Population(rulebook, as_of, 4711)
    return [population.case(number) for number in range(many)]


def test_the_examples_give_every_cell_alike_in_python_duckdb_and_spark(spark: Any) -> None:
    on_spark = partial(screen, session=spark, memory_limit="1GB")
    for (place, _), cases in examples_together().items():
        (day, _), *_ = Counter(case["as_of"] for case in cases).most_common(1)
        dated = [{**case, "as_of": day} for case in cases]
        book = resolve(load(SHIPPED), place)
        assert differing(book, date.fromisoformat(day), dated, DUCKDB, on_spark) == [], place


def examples_together() -> dict[tuple[str, frozenset[str]], list[dict[str, Any]]]:
    """Examples of one place that state the same facts are one population, on the day that most of them have."""
    found: dict[tuple[str, frozenset[str]], list[dict[str, Any]]] = defaultdict(list)
    for number, example in enumerate(read_examples(SHIPPED)):
        case = {**example.case, "household": {**example.case["household"], "id": f"h{number:05}"}}
        found[example.place, stated(example)].append(case)
    return found


def stated(example: Example) -> frozenset[str]:
    """The facts compiled from rows that an example states outright."""
    book = resolve(load(SHIPPED), example.place)
    names = {name for person in example.case["persons"] for name in person}
    return frozenset(name for name in names if f"person.{name}" in book.quantities)


@pytest.mark.parametrize(("rules", "share"), [("shipped", 6), ("every function", 4)])
def test_every_cell_of_random_households_is_the_same_on_spark(spark: Any, rules: str, share: int) -> None:
    seen = with_seats(resolve(load(SHIPPED), "990101") if rules == "shipped" else every_function())
    day = date(2026, 7, 10)
    cases = random_cases(seen, day, HOUSEHOLDS * share // 10)
    on_spark = partial(screen, session=spark, memory_limit="1GB")
    assert differing(seen, day, cases, DUCKDB, on_spark, slice_size=2_500) == []


def numbered(folder: Path, many: int) -> Path:
    cases = [household({"x": str(number)}) for number in range(many)]
    for number, case in enumerate(cases):
        case["household"]["id"] = f"h{number:03}"
    write_snapshot(folder / "in", BOOK, cases, slice_size=10)
    return folder / "in"


def test_a_slice_is_a_file_and_what_is_done_is_kept(spark: Any, tmp_path: Path) -> None:
    snapshot, out, told = numbered(tmp_path, 35), tmp_path / "out", []
    run = partial(screen, BOOK, snapshot, out, as_of=AS_OF, outputs=["out"], session=spark)
    first = run(progress=lambda done, of: told.append((done, of)))
    assert (first.rows, first.slices, first.resumed, told[-1]) == (35, 4, 0, (4, 4))
    slices = [f"slice-0000{n}.parquet" for n in range(4)]
    assert sorted(path.name for path in out.iterdir()) == ["run.json", "run.lock", *slices]
    rows, kept = read_results(out), (out / "slice-00001.parquet").stat()
    (out / "slice-00002.parquet").unlink()
    second = run()
    assert (second.resumed, (out / "slice-00001.parquet").stat().st_mtime_ns) == (3, kept.st_mtime_ns)
    assert read_results(out) == rows
    in_process = duckdb.screen(BOOK, snapshot, out, as_of=AS_OF, outputs=["out"])
    assert in_process.resumed == 4, "a run begun on the cluster can be finished without it"


def test_a_task_whose_worker_dies_is_tried_again(spark: Any, tmp_path: Path) -> None:
    folder = str(tmp_path)

    def dies_once(part: tuple[int, int, int]) -> None:
        mark = Path(folder) / f"seen-{part[0]}"
        if part[0] == 1 and not mark.exists():
            mark.touch()
            os._exit(1)
        (Path(folder) / f"done-{part[0]}").touch()

    in_tasks(spark, [(0, 0, 0), (1, 1, 1)], dies_once, lambda: None)
    assert {path.name for path in tmp_path.iterdir()} == {"seen-1", "done-0", "done-1"}


def test_a_slice_that_fails_again_and_again_is_refused_without_a_word_of_its_rows(spark: Any) -> None:
    def fails(part: tuple[int, int, int]) -> None:
        raise ValueError("income of 张三 is 1200")

    with pytest.raises(EngineError) as caught:
        in_tasks(spark, [(0, 0, 0)], fails, lambda: None)
    assert (caught.value.code, caught.value.context) == ("spark.task_failed", {"problem": "ValueError"})


def test_the_cluster_listens_on_loopback_only(spark: Any) -> None:
    listening = listening_of(family(spark._gateway.proc.pid))
    assert listening
    assert {address for address in listening if not is_loopback(address)} == set()


def family(pid: int) -> set[int]:
    """A process and all below it."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
    found, before = {pid}, set()
    while found != before:
        before = set(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def listening_of(pids: set[int]) -> list[str]:
    """The addresses (as the kernel writes them) on which these processes listen."""
    inodes = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                inodes.add(os.readlink(link).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                found.append(fields[1].partition(":")[0])
    return found


def is_loopback(address: str) -> bool:
    """127.0.0.1 or ::1, and 127.0.0.1 written as an IPv6 address."""
    return address in ("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")


def test_without_java_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineError) as caught, spark_session():
        pass
    assert caught.value.code == "spark.java_missing"
    assert "openjdk-17-jre-headless" in caught.value.message("zh")
    assert "JAVA_HOME" in caught.value.message("en")


def test_an_old_java_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineError) as caught:
        java()
    assert (caught.value.code, caught.value.context["found"]) == ("spark.java_too_old", "8")


def test_the_engine_is_named_by_its_master() -> None:
    for name in ("duckdb", ""):
        assert screening_by(name).func is duckdb.screen  # type: ignore[attr-defined]
    assert screening_by("spark://head:7077").keywords == {"master": "spark://head:7077"}  # type: ignore[attr-defined]
    with pytest.raises(EngineError) as caught:
        screening_by("postgres")
    assert caught.value.code == "spark.engine_unknown"


def test_a_cluster_of_others_is_reached_by_its_own_address(tmp_path: Path) -> None:
    assert is_spark("spark://head:7077") and is_spark("local-cluster[2,1,1024]") and not is_spark("duckdb")
    assert "spark.driver.bindAddress" not in settings("spark://head:7077", tmp_path)
    assert settings("local[2]", tmp_path)["spark.driver.bindAddress"] == "127.0.0.1"
