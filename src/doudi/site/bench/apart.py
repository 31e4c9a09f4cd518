"""Measured work in a process of its own, so that its peak memory is its own."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from doudi.site.measure import peak_mib

T = TypeVar("T")


class BenchFailed(RuntimeError):
    """The measured work failed; the text is the traceback of its process."""


RUNS = 3
"""How often each figure is measured; the median counts."""
SMALL = 10_000
"""Below so many households a benchmark only shows that it runs; once is enough."""


def apart(work: Callable[..., T], *arguments: object, children: int = 1) -> tuple[T, int]:
    """(what `work` returned, peak MiB of the process it ran in with so many children at a time). A fresh interpreter
    each time.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        result, peak, problem = pool.submit(_with_peak, work, arguments, children).result()
    if problem:
        raise BenchFailed(problem)
    return result, peak


def repeated(size: int, work: Callable[..., float], *arguments: object, children: int = 1) -> tuple[float, int]:
    """(median of RUNS runs, highest peak MiB)."""
    found = [apart(work, *arguments, children=children) for _ in range(RUNS if size >= SMALL else 1)]
    return statistics.median(value for value, _ in found), max(peak for _, peak in found)


def own_house(house: Path) -> None:
    """Turns this process to a throw-away house: whatever database the user has, this is another."""
    for name in [name for name in os.environ if name.startswith("DATABASE_URL")]:
        del os.environ[name]
    os.environ["DOUDI_HOME"] = str(house)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def _with_peak(work: Callable[..., Any], arguments: tuple[object, ...], children: int) -> tuple[Any, int, str]:
    """An error travels as text: not every exception survives the way between processes."""
    try:
        return work(*arguments), peak_mib(children), ""
    except Exception:
        return None, peak_mib(children), traceback.format_exc()
