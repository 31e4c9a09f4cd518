"""The rules of the fictional county 990101 written once more, for OpenFisca-core, from the text of `policy/`.

Variables, formulas and parameters as OpenFisca has them; money in hundredths. Unknown does not exist here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

NONE, TEKUN, DIBAO, EDGE, RIGID, UNDETERMINED = range(6)
Person = build_entity(key="person", plural="persons", label="", is_person=True)
Household = build_entity(key="household", plural="households", label="", roles=[{"key": "member", "label": ""}])
VARIABLES: list[type[Variable]] = []


def given(entity: Any, value_type: type, *names: str) -> None:
    """Variables without a formula."""
    for name in names:
        told = {"value_type": value_type, "entity": entity, "definition_period": DateUnit.MONTH, "label": name}
        VARIABLES.append(type(name, (Variable,), told))


def rule(entity: Any, value_type: type = float) -> Any:
    """A variable of the decorated formula's name."""

    def made(formula: Any) -> Any:
        told = {"value_type": value_type, "entity": entity, "definition_period": DateUnit.MONTH}
        VARIABLES.append(type(formula.__name__, (Variable,), {**told, "label": formula.__name__, "formula": formula}))
        return formula

    return made


given(Person, bool, "member", "is_authorised", "has_death_record", "has_register_death", "is_in_custody")
given(Person, bool, "is_severely_disabled", "has_disability_that_excludes_work")
given(Person, date, "born_on")
given(Person, int, "hukou_type", "cars", "excluded_businesses")
given(Person, float, "wage_total", "farm_subsidy_total", "out_of_pocket", "inpatient_out_of_pocket")
given(Person, float, "pension_income", "financial_assets")
given(Household, int, "head_row", "obligor_status")
given(Household, float, "declared_other_income", "education_spending")


@rule(Person, int)
def age(person, period):
    today = np.datetime64(person.simulation.tax_benefit_system.day, "D")
    born = person("born_on", period).astype("datetime64[D]")
    months = (today.astype("datetime64[M]") - born.astype("datetime64[M]")).astype(np.int32)
    day_of = (born - born.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int32)
    return (months - (today.astype(object).day - 1 < day_of)) // 12


@rule(Person, bool)
def is_adult(person, period):
    return person("age", period) >= 18


@rule(Person, bool)
def is_dead(person, period):
    return person("has_death_record", period) + person("has_register_death", period)


@rule(Person, bool)
def is_counted(person, period):
    return person("member", period) * ~person("is_dead", period) * ~person("is_in_custody", period)


@rule(Household, int)
def counted_members(household, period):
    return household.sum(household.members("is_counted", period))


@rule(Household, bool)
def has_authorisation(household, period):
    asked = household.members("is_counted", period) * household.members("is_adult", period)
    return household.sum(asked * ~household.members("is_authorised", period)) == 0


@rule(Household, bool)
def is_urban(household, period):
    return household.members("hukou_type", period)[household("head_row", period)] == 1


@rule(Household)
def dibao_line(household, period, parameters):
    line = parameters(period).dibao_line
    return np.where(household("is_urban", period), line.urban, line.rural)


@rule(Person)
def work_expense_disregard(person, period, parameters):
    share = person("wage_total", period) * parameters(period).work_expense_rate
    return np.minimum(share, person.household("dibao_line", period) * 12)


@rule(Person)
def net_wage(person, period):
    return person("wage_total", period) - person("work_expense_disregard", period)


@rule(Household)
def wages_and_pensions(household, period):
    counted = household.members("is_counted", period)
    wages = household.sum(household.members("net_wage", period) * counted)
    return wages + 12 * household.sum(household.members("pension_income", period) * counted)


@rule(Household)
def farm_subsidies(household, period):
    head = household("head_row", period)
    total = household.members("farm_subsidy_total", period)[head]
    return total * household.members("is_counted", period)[head]


@rule(Household)
def income_before_deduction(household, period):
    other = household("declared_other_income", period) * 12
    return household("wages_and_pensions", period) + household("farm_subsidies", period) + other


@rule(Person, bool)
def is_seriously_ill(person, period, parameters):
    return person("inpatient_out_of_pocket", period) >= parameters(period).serious_illness_threshold


@rule(Household)
def essential_expenditure_deduction(household, period):
    of = household.members
    counts = of("is_counted", period) * (of("is_severely_disabled", period) + of("is_seriously_ill", period))
    return household.sum(of("out_of_pocket", period) * counts)


@rule(Household)
def assessed_income_year(household, period):
    income = household("income_before_deduction", period) - household("essential_expenditure_deduction", period)
    return np.maximum(0, income)


