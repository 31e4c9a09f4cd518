"""Made-up deliveries of any size for `bench load`: medical settlements as CSV, the vehicle register as XLSX.

Identity numbers carry the impossible prefix 99; five rows in a row belong to one person, one row in a thousand has a
number that nobody can use.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import xlsxwriter

from doudi.lib.identity_number import CHECKS, WEIGHTS
from doudi.site.bench.columns import Array, amounts, chosen, dates

DAY = date(2026, 7, 14)
_BORN_FROM = np.datetime64("1930-01-01")


def identity_numbers(count: int) -> list[str]:
    """Different valid numbers of people who cannot exist."""
    who = np.arange(count)
    born = (_BORN_FROM + (who // 999)).astype(str)
    first = np.char.add(
        np.char.add("990101", np.char.replace(born, "-", "")), np.char.zfill((who % 999 + 1).astype(str), 3)
    )
    digits = first.astype("S17").view(np.uint8).reshape(count, 17) - ord("0")
    checks = np.array(list(CHECKS))[(digits * np.array(WEIGHTS)).sum(axis=1) % 11]
    return [str(number) for number in np.char.add(first, checks)]


def _numbers(rows: int) -> pa.Array:
    numbers = identity_numbers(rows // 5 + 1)
    spoiled = np.arange(rows) % 1000 == 7
    text = pa.array(numbers).take(pa.array(np.arange(rows) // 5))
    return pa.array(np.where(spoiled, "99010119", text.to_numpy(zero_copy_only=False)).tolist(), pa.string())


def _money(rng: np.random.Generator, median: float, rows: int) -> pa.Array:
    hundredths = amounts(rng, median, 1.2, rows)
    cents = np.char.zfill((hundredths % 100).astype(str), 2)
    return pa.array(np.char.add(np.char.add((hundredths // 100).astype(str), "."), cents).tolist())


def write_csv(path: Path, rows: int, seed: int) -> None:
    """So many medical settlements."""
    rng = np.random.default_rng(seed)
    known: Array = np.zeros(rows, bool)
    kinds = {"普通门诊": 0.6, "住院": 0.15, "门诊慢特": 0.15, "药店购药": 0.1}
    table = pa.table(
        {
            "结算流水号": pa.array(np.char.add("YB", (10_000_000 + np.arange(rows)).astype(str)).tolist()),
            "证件号码": _numbers(rows),
            "姓名": chosen(rng, {"王某": 3.0, "李某": 2.0, "欧阳某": 1.0}, rows, known),
            "就诊日期": dates(DAY, rng.uniform(15, 370, rows), known),
            "类别": chosen(rng, kinds, rows, known),
            "病种": chosen(rng, {"高血压": 3.0, "糖尿病": 2.0, "感冒": 1.0}, rows, known),
            **{name: _money(rng, median, rows) for name, median in _AMOUNTS.items()},
        }
    )
    pa_csv.write_csv(table, path, pa_csv.WriteOptions(quoting_style="none", quoting_header="none"))


_AMOUNTS = {"总费用": 900.0, "统筹支付": 400.0, "大病支付": 40.0, "医疗救助支付": 30.0, "个人自付": 300.0}


def write_xlsx(path: Path, rows: int, seed: int) -> None:
    """So many vehicles, under two lines of title, with a line of totals."""
    rng = np.random.default_rng(seed)
    known: Array = np.zeros(rows, bool)
    columns = {
        "号牌号码": [f"云Z{number:06d}" for number in range(rows)],
        "车主证号": _numbers(rows).to_pylist(),
        "车主姓名": chosen(rng, {"王某": 2.0, "李某": 1.0}, rows, known).to_pylist(),
        "车辆类型": chosen(rng, {"小型轿车": 1.0, "普通二轮摩托车": 1.0}, rows, known).to_pylist(),
        "初次登记日期": [day.isoformat() for day in dates(DAY, rng.uniform(50, 5000, rows), known).to_pylist()],
        "状态": chosen(rng, {"正常": 9.0, "注销": 1.0}, rows, known).to_pylist(),
        "新车购置价(万元)": (amounts(rng, 8, 0.5, rows) // 100).tolist(),
    }
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("机动车")
        sheet.write_row(0, 0, ["机动车登记"])
        sheet.write_row(1, 0, ["数据截止 2026-06-30"])
        sheet.write_row(2, 0, list(columns))
        for number, row in enumerate(zip(*columns.values(), strict=True)):
            sheet.write_row(number + 3, 0, row)
        sheet.write_row(rows + 3, 0, ["", "合计", rows])
