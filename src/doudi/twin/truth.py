"""The truth of a county: clean tables in Parquet, readable by their owner only. No product code opens this folder."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from doudi.twin import belongings, figures, work
from doudi.twin import health as healths
from doudi.twin.county import County
from doudi.twin.families import ROLES
from doudi.twin.numbers import texts
from doudi.twin.plan import Array
from doudi.twin.text import joined, labels, padded

FOLDER = "truth"


def write_truth(county: County, folder: Path, legible: dict[str, Array]) -> None:
    """One file a subject; `legible` says which rows of each delivery carry a number that can be read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    tables = {"persons": _persons(county, legible), "households": _households(county)}
    tables |= {"applications": _applications(county), "areas": _areas(county)}
    tables |= _rows(county, legible)
    for name, table in tables.items():
        with _private(folder / f"{name}.parquet") as sink:
            pq.write_table(table, sink, compression="zstd", row_group_size=1_000_000)
    plan = {key: str(value) if key == "last" else value for key, value in asdict(county.plan).items()}
    with _private(folder / "plan.json") as sink:
        sink.write(json.dumps(plan, ensure_ascii=False, indent=1).encode())


def _private(path: Path) -> pa.PythonFile:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(handle, 0o600)
    return pa.PythonFile(os.fdopen(handle, "wb"), mode="w")


def _persons(county: County, legible: dict[str, Array]) -> pa.Table:
    families, health = county.families, county.health
    alive = health.died == healths.ALIVE
    days = pa.array(families.born.astype(np.int32)).cast(pa.date32())
    read = health.death_reported.copy()
    read[health.death_reported] = legible["weijian_siwang"]
    died = pa.array(np.where(alive, 0, health.died).astype(np.int32), mask=alive).cast(pa.date32())
    return pa.table(
        {
            "person": np.arange(families.count),
            "household": families.household,
            "number": texts(families.number),
            "name": families.name,
            "people": families.people,
            "relation": labels(ROLES, families.role),
            "male": families.male,
            "born_on": days,
            "died_on": died,
            "death_reported": health.death_reported,
            "death_registered": health.death_registered,
            "disability_grade": health.grade,
            "seriously_ill": health.seriously_ill,
            "savings": _yuan(county.belongings.savings),
            "register_legible": legible["gongan_huji"],
            "death_report_legible": read,
        }
    )


def _households(county: County) -> pa.Table:
    families = county.families
    return pa.table(
        {
            "household": np.arange(len(families.size)),
            "household_no": joined("YX", padded(np.arange(len(families.size)), 6)),
            "size": families.size,
            "urban": families.urban,
            "village": families.village,
            "prosperity": families.prosperity,
            "unseen_income": _yuan(county.work.unseen),
        }
    )


def _applications(county: County) -> pa.Table:
    rows = county.assistance.applications
    names = ("number", "household", "applicant", "members", "signed", "obligors")
    table = pa.table({name: [getattr(row, name) for row in rows] for name in names})
    days = pa.array([row.applied_on for row in rows], pa.int32()).cast(pa.date32())
    for name in ("other_income", "education"):
        table = table.append_column(name, _yuan(np.array([getattr(row, name) for row in rows], dtype=np.int64)))
    return table.append_column("applied_on", days)


def _areas(county: County) -> pa.Table:
    code, name, level = zip(*county.land.rows, strict=True)
    return pa.table({"code": code, "name": name, "level": level})


def _rows(county: County, legible: dict[str, Array]) -> dict[str, pa.Table]:
    own, jobs, health = county.belongings, county.work, county.health
    words: dict[str, tuple[pa.Table, dict[str, tuple[str, ...]]]] = {
        "shuiwu_gongzi": (jobs.wages, {"payer": (*work.PAYERS, work.CORRECTION)}),
        "renshe_yanglao": (jobs.pensions, {"scheme": work.SCHEMES, "state": work.PENSION_STATES}),
        "jiaoyu_xueji": (jobs.schools, {"stage": work.STAGES}),
        "sifa_zaiya": (jobs.custody, {"kind": work.CUSTODY_KINDS}),
        "yibao_jiesuan": (health.settlements, {"kind": healths.KINDS, "illness": healths.ILLNESSES}),
        "canlian_chizheng": (
            health.cards,
            {"category": tuple(figures.DISABILITY_CATEGORIES), "state": healths.CARD_STATES},
        ),
        "ziran_budongchan": (own.property, {"use": belongings.USES, "state": belongings.PROPERTY_STATES}),
        "gongan_cheliang": (own.vehicles, {"kind": belongings.VEHICLES, "state": belongings.VEHICLE_STATES}),
        "shichang_zhuti": (
            own.businesses,
            {"kind": belongings.BUSINESSES, "state": belongings.BUSINESS_STATES, "role": belongings.BUSINESS_ROLES},
        ),
        "yinhang_jinrong": (own.bank, {}),
        "nongye_butie": (own.subsidies, {"item": belongings.SUBSIDIES}),
        "minzheng_dibao_taizhang": (county.assistance.ledger, {}),
    }
    return {feed: _spoken(table, codes, legible[feed]) for feed, (table, codes) in words.items()}


_MONEY = {"cents", "basic", "deposits", "wealth", "total", "pooled", "major", "aid", "paid"}
_DAYS = {"day", "begin", "end", "registered", "established", "issued"}


def _spoken(table: pa.Table, codes: dict[str, tuple[str, ...]], legible: Array) -> pa.Table:
    """Codes as words, fen as yuan, days as dates, and whether the delivered row can be read."""
    columns = {}
    for name in table.column_names:
        value = table[name].to_numpy()
        if name in codes:
            columns[name] = labels(codes[name], value)
        elif name in _MONEY:
            columns["yuan" if name == "cents" else name] = _yuan(value)
        elif name in _DAYS:
            columns[name] = pa.array(value.astype(np.int32)).cast(pa.date32())
        else:
            columns[name] = table[name]
    return pa.table({**columns, "legible": legible})


def _yuan(cents: Array) -> pa.Array:
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(_wide(cents))])


def _wide(cents: Array) -> Array:
    """int64 → little-endian 128-bit integers."""
    words = np.empty((len(cents), 2), dtype=np.int64)
    words[:, 0] = cents
    words[:, 1] = cents >> 63
    return words
