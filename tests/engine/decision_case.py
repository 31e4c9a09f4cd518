"""The family of the decision screen: an old man with pension and disability, his wife with nine months of wages."""

from __future__ import annotations

from typing import Any

RECORDS = (
    "farm_subsidy", "bank_balance", "dibao_ledger", "disability", "schooling", "death", "pension", "custody",
    "business", "settlement", "property", "vehicle", "hukou", "wage",
)  # fmt: skip
MONTHS = ["2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]


def rows(*found: dict[str, Any], first: int = 2) -> list[dict[str, Any]]:
    return [{**cells, "_row": first + i, "_delivery": "d1"} for i, cells in enumerate(found)]


def decision_case() -> dict[str, Any]:
    """CASE.json; everything is answered."""
    man = {name: [] for name in RECORDS} | {
        "pension": rows(
            {"scheme": "城乡居民", "amount": "341.00", "basic_amount": "143.00", "state": "在发"}, first=1204
        ),
        "disability": rows({"category": "肢体", "grade": "二级", "state": "有效"}),
        "settlement": rows({"visited_on": "2026-01-09", "kind": "普通门诊", "out_of_pocket": "2400.00"}),
        "farm_subsidy": rows({"item": "耕地", "amount": "657.60", "paid_on": "2026-04-01"}),
        "bank_balance": rows({"deposits": "4621.10", "wealth_products": "0.00"}),
    }
    wife = {name: [] for name in RECORDS} | {
        "wage": rows(*({"month": month, "amount": "1200.00"} for month in MONTHS)),
        "bank_balance": rows({"deposits": "0.00", "wealth_products": "0.00"}),
    }
    people = (("li", "1960-03-01", man), ("wang", "1966-05-01", wife))
    return {
        "as_of": "2026-07-10",
        "place": "990101",
        "household": {
            "id": "h1",
            "area": "990101001001",
            "head": "li",
            "declared_other_income": "0.00",
            "education_spending": "0.00",
            "obligor_status": "有",
        },
        "persons": [
            {"id": name, "born_on": born, "hukou_type": "农村", "is_authorised": True, "records": records}
            for name, born, records in people
        ],
    }
