"""The county's people are like the published statistics say, and families make sense."""

from __future__ import annotations

import numpy as np

from doudi.lib.identity_number import examined
from doudi.twin import figures
from doudi.twin.county import County
from doudi.twin.families import CHILD, HEAD, PARENT, SPOUSE
from doudi.twin.health import ALIVE
from doudi.twin.numbers import texts
from doudi.twin.plan import age_on


def _income_per_head(county: County) -> np.ndarray:
    families, work = county.families, county.work
    total = county.work.unseen.astype(float)
    for rows, times in ((work.wages, 1), (work.pensions, 12)):
        household = families.household[rows["person"].to_numpy()]
        total += np.bincount(household, weights=rows["cents"].to_numpy() * times, minlength=len(total))
    return total / 100 / families.size


def test_every_number_is_valid_unique_and_from_an_impossible_province(county: County) -> None:
    numbers = texts(county.families.number).to_pylist()
    assert all(number.startswith("99") and examined(number) == (number, None) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_numbers_agree_with_birth_and_sex(county: County) -> None:
    families = county.families
    numbers = texts(families.number).to_pylist()
    born = families.born.astype("datetime64[D]").astype(str)
    assert [f"{n[6:10]}-{n[10:12]}-{n[12:14]}" for n in numbers] == born.tolist()
    assert [int(n[16]) % 2 == 1 for n in numbers] == families.male.tolist()


def test_household_sizes_follow_the_census(county: County) -> None:
    sizes = np.bincount(county.families.size, minlength=9)[1:] / len(county.families.size)
    assert np.abs(sizes - figures.HOUSEHOLD_SIZES).max() < 0.01
    assert abs(county.families.size.mean() - figures.MEAN_HOUSEHOLD) < 0.05


def test_ages_and_sexes_follow_the_census(county: County) -> None:
    age = age_on(county.families.born, county.plan.cutoff)
    men = county.families.male
    assert abs((age < 15).mean() - figures.SHARE_0_14) < 0.02
    assert abs((age >= 60).mean() - figures.SHARE_60_UP) < 0.04
    assert abs(100 * men.sum() / (~men).sum() - figures.SEX_RATIO) < 4
    assert age.min() >= 0
    assert age.max() <= 99


def test_incomes_are_as_unequal_as_published(county: County) -> None:
    each = np.sort(np.repeat(_income_per_head(county), county.families.size))
    count = len(each)
    gini = ((2 * np.arange(1, count + 1) - count - 1) @ each) / (count * each.sum())
    assert abs(gini - figures.GINI) < 0.05
    groups = [part.mean() for part in np.array_split(each, 5)]
    assert all(0.55 < ours / theirs < 1.15 for ours, theirs in zip(groups, figures.INCOME_QUINTILES, strict=True))


def test_wages_are_the_published_share_of_income(county: County) -> None:
    wages = county.work.wages["cents"].to_numpy().sum() / 100
    total = (_income_per_head(county) * county.families.size).sum()
    assert abs(wages / total - figures.WAGE_SHARE) < 0.12


def test_disability_cards_follow_the_published_shares(county: County) -> None:
    cards = county.health.cards
    assert abs(len(np.unique(cards["person"])) / county.families.count - figures.CARD_SHARE) < 0.004
    shares = np.bincount(cards["category"].to_numpy(), minlength=7) / cards.num_rows
    published = np.array(list(figures.DISABILITY_CATEGORIES.values()))
    assert np.abs(shares - published / published.sum()).max() < 0.035
    severe = (cards["grade"].to_numpy() <= 2).mean()
    assert abs(severe - figures.SEVERE_SHARE) < 0.05


def test_deaths_dibao_and_cars_follow_the_published_shares(county: County) -> None:
    dead = (county.health.died < ALIVE).sum() / county.families.count
    assert abs(1000 * dead - figures.DEATHS_PER_1000) < 1.5
    covered = county.assistance.ledger["size"].to_numpy().sum() / county.families.count
    assert abs(covered - figures.DIBAO_SHARE) < 0.002
    cars = (county.belongings.vehicles["kind"].to_numpy() == 0).sum() / len(county.families.size)
    assert abs(cars - figures.CARS_PER_HOUSEHOLD) < 0.12


def test_recipients_live_in_small_families(county: County) -> None:
    assert abs(county.assistance.ledger["size"].to_numpy().mean() - figures.DIBAO_HOUSEHOLD_SIZE) < 0.4


def test_every_family_has_one_head_and_at_most_one_spouse(county: County) -> None:
    families = county.families
    heads = np.bincount(families.household[families.role == HEAD], minlength=len(families.size))
    spouses = np.bincount(families.household[families.role == SPOUSE], minlength=len(families.size))
    assert (heads == 1).all() and spouses.max() == 1
    mates = np.flatnonzero(families.role == SPOUSE)
    assert (families.male[mates] != families.male[mates - 1]).all()


def test_children_are_younger_than_parents(county: County) -> None:
    families = county.families
    heads = families.born[families.start]
    head = heads[families.household]
    year = 365.25
    assert ((families.born - head)[families.role == CHILD] > 19 * year).all()
    assert ((head - families.born)[families.role == PARENT] > 19 * year).all()


def test_the_dead_and_the_held_earn_nothing_afterwards(county: County) -> None:
    wages = county.work.wages
    person = wages["person"].to_numpy()
    month = wages["month"].to_numpy()
    first = ((month // 100 - 1970) * 12 + month % 100 - 1).astype("datetime64[M]").astype("datetime64[D]").astype(int)
    until = np.minimum(county.health.died, county.work.held_from)[person]
    assert (first <= until).all()


def test_areas_stand_after_their_ancestors(county: County) -> None:
    seen = {""}
    for code, _, _ in county.land.rows:
        assert {9: code[:6], 12: code[:9], 6: code[:4], 4: code[:2], 2: ""}[len(code)] in seen
        seen.add(code)
    assert {str(village) for village in county.families.village.tolist()} <= seen