@rule(Household)
def assessed_income(household, period):
    return household("assessed_income_year", period) / 12


@rule(Household)
def income_per_head(household, period):
    return household("assessed_income", period) / np.maximum(1, household("counted_members", period))


@rule(Household, bool)
def is_below_line(household, period):
    below = settled(household("income_per_head", period)) < household("dibao_line", period)
    return below * (household("counted_members", period) > 0)


@rule(Household)
def counted_financial_assets(household, period):
    return household.sum(household.members("financial_assets", period) * household.members("is_counted", period))


@rule(Household, bool)
def exceeds_financial_limit(household, period, parameters):
    limit = household("dibao_line", period) * parameters(period).financial_asset_months
    return household("counted_financial_assets", period) > limit * household("counted_members", period)


@rule(Household, bool)
def exceeds_relaxed_financial_limit(household, period, parameters):
    limit = household("dibao_line", period) * parameters(period).relaxed_asset_months
    return household("counted_financial_assets", period) > limit * household("counted_members", period)


@rule(Household, int)
def counted_cars(household, period):
    return household.sum(household.members("cars", period) * household.members("is_counted", period))


@rule(Household, bool)
def meets_vehicle_test(household, period, parameters):
    return household("counted_cars", period) <= parameters(period).car_limit


def units(household, period, kind):
    """One row for each different unit that counted members own: (household, place of the unit's first row)."""
    rows = household.simulation.real_estate
    mine = rows[kind] & household.members("is_counted", period)[rows["person"]]
    owner = household.members_entity_id[rows["person"][mine]]
    key = owner.astype(np.int64) * (rows["unit"].max(initial=0) + 1) + rows["unit"][mine]
    _, place = np.unique(key, return_index=True)
    return owner[place], np.flatnonzero(mine)[place]


@rule(Household, int)
def homes(household, period):
    return np.bincount(units(household, period, "is_home")[0], minlength=household.count)


@rule(Household)
def home_area(household, period):
    owner, place = units(household, period, "is_home")
    areas = household.simulation.real_estate["floor_area"][place]
    return np.bincount(owner, weights=areas, minlength=household.count)


@rule(Household, int)
def shops(household, period):
    return np.bincount(units(household, period, "is_shop")[0], minlength=household.count)


@rule(Household, bool)
def meets_housing_test(household, period, parameters):
    few = household("homes", period) <= parameters(period).home_limit
    room = parameters(period).home_area_limit * household("counted_members", period)
    small = (household("homes", period) == 2) * (household("home_area", period) <= room)
    return (household("shops", period) == 0) * (few + small)


@rule(Household, bool)
def meets_business_test(household, period):
    found = household.members("excluded_businesses", period) * household.members("is_counted", period)
    return household.sum(found) == 0


@rule(Household, bool)
def meets_asset_test(household, period):
    things = household("meets_vehicle_test", period) * household("meets_housing_test", period)
    return things * household("meets_business_test", period) * ~household("exceeds_financial_limit", period)


@rule(Household, bool)
def meets_relaxed_asset_test(household, period, parameters):
    cars = household("counted_cars", period) <= parameters(period).relaxed_car_limit
    rest = household("meets_housing_test", period) * household("meets_business_test", period)
    return cars * rest * ~household("exceeds_relaxed_financial_limit", period)


@rule(Person, bool)
def is_unable_to_work(person, period):
    years = person("age", period)
    return (years >= 60) + (years < 16) + person("has_disability_that_excludes_work", period)


@rule(Household, bool)
def has_no_able_obligor(household, period):
    return household("obligor_status", period) == 1


@rule(Household, bool)
def qualifies_for_tekun(household, period):
    able = household.members("is_counted", period) * ~household.members("is_unable_to_work", period)
    alone = (household("counted_members", period) > 0) * (household.sum(able) == 0)
    poor = household("is_below_line", period) * household("meets_asset_test", period)
    return alone * household("has_no_able_obligor", period) * poor


@rule(Household)
def tekun_amount(household, period, parameters):
    return parameters(period).tekun_multiple * household("dibao_line", period) * household("counted_members", period)


@rule(Household, bool)
def qualifies_for_dibao(household, period):
    return household("is_below_line", period) * household("meets_asset_test", period)


@rule(Person, bool)
def is_old_or_young(person, period):
    return (person("age", period) >= 70) + (person("age", period) < 18)


