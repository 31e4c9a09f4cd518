"""What a county is made from: seed, size, time, dirt; and where its randomness comes from. No clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
EPOCH = date(1970, 1, 1)
COUNTY, CITY, PROVINCE = "990101", "9901", "99"


@dataclass(frozen=True, slots=True)
class Plan:
    """One county. Same plan, same bytes.

    `last` is any day of the last month of history (deliveries are cut off at its end), `months` how many months of
    history, `dirt` the share of identity numbers written otherwise than in their normal form, `pack` a small
    county full of edge cases with its applications and two spoilt files.
    """

    seed: int
    households: int
    dirt: float = 0.04
    months: int = 12
    last: date = date(2026, 6, 1)
    pack: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.dirt <= 0.5 or not 1 <= self.months <= 36 or not 20 <= self.households <= 1_400_000:
            raise ValueError("dirt 0 to 0.5, months 1 to 36, households 20 to 1,400,000 (a worksheet's last row)")

    def stream(self, name: str) -> np.random.Generator:
        """The randomness of one subject: a draw more in one leaves the others as they were."""
        return np.random.default_rng([self.seed, self.households, crc32(name.encode())])

    @property
    def cutoff(self) -> int:
        """Last day of the history."""
        return month_start(self.last, 1) - 1

    @property
    def first(self) -> int:
        """First day of the history."""
        return month_start(self.last, 1 - self.months)

    def month_codes(self) -> list[int]:
        """The months of the history as 202507, … in order."""
        return [month_code(self.last, offset) for offset in range(1 - self.months, 1)]


def month_code(day: date, offset: int) -> int:
    """The month `offset` months from the day's, as yyyymm."""
    years, month = divmod(day.year * 12 + day.month - 1 + offset, 12)
    return years * 100 + month + 1


def month_start(day: date, offset: int) -> int:
    """First day of the month `offset` months from the day's, in days since 1970."""
    code = month_code(day, offset)
    return days(date(code // 100, code % 100, 1))


def days(day: date) -> int:
    return (day - EPOCH).days


def calendar(day: int) -> date:
    return EPOCH + timedelta(days=int(day))


def age_on(born: Array, day: int) -> Array:
    """Full years on a day; the birthday reached counts. 29 February is reached on 1 March in common years."""
    at = calendar(day)
    months = born.astype("datetime64[D]").astype("datetime64[M]")
    years = months.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    in_month = (born.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64) + 1
    early = (month > at.month) | ((month == at.month) & (in_month > at.day))
    return np.asarray(at.year - years - early)
