"""Threads of a server share what is generated: whoever comes first, all get the same reasons."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from doudi.engine import python_code, run, working_code
from doudi.engine.case import read_case
from doudi.engine.policy import load
from doudi.engine.rulebook import resolve
from doudi.engine.run import decide
from tests.engine.decision_case import decision_case

POLICY = Path(__file__).resolve().parents[2] / "policy"
THREADS, ROUNDS = 8, 3


@pytest.fixture(autouse=True)
def hurried() -> Iterator[None]:
    """Threads take turns a thousand times as often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.000_005)
    yield
    sys.setswitchinterval(before)


def test_the_first_decisions_of_many_threads_are_all_the_same() -> None:
    rulebook = resolve(load(POLICY), "990101")
    copies = [replace(rulebook) for _ in range(THREADS)]  # as each request loads its own
    data = decision_case()
    days = [data["as_of"], "2026-07-11"]
    for _ in range(ROUNDS):
        for kept in (run._PROGRAMS, python_code._SOURCES, working_code._TOLD):
            kept.clear()
        barrier = Barrier(THREADS)

        def first(number: int, barrier: Barrier = barrier) -> tuple[str, str]:
            case = deepcopy(data) | {"as_of": days[number % 2]}
            read = read_case(case, copies[number])
            barrier.wait()
            return case["as_of"], json.dumps(decide(copies[number], read).to_json(), default=str)

        with ThreadPoolExecutor(THREADS) as pool:
            found = list(pool.map(first, range(THREADS)))
        assert len(set(found)) == 2, "one result a day"