@rule(Person)
def supplement_rate(person, period, parameters):
    rates = parameters(period).supplement
    ill = person("is_seriously_ill", period) * rates.serious_illness
    disabled = person("is_severely_disabled", period) * rates.severe_disability
    return np.maximum(np.maximum(ill, disabled), person("is_old_or_young", period) * rates.old_and_young)


@rule(Household)
def category_supplement(household, period):
    rates = household.sum(household.members("supplement_rate", period) * household.members("is_counted", period))
    return rates * household("dibao_line", period)


@rule(Household)
def gap_top_up(household, period):
    due = household("dibao_line", period) * household("counted_members", period)
    return due - household("assessed_income", period)


@rule(Household)
def dibao_amount(household, period):
    exact = household("gap_top_up", period) + household("category_supplement", period)
    return np.ceil(np.floor(settled(exact) + 0.5) / 100) * 100


@rule(Household, bool)
def qualifies_for_dibao_edge(household, period, parameters):
    income, line = settled(household("income_per_head", period)), household("dibao_line", period)
    margin = (income >= line) * (income < parameters(period).dibao_edge_multiple * line)
    return margin * (household("counted_members", period) > 0) * household("meets_asset_test", period)


@rule(Household)
def essential_expenditure(household, period):
    bills = household.members("out_of_pocket", period) * household.members("is_counted", period)
    return household.sum(bills) + household("education_spending", period)


@rule(Household, bool)
def qualifies_for_rigid_expenditure(household, period, parameters):
    counted = household("counted_members", period)
    per_head = household("assessed_income_year", period) / np.maximum(1, counted)
    modest = (counted > 0) * (settled(per_head) < parameters(period).rigid_income_limit)
    income = np.maximum(0, household("income_before_deduction", period))
    share = parameters(period).essential_expenditure_ratio_limit * income
    heavy = settled(household("essential_expenditure", period) - share) > 0
    return modest * household("meets_relaxed_asset_test", period) * heavy


@rule(Household, int)
def chain_programme(household, period):
    order = (
        "qualifies_for_tekun",
        "qualifies_for_dibao",
        "qualifies_for_dibao_edge",
        "qualifies_for_rigid_expenditure",
    )
    found = [~household("has_authorisation", period), *(household(name, period) for name in order)]
    return np.select(found, [UNDETERMINED, TEKUN, DIBAO, EDGE, RIGID], NONE)


@rule(Household)
def chain_amount(household, period):
    programme = household("chain_programme", period)
    paid = [household("tekun_amount", period), household("dibao_amount", period)]
    return np.select([programme == TEKUN, programme == DIBAO], paid, np.nan)


def settled(money):
    """Binary fractions leave dust far below a hundredth; it decides nothing here."""
    return np.round(money, 6)


PARAMETERS = {
    "dibao_line": {
        "urban": {"values": {"2024-07-01": 760_00, "2025-07-01": 800_00, "2026-07-01": 830_00}},
        "rural": {"values": {"2024-07-01": 590_00, "2025-07-01": 620_00, "2026-07-01": 650_00}},
    },
    "supplement": {
        "serious_illness": {"values": {"2025-07-01": 0.3}},
        "severe_disability": {"values": {"2025-07-01": 0.2}},
        "old_and_young": {"values": {"2025-07-01": 0.1}},
    },
    "work_expense_rate": {"values": {"2025-07-01": 0.2}},
    "serious_illness_threshold": {"values": {"2025-07-01": 20000_00}},
    "dibao_edge_multiple": {"values": {"2025-07-01": 1.5}},
    "tekun_multiple": {"values": {"2025-07-01": 1.3}},
    "financial_asset_months": {"values": {"2025-07-01": 24}},
    "car_limit": {"values": {"2025-07-01": 0}},
    "home_limit": {"values": {"2025-07-01": 1}},
    "home_area_limit": {"values": {"2025-07-01": 30_00}},
    "rigid_income_limit": {"values": {"2025-07-01": 36000_00}},
    "essential_expenditure_ratio_limit": {"values": {"2025-07-01": 0.6}},
    "relaxed_car_limit": {"values": {"2025-07-01": 1}},
    "relaxed_asset_months": {"values": {"2025-07-01": 36}},
}


def system(day: date, exact: bool) -> TaxBenefitSystem:
    """The rules for a day. OpenFisca holds amounts in 32-bit floats; `exact` makes that 64 bits."""
    made = TaxBenefitSystem([Person, Household])
    made.day = day
    made.parameters = ParameterNode("", data=PARAMETERS)
    for one in VARIABLES:
        variable = made.add_variable(one)
        if exact and one.value_type is float:
            variable.dtype = np.float64
    return made
