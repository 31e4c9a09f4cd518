"""What made-up people and their records are like: shares, ages and amounts, plausible for a poor county."""

from __future__ import annotations

from collections.abc import Mapping

SIZES = (0.22, 0.30, 0.22, 0.14, 0.08, 0.03, 0.01)
RECORDS: Mapping[str, tuple[int, int, float, int, int]] = {
    "wage": (16, 60, 0.42, 6, 12),
    "settlement": (0, 120, 0.45, 1, 5),
    "pension": (60, 120, 0.9, 1, 1),
    "property": (18, 120, 0.3, 1, 2),
    "vehicle": (18, 75, 0.12, 1, 1),
    "business": (18, 75, 0.04, 1, 1),
    "bank_balance": (0, 120, 0.8, 1, 1),
    "farm_subsidy": (18, 120, 0.3, 1, 2),
    "disability": (0, 120, 0.06, 1, 1),
    "schooling": (3, 22, 0.85, 1, 1),
    "hukou": (0, 120, 1.0, 1, 1),
    "death": (0, 120, 0.01, 1, 1),
    "custody": (18, 70, 0.003, 1, 1),
    "dibao_ledger": (0, 120, 0.02, 1, 1),
}
"""By record: from age, to age, share of those people with rows, fewest and most rows. Any other: 5 in 100, one row."""
SHARES: Mapping[tuple[str, str], Mapping[str, float]] = {
    ("hukou", "state"): {"正常": 0.985, "注销-死亡": 0.01, "迁出": 0.005},
    ("pension", "scheme"): {"城乡居民": 0.8, "城镇职工": 0.2},
    ("pension", "state"): {"在发": 0.95, "暂停": 0.05},
    ("property", "use"): {"住宅": 0.9, "商业": 0.04, "车位": 0.06},
    ("property", "state"): {"现势": 0.93, "历史": 0.07},
    ("vehicle", "type"): {"小型轿车": 0.4, "普通二轮摩托车": 0.5, "残疾人专用汽车": 0.1},
    ("vehicle", "state"): {"正常": 0.85, "注销": 0.1, "报废": 0.05},
    ("business", "type"): {"个体工商户": 0.8, "有限责任公司": 0.15, "农民专业合作社": 0.05},
    ("business", "state"): {"存续": 0.6, "注销": 0.4},
    ("settlement", "kind"): {"普通门诊": 0.6, "住院": 0.15, "门诊慢特": 0.15, "药店购药": 0.1},
    ("disability", "state"): {"有效": 0.9, "过期": 0.1},
    ("custody", "kind"): {"服刑": 0.7, "强制隔离戒毒": 0.2, "社区矫正": 0.1},
    ("household", "obligor_status"): {"有": 0.75, "无": 0.15, "无履行能力": 0.1},
    ("person", "hukou_type"): {"农村": 0.7, "城镇": 0.3},
}
AMOUNTS: Mapping[tuple[str, str], tuple[float, float]] = {
    ("wage", "amount"): (2200, 0.6),
    ("pension", "amount"): (420, 0.9),
    ("pension", "basic_amount"): (150, 0.1),
    ("settlement", "out_of_pocket"): (600, 1.4),
    ("bank_balance", "deposits"): (6000, 1.5),
    ("bank_balance", "wealth_products"): (800, 1.5),
    ("business", "registered_capital"): (60000, 1.2),
    ("property", "floor_area"): (80, 0.35),
    ("farm_subsidy", "amount"): (500, 0.7),
    ("household", "declared_other_income"): (150, 1.0),
    ("household", "education_spending"): (2500, 1.0),
}
"""Median and spread of log-normal amounts; an amount not named here has a median of 1,000."""
