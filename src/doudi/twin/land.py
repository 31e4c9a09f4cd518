"""The county's areas: province, city and county with the impossible prefix 99, its townships and villages.

Sizes follow the nation's: a township has some 5,000 households, a village or community some 800, never fewer than four.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from doudi.twin import figures
from doudi.twin.plan import CITY, COUNTY, PROVINCE, Array, Plan

SEATS = ("城关街道", "望江街道", "云溪镇", "东河街道", "新城街道", "北关镇", "南湖街道", "金桥镇", "白塔镇", "长岭镇")
COUNTRY = ("石桥乡", "青山乡", "柳河乡", "大坪乡", "龙泉乡", "枫林乡", "双河乡", "马鞍乡", "清水乡", "高峰乡")
_AGAIN = "上下前后新老东西南北"


@dataclass(frozen=True, slots=True)
class Land:
    """`rows` of areas.csv; villages as 12-digit integers with the name of their township, towns first."""

    rows: tuple[tuple[str, str, str], ...]
    villages: Array
    townships: tuple[str, ...]
    town_villages: int


def lay_out(plan: Plan) -> Land:
    """Townships 001… are urban, 101… rural; communities are numbered from 001, villages from 201."""
    pairs = int(np.clip(round(plan.households / 10_000), 3 if plan.pack or plan.households >= 1500 else 2, 99))
    each = int(np.clip(round(plan.households * figures.URBAN_SHARE / pairs / 800), 4, 198))
    rows = [(PROVINCE, "云岭省", "省"), (CITY, "云溪市", "市"), (COUNTY, "云溪县", "县")]
    towns = [(f"{COUNTY}{n + 1:03d}", _name(SEATS, n), "社区", 1) for n in range(pairs)]
    towns += [(f"{COUNTY}{n + 101:03d}", _name(COUNTRY, n), "村", 201) for n in range(pairs)]
    rows += [(code, name, "乡镇街道") for code, name, _, _ in towns]
    villages, owners = [], []
    for code, name, word, start in towns:
        for n in range(each + (word == "村")):
            villages.append(f"{code}{start + n:03d}")
            owners.append(name)
            rows.append((villages[-1], f"{name}{n + 1}{word}", "村居"))
    return Land(tuple(rows), np.array([int(code) for code in villages]), tuple(owners), pairs * each)


def _name(pool: tuple[str, ...], place: int) -> str:
    turn, index = divmod(place, len(pool))
    return (_AGAIN[(turn - 1) % len(_AGAIN)] if turn else "") + pool[index]
