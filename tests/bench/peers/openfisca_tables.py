"""A snapshot's Parquet as numpy arrays by person and household: what OpenFisca is given.

OpenFisca knows no unknown: an empty cell is zero or false here, and rows that were not answered are no rows. Money is
in hundredths. Rows of records are summed by person with numpy, since OpenFisca has persons and groups only.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

Array = npt.NDArray[Any]
HUKOU = {"城镇": 1, "农村": 2}
OBLIGORS = {"无": 1, "无履行能力": 1, "有": 2}


class Rows:
    """Columns of one file as arrays of one length."""

    def __init__(self, folder: Path, table: str, columns: list[str], codes: list[str] | None = None) -> None:
        path = folder / f"{table}.parquet"
        self._codes = codes or []
        table = pq.read_table(path, columns=[*columns, *self._codes], read_dictionary=self._codes)
        self._table = table.unify_dictionaries()

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def arrow(self, name: str) -> pa.Array:
        """The column as Arrow has it."""
        return self._table[name].combine_chunks()

    def money(self, name: str) -> Array:
        """Hundredths as float64: the low words of the decimals, which these amounts fit."""
        column = self.arrow(name).fill_null(0)
        words = np.frombuffer(column.buffers()[1], np.int64)[2 * column.offset :: 2]
        return words[: len(column)] / 10.0 ** (column.type.scale - 2)

    def number(self, name: str) -> Array:
        """Whole numbers; -1 for none."""
        return self.arrow(name).fill_null(-1).to_numpy()

    def flag(self, name: str) -> Array:
        """True or false."""
        return self.arrow(name).fill_null(False).to_numpy(zero_copy_only=False)

    def day(self, name: str) -> Array:
        """Days since 1970; a day long gone for none."""
        return self.arrow(name).cast(pa.int32()).fill_null(-200_000).to_numpy()

    def code(self, name: str, wanted: dict[str, int]) -> Array:
        """Codes as the numbers wanted; 0 for any other and for none."""
        column = self._table[name].unify_dictionaries().combine_chunks()
        numbers = np.array([*(wanted.get(text, 0) for text in column.dictionary.to_pylist()), 0], np.int8)
        return numbers[column.indices.fill_null(len(numbers) - 1).to_numpy()]

    def is_in(self, name: str, *wanted: str) -> Array:
        """Whether the code is one of those wanted."""
        return self.code(name, dict.fromkeys(wanted, 1)) == 1


def tables(folder: Path, day: date) -> tuple[dict[str, Array], dict[str, Array], dict[str, Array]]:
    """(by person, by household, homes and shops by row)."""
    why = [f"{name}__why" for name in _RECORDS]
    persons = Rows(folder, "persons", ["household_row", "member", "born_on", "is_authorised", *why], ["hukou_type"])
    by_person = {
        "household": persons.number("household_row"),
        "member": persons.flag("member"),
        "born_on": persons.day("born_on").astype("datetime64[D]"),
        "is_authorised": persons.flag("is_authorised"),
        "hukou_type": persons.code("hukou_type", HUKOU).astype(np.int32),
    }
    answered = {name: persons.number(f"{name}__why") < 0 for name in _RECORDS}
    by_person |= _from_rows(folder, day, len(persons), answered)
    return by_person, _households(folder), _real_estate(folder, answered["property"])


_RECORDS = (
    "wage", "pension", "farm_subsidy", "settlement", "disability", "death", "hukou", "custody", "bank_balance",
    "vehicle", "property", "business",
)  # fmt: skip


def _households(folder: Path) -> dict[str, Array]:
    names = ["head_row", "declared_other_income", "education_spending"]
    rows = Rows(folder, "households", names, ["obligor_status"])
    return {
        "head_row": rows.number("head_row"),
        "declared_other_income": rows.money("declared_other_income"),
        "education_spending": rows.money("education_spending"),
        "obligor_status": rows.code("obligor_status", OBLIGORS).astype(np.int32),
    }


def _real_estate(folder: Path, answered: Array) -> dict[str, Array]:
    rows = Rows(folder, "property", ["person_row", "floor_area"], ["unit_no", "use", "state"])
    person = rows.number("person_row")
    counts = rows.is_in("state", "现势") & answered[person]
    units = rows.arrow("unit_no")
    units = units.dictionary_encode() if not isinstance(units, pa.DictionaryArray) else units
    return {
        "person": person,
        "unit": units.indices.fill_null(0).to_numpy(),
        "floor_area": rows.money("floor_area"),
        "is_home": counts & rows.is_in("use", "住宅"),
        "is_shop": counts & rows.is_in("use", "商业"),
    }


def _from_rows(folder: Path, day: date, persons: int, answered: dict[str, Array]) -> dict[str, Array]:
    """What the rows of each feed come to, by person."""

    def total(rows: Rows, record: str, values: Array) -> Array:
        found = np.bincount(rows.number("person_row"), weights=values, minlength=persons)
        return np.where(answered[record], found, 0)

    first, last = _window(day)
    wage = Rows(folder, "wage", ["person_row", "month", "amount"])
    farm = Rows(folder, "farm_subsidy", ["person_row", "paid_on", "amount"])
    bills = Rows(folder, "settlement", ["person_row", "visited_on", "out_of_pocket"], ["kind"])
    bank = Rows(folder, "bank_balance", ["person_row", "deposits", "wealth_products"])
    month, paid, visited = wage.day("month"), farm.day("paid_on"), bills.day("visited_on")
    paid_out = bills.money("out_of_pocket") * ((visited >= first) & (visited < last))
    return {
        "wage_total": total(wage, "wage", wage.money("amount") * ((month >= first) & (month < last))),
        "farm_subsidy_total": total(farm, "farm_subsidy", farm.money("amount") * ((paid >= first) & (paid < last))),
        "out_of_pocket": total(bills, "settlement", paid_out),
        "inpatient_out_of_pocket": total(bills, "settlement", paid_out * bills.is_in("kind", "住院")),
        "financial_assets": total(bank, "bank_balance", bank.money("deposits") + bank.money("wealth_products")),
        **_people(folder, day, total),
        **_belongings(folder, total),
    }


def _people(folder: Path, day: date, total: Any) -> dict[str, Array]:
    today = (day - date(1970, 1, 1)).days
    pension = Rows(folder, "pension", ["person_row", "amount", "basic_amount"], ["scheme", "state"])
    custody = Rows(folder, "custody", ["person_row", "from_on", "to_on"], ["kind"])
    hukou = Rows(folder, "hukou", ["person_row"], ["state"])
    death = Rows(folder, "death", ["person_row"])
    counts = pension.money("amount") - pension.money("basic_amount") * pension.is_in("scheme", "城乡居民")
    ends = custody.day("to_on")
    inside = (custody.day("from_on") <= today) & ((today <= ends) | (ends < -100_000))
    return {
        "pension_income": total(pension, "pension", counts * pension.is_in("state", "在发")),
        "has_death_record": total(death, "death", np.ones(len(death))) > 0,
        "has_register_death": total(hukou, "hukou", hukou.is_in("state", "注销-死亡")) > 0,
        "is_in_custody": total(custody, "custody", inside & custody.is_in("kind", "服刑", "强制隔离戒毒")) > 0,
        **_disability(folder, total),
    }


def _disability(folder: Path, total: Any) -> dict[str, Array]:
    rows = Rows(folder, "disability", ["person_row"], ["state", "category", "grade"])
    valid, first = rows.is_in("state", "有效"), rows.is_in("grade", "一级")
    severe = first | rows.is_in("grade", "二级")
    mind = rows.is_in("category", "智力", "精神") & (severe | rows.is_in("grade", "三级"))
    body = rows.is_in("category", "肢体") & severe
    excludes = mind | body | (rows.is_in("category", "视力") & first)
    return {
        "is_severely_disabled": total(rows, "disability", valid & severe) > 0,
        "has_disability_that_excludes_work": total(rows, "disability", valid & excludes) > 0,
    }


def _belongings(folder: Path, total: Any) -> dict[str, Array]:
    vehicle = Rows(folder, "vehicle", ["person_row"], ["state", "type"])
    business = Rows(folder, "business", ["person_row", "registered_capital"], ["state", "type"])
    company = business.is_in("type", "有限责任公司", "股份有限公司")
    small = business.is_in("type", "个体工商户", "农民专业合作社") & (business.money("registered_capital") > 100_000_00)
    exists = business.is_in("state", "存续") & (company | small)
    cars = vehicle.is_in("state", "正常") & vehicle.is_in("type", "小型轿车")
    return {"cars": total(vehicle, "vehicle", cars), "excluded_businesses": total(business, "business", exists)}


def _window(day: date) -> tuple[int, int]:
    """The twelve months before the month of a day: first day of the first, first day of the month itself."""
    last = day.replace(day=1)
    first = last.replace(year=last.year - 1)
    return (first - date(1970, 1, 1)).days, (last - date(1970, 1, 1)).days
