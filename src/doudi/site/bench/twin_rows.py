"""What is true in a twin county as rows of records, in the columns a snapshot has: no dirt, nothing unanswered.

Money is in fen, days count from 1970, as in the twin. Whom the banks have not answered about has their true savings
here. Imported by `twin_population` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.site.bench.columns import Array
from doudi.twin import belongings, figures, health, work
from doudi.twin.county import County
from doudi.twin.families import ROLES
from doudi.twin.plan import COUNTY, month_start
from doudi.twin.text import joined, labels, padded

Columns = dict[str, Any]
"""By column, texts and flags as Arrow, all else as whole numbers; and `person`, whose row each is."""
_ILLNESSES = tuple(name or "其他" for name in health.ILLNESSES)
_CATEGORIES = tuple(figures.DISABILITY_CATEGORIES)


def _parts(table: pa.Table) -> dict[str, Array]:
    return {name: table[name].to_numpy() for name in table.column_names}


def _same(text: str, rows: int) -> pa.Array:
    return labels((text,), np.zeros(rows))


def _wages(county: County) -> Columns:
    rows = _parts(county.work.wages)
    month = (rows["month"] // 100 - 1970) * 12 + rows["month"] % 100 - 1
    first = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    payer = labels((*work.PAYERS, work.CORRECTION), rows["payer"])
    return {"person": rows["person"], "month": first, "payer": payer, "amount": rows["cents"]}


def _pensions(county: County) -> Columns:
    rows = _parts(county.work.pensions)
    return {
        "person": rows["person"],
        "scheme": labels(work.SCHEMES, rows["scheme"]),
        "amount": rows["cents"],
        "basic_amount": rows["basic"],
        "last_paid_in": np.full(len(rows["person"]), month_start(county.plan.last, 0)),
        "state": labels(work.PENSION_STATES, rows["state"]),
    }


def _settlements(county: County) -> Columns:
    rows = _parts(county.health.settlements)
    return {
        "person": rows["person"],
        "serial_no": joined("JS", padded(rows["serial"], 12)),
        "visited_on": rows["day"],
        "kind": labels(health.KINDS, rows["kind"]),
        "illness": labels(_ILLNESSES, rows["illness"]),
        "total_cost": rows["total"],
        "pooled_paid": rows["pooled"],
        "catastrophic_paid": rows["major"],
        "aid_paid": rows["aid"],
        "out_of_pocket": rows["paid"],
    }


def _property(county: County) -> Columns:
    rows, families, land = _parts(county.belongings.property), county.families, county.land
    townships = labels(land.townships, np.searchsorted(land.villages, families.of_household(families.village)))
    return {
        "person": rows["person"],
        "unit_no": joined(COUNTY, padded(rows["unit"] // 10_000, 10), "F", padded(rows["unit"] % 10_000, 4)),
        "location": joined(townships.take(pa.array(rows["person"])), padded(rows["door"], 1), "号"),
        "use": labels(belongings.USES, rows["use"]),
        "floor_area": rows["area"],
        "ownership": labels(("单独所有", "共同共有"), rows["joint"]),
        "registered_on": rows["registered"],
        "state": labels(belongings.PROPERTY_STATES, rows["state"]),
    }


def _vehicles(county: County) -> Columns:
    rows = _parts(county.belongings.vehicles)
    return {
        "person": rows["person"],
        "plate_no": joined("云A", padded(rows["plate"], 5)),
        "type": labels(belongings.VEHICLES, rows["kind"]),
        "registered_on": rows["registered"],
        "state": labels(belongings.VEHICLE_STATES, rows["state"]),
        "purchase_price": rows["price"] * 100_000,
    }


def _businesses(county: County) -> Columns:
    rows = _parts(county.belongings.businesses)
    start = pc.utf8_slice_codeunits(county.families.name.take(pa.array(rows["person"])), 0, 2)
    return {
        "person": rows["person"],
        "unified_code": joined("9", padded(rows["kind"].astype(np.int64) + 1, 1), COUNTY, padded(rows["code"], 10)),
        "business_name": joined("云溪县", start, "商行"),
        "type": labels(belongings.BUSINESSES, rows["kind"]),
        "registered_capital": rows["capital"] * 1_000_000,
        "established_on": rows["established"],
        "state": labels(belongings.BUSINESS_STATES, rows["state"]),
        "role": labels(belongings.BUSINESS_ROLES, rows["role"]),
    }


def _balances(county: County) -> Columns:
    """Everybody has a row: the banks' figures, where they did not answer what is true."""
    rows, deposits = _parts(county.belongings.bank), county.belongings.savings.copy()
    wealth = np.zeros_like(deposits)
    deposits[rows["person"]], wealth[rows["person"]] = rows["deposits"], rows["wealth"]
    person = np.arange(len(deposits))
    as_at = np.full(len(person), county.plan.cutoff)
    return {"person": person, "as_at": as_at, "deposits": deposits, "wealth_products": wealth}


