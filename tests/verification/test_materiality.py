"""What the shipped rules say by themselves: the sources of a figure, the limits, what is compared with what."""

from __future__ import annotations

from doudi.engine.rulebook import Rulebook
from doudi.verification.logic.answers import silent_when_empty
from doudi.verification.logic.comparing import outlook
from doudi.verification.logic.materiality import feeds_spoken_of, limits, totals


def test_a_figure_speaks_of_the_sources_of_its_value_not_of_its_filters(rulebook: Rulebook) -> None:
    spoken = feeds_spoken_of(rulebook)
    assert spoken["household.cars"] == {"gongan_cheliang"}
    assert spoken["household.wages_and_pensions"] == {"shuiwu_gongzi", "renshe_yanglao"}
    assert spoken["household.counted_members"] == frozenset()
    assert spoken["household.exceeds_financial_limit"] == {"yinhang_jinrong"}


def test_limits_know_which_answer_is_good(rulebook: Rulebook) -> None:
    found = {limit.quantity.name: limit.good for limit in limits(rulebook) if len(limit.feeds) == 1}
    assert found == {
        "meets_vehicle_test": True,
        "meets_housing_test": True,
        "meets_business_test": True,
        "exceeds_financial_limit": False,
        "exceeds_relaxed_financial_limit": False,
    }


def test_a_declared_amount_stands_beside_the_found_amounts_it_is_added_to(rulebook: Rulebook) -> None:
    beside = {fact.name: [part.quantity.name for part in parts] for fact, parts in outlook(rulebook).facts}
    assert beside["declared_other_income"] == ["wages_and_pensions", "farm_subsidies"]
    assert beside["education_spending"] == []
    assert beside["obligor_status"] == []


def test_totals_are_figures_found_and_not_what_a_programme_makes_of_them(rulebook: Rulebook) -> None:
    names = {quantity.name for quantity in totals(rulebook)}
    assert {"wages_and_pensions", "farm_subsidies", "income_before_deduction", "cars", "homes"} <= names
    assert not names & {"dibao_amount", "gap_top_up", "income_per_head", "tekun_amount", "counted_members"}


def test_only_the_banks_silence_means_no_answer(rulebook: Rulebook) -> None:
    assert silent_when_empty(rulebook) == {"yinhang_jinrong"}
