"""What a place may not do to the special programmes, and what of them is a sample."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from doudi.engine.errors import PolicyErrors
from doudi.engine.policy import Policy, load
from doudi.engine.rulebook import resolve

ROOT = Path(__file__).resolve().parents[2] / "policy"
BASIS = "{document: 示例, sample: yes}"


def with_figure(folder: Path, place: str, name: str, value: str) -> Policy:
    root = Path(copytree(ROOT, folder / "policy"))
    (root / "places" / place).mkdir()
    figure = f"values: [{{area: '{place}', from: 2026-01-01, value: {value}, basis: {BASIS}}}]"
    (root / "places" / place / "parameters.yaml").write_text(f"parameters:\n  {name}: {{{figure}}}\n", encoding="utf-8")
    return load(root)


@pytest.mark.parametrize(
    ("name", "lowered", "raised"),
    [("local_price_trigger_cpi", "0.03", "0.0351"), ("local_price_trigger_food", "0.055", "0.0601")],
)
def test_a_place_may_lower_a_trigger_of_the_price_subsidy_and_not_raise_it(
    tmp_path: Path, name: str, lowered: str, raised: str
) -> None:
    assert resolve(with_figure(tmp_path / "lower", "98", name, lowered), "98").parameters[name].values
    with pytest.raises(PolicyErrors) as caught:
        resolve(with_figure(tmp_path / "raise", "98", name, raised), "98")
    assert [error.code for error in caught.value.errors] == ["policy.out_of_bounds"]


@pytest.mark.parametrize("name", ["price_trigger_cpi", "work_refusal_limit", "unattended_months"])
def test_what_the_nation_sets_no_place_sets(tmp_path: Path, name: str) -> None:
    with pytest.raises(PolicyErrors) as caught:
        resolve(with_figure(tmp_path, "98", name, "0"), "98")
    assert [error.code for error in caught.value.errors] == ["policy.may_not_set"]


def test_every_figure_of_an_invented_place_is_a_sample() -> None:
    for code in ("99", "9902"):
        for parameter in load(ROOT).places[code].parameters.values():
            assert all(value.basis.sample for value in parameter.values), parameter.name


def test_every_recognition_opens_a_package_and_every_package_names_programmes_outside_the_chain() -> None:
    book = resolve(load(ROOT), "9902")
    chained = {name for chain in book.chains.values() for name in chain.programmes}
    opened = {name for package in book.packages.values() for name in package.when}
    assert opened >= {"tekun", "dibao", "dibao_edge", "rigid_expenditure", "anti_relapse_monitored"}
    assert not chained & {name for package in book.packages.values() for name in package.programmes}


@pytest.mark.parametrize(("name", "fits", "below"), [("work_expense_rate", "0", "-0.1"), ("cpi_rise", "-0.02", "-2")])
def test_a_figure_below_zero_needs_a_declared_minimum(tmp_path: Path, name: str, fits: str, below: str) -> None:
    """Prices may fall; a limit or an amount below zero cannot be meant."""
    assert resolve(with_figure(tmp_path / "fits", "98", name, fits), "98").parameters[name].values
    with pytest.raises(PolicyErrors) as caught:
        resolve(with_figure(tmp_path / "below", "98", name, below), "98")
    assert [error.code for error in caught.value.errors] == ["policy.out_of_bounds"]