def _subsidies(county: County) -> Columns:
    rows = _parts(county.belongings.subsidies)
    item = labels(belongings.SUBSIDIES, rows["item"])
    return {"person": rows["person"], "item": item, "amount": rows["cents"], "paid_on": rows["day"]}


def _cards(county: County) -> Columns:
    rows = _parts(county.health.cards)
    return {
        "person": rows["person"],
        "category": labels(_CATEGORIES, rows["category"]),
        "grade": labels(health.GRADES, rows["grade"] - 1),
        "issued_on": rows["issued"],
        "state": labels(health.CARD_STATES, rows["state"]),
    }


def _schooling(county: County) -> Columns:
    rows = _parts(county.work.schools)
    return {
        "person": rows["person"],
        "stage": labels(work.STAGES, rows["stage"]),
        "school": joined("云溪县第", padded(rows["school"], 1), "学校"),
        "is_public": pa.array(rows["public"]),
        "state": _same("在读", len(rows["person"])),
    }


def _deaths(county: County) -> Columns:
    person = np.flatnonzero(county.health.death_reported)
    return {"person": person, "died_on": county.health.died[person]}


def _custody(county: County) -> Columns:
    rows = _parts(county.work.custody)
    kind = labels(work.CUSTODY_KINDS, rows["kind"])
    return {"person": rows["person"], "kind": kind, "from_on": rows["begin"], "to_on": rows["end"]}


def _register(county: County) -> Columns:
    """The household register; a living person's state holds since birth."""
    families, gone = county.families, county.health.death_registered
    return {
        "person": np.arange(families.count),
        "household_no": joined("YX", padded(families.household, 6)),
        "sex": labels(("女", "男"), families.male),
        "ethnicity": families.people,
        "born_on": families.born,
        "relation": labels(ROLES, families.role),
        "hukou_type": labels(("农村", "城镇"), families.of_household(families.urban)),
        "area": pc.cast(pa.array(families.of_household(families.village)), pa.string()),
        "state": labels(("正常", "注销-死亡"), gone),
        "state_on": np.where(gone, county.health.died, families.born),
    }


def _ledger(county: County) -> Columns:
    """The families on Dibao, in the name of their heads."""
    rows, families = _parts(county.assistance.ledger), county.families
    since = np.array([month_start(county.plan.last, -ago) for ago in range(18)])
    return {
        "person": families.start[rows["household"]],
        "household_size": rows["size"],
        "area": pc.cast(pa.array(families.village[rows["household"]]), pa.string()),
        "covered_count": rows["size"],
        "amount": rows["yuan"] * 100,
        "since": since[rows["months_ago"]],
    }


ROWS: dict[str, Callable[[County], Columns]] = {
    "wage": _wages,
    "pension": _pensions,
    "settlement": _settlements,
    "property": _property,
    "vehicle": _vehicles,
    "business": _businesses,
    "bank_balance": _balances,
    "farm_subsidy": _subsidies,
    "disability": _cards,
    "schooling": _schooling,
    "death": _deaths,
    "custody": _custody,
    "hukou": _register,
    "dibao_ledger": _ledger,
}
