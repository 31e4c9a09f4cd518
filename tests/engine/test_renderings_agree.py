"""The same rules as Python and as SQL give the same cell for every quantity of many thousand random households."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest

from doudi.engine.backends import worker as backend
from doudi.engine.backends.arrays import TooWide
from doudi.engine.policy import load
from doudi.engine.rulebook import Rulebook, resolve
from tests.engine.agreement import differences
from tests.engine.all_functions import every_function

SHIPPED = Path(__file__).resolve().parents[2] / "policy"
DAYS = [date(2026, 7, 10), date(2026, 6, 30), date(2026, 7, 1), date(2028, 2, 29), date(2025, 7, 1)]
PART = 2_500
PARTS = int(os.environ.get("DOUDI_AGREEMENT_HOUSEHOLDS", "10000")) // PART
"""100000 households take about three minutes on two free cores; the usual run takes a tenth of them."""


def shipped() -> Rulebook:
    return resolve(load(SHIPPED), "990101")


def shipped_part(seed: int) -> list[str]:
    return differences(shipped(), DAYS[seed % len(DAYS)], seed, PART)


def made_up_part(seed: int) -> list[str]:
    return differences(every_function(), DAYS[seed % len(DAYS)], seed, PART)


def test_every_cell_of_random_households_is_the_same_under_the_shipped_rules() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert [d for part in pool.map(shipped_part, range(PARTS * 6 // 10)) for d in part] == []


def test_every_cell_of_random_households_is_the_same_under_rules_that_use_every_function() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert [d for part in pool.map(made_up_part, range(PARTS * 4 // 10)) for d in part] == []


@pytest.mark.parametrize("rulebook", [shipped(), every_function()], ids=["shipped", "every function"])
def test_every_cell_is_the_same_where_sql_takes_over_from_the_arrays(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(work: object, span: backend.Span) -> None:
        raise TooWide("all go to SQL")

    monkeypatch.setattr(backend.Worker, "_run", never)
    assert differences(rulebook, DAYS[1], 77, 600) == []


@pytest.mark.parametrize("rulebook", [shipped(), every_function()], ids=["shipped", "every function"])
def test_every_cell_is_the_same_where_some_amounts_are_large(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "_LEAST", 40)
    assert differences(rulebook, DAYS[0], 78, 150, large=0.001) == []


def test_a_household_for_which_a_figure_is_not_set_is_an_error_in_both() -> None:
    assert differences(shipped(), date(2024, 12, 31), 7, 300) == []
    assert differences(shipped(), date(2019, 1, 1), 7, 300) == []
