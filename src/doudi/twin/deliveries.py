"""The departments' text deliveries, in the forms the county agreed on: names, encodings, headers, line ends.

Each function writes one file and returns which of its rows carry a number that can still be read. Sheets are in
`sheets`; what is true is in `truth`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.twin.belongings import PROPERTY_STATES, USES
from doudi.twin.clerk import hand
from doudi.twin.county import County
from doudi.twin.families import ROLES
from doudi.twin.health import ILLNESSES, KINDS
from doudi.twin.numbers import texts
from doudi.twin.plan import COUNTY, Array
from doudi.twin.text import day_texts, joined, labels, lines, money, padded, quoted
from doudi.twin.work import CORRECTION, CUSTODY_KINDS, PAYERS, PENSION_STATES, SCHEMES, STAGES


def household_register(county: County, folder: Path) -> Array:
    """公安: gongan_huji.csv. A row in a thousand stands twice, as written or written anew."""
    clerk, families, health = hand(county, "gongan_huji"), county.families, county.health
    person = np.arange(families.count)
    number, legible = clerk.numbers(person)
    gone = health.death_registered
    state_day = pc.if_else(pa.array(gone), day_texts(np.where(gone, health.died, 0), "compact"), "")
    columns = [
        joined("YX", padded(families.household, 6)),
        clerk.names(person),
        number,
        labels(("女", "男"), families.male),
        families.people,
        day_texts(families.born, clerk.habits.days or "compact"),
        clerk.codes(ROLES, families.role),
        clerk.codes(("农村", "城镇"), families.of_household(families.urban)),
        pc.cast(pa.array(families.of_household(families.village)), pa.string()),
        clerk.codes(("正常", "注销-死亡"), gone),
        state_day,
    ]
    again = np.flatnonzero(clerk.rng.random(families.count) < clerk.share / 40)
    repeated = [column.take(pa.array(again)) for column in columns]
    anew = pa.array(clerk.rng.random(len(again)) < 0.3)
    repeated[2] = pc.if_else(anew, clerk.numbers(again)[0], repeated[2])
    head = "户号,姓名,公民身份号码,性别,民族,出生日期,与户主关系,户口性质,地址区划,状态,状态日期"
    clerk.write(folder / "gongan_huji.csv", head, lines(columns) + lines(repeated), "gb18030")
    return legible


def pensions(county: County, folder: Path) -> Array:
    """人社: renshe_yanglao.csv, UTF-8 with a byte order mark, thousands separators."""
    clerk, rows = hand(county, "renshe_yanglao"), county.work.pensions
    person = rows["person"].to_numpy()
    number, legible = clerk.numbers(person)
    last = county.plan.month_codes()[-1]
    columns = [
        number,
        clerk.names(person),
        clerk.codes(SCHEMES, rows["scheme"].to_numpy()),
        quoted(money(rows["cents"].to_numpy(), thousands=True)),
        quoted(money(rows["basic"].to_numpy(), thousands=clerk.habits.thousands)),
        pa.array([f"{last // 100}-{last % 100:02d}"]).take(pa.array(np.zeros(len(person), dtype=np.int64))),
        clerk.codes(PENSION_STATES, rows["state"].to_numpy()),
    ]
    head = "\ufeff身份证号,姓名,险种,月待遇(元),其中基础养老金(元),最近发放月,状态"
    clerk.write(folder / "renshe_yanglao.csv", head, lines(columns))
    return legible


def wages(county: County, folder: Path) -> Array:
    """税务: shuiwu_gongzi.txt, divided by bars; corrections are negative rows of their own."""
    clerk, rows = hand(county, "shuiwu_gongzi"), county.work.wages
    person, cents = rows["person"].to_numpy(), rows["cents"].to_numpy()
    number, legible = clerk.numbers(person)
    columns = [
        pc.cast(rows["month"].combine_chunks(), pa.string()),
        number,
        clerk.names(person),
        labels((*PAYERS, CORRECTION), rows["payer"].to_numpy()),
        money(cents, thousands=clerk.odd(len(person))),
    ]
    head = "所属期|证件号码|姓名|扣缴义务人|收入额"
    clerk.write(folder / "shuiwu_gongzi.txt", head, lines(columns, delimiter="|", end="\n"), end="\n")
    return legible


def property_register(county: County, folder: Path) -> Array:
    """自然资源: ziran_budongchan.csv; co-owners have a row each with the same unit number."""
    clerk, rows = hand(county, "ziran_budongchan"), county.belongings.property
    person, unit = rows["person"].to_numpy(), rows["unit"].to_numpy()
    number, legible = clerk.numbers(person)
    places = np.searchsorted(county.land.villages, county.families.of_household(county.families.village)[person])
    columns = [
        number,
        clerk.names(person),
        joined(COUNTY, padded(unit // 10_000, 10), "F", padded(unit % 10_000, 4)),
        joined(labels(county.land.townships, places), padded(rows["door"].to_numpy(), 1), "号"),
        clerk.codes(USES, rows["use"].to_numpy()),
        money(rows["area"].to_numpy()),
        labels(("单独所有", "共同共有"), rows["joint"].to_numpy()),
        clerk.days(rows["registered"].to_numpy(), "slashed"),
        clerk.codes(PROPERTY_STATES, rows["state"].to_numpy()),
    ]
    head = "权利人证件号,权利人,不动产单元号,坐落,用途,建筑面积(㎡),共有方式,登记日期,状态"
    clerk.write(folder / "ziran_budongchan.csv", head, lines(columns), "gb18030")
    return legible


def bank(county: County, folder: Path) -> Array:
    """银行: yinhang_jinrong.csv; nobody's absence from it means nothing."""
    clerk, rows = hand(county, "yinhang_jinrong"), county.belongings.bank
    person = rows["person"].to_numpy()
    number, legible = clerk.numbers(person)
    columns = [
        number,
        day_texts(np.full(len(person), county.plan.cutoff), clerk.habits.days or "iso"),
        quoted(money(rows["deposits"].to_numpy(), thousands=True)),
        quoted(money(rows["wealth"].to_numpy(), thousands=True)),
    ]
    clerk.write(folder / "yinhang_jinrong.csv", "证件号码,截止日,存款余额,理财余额", lines(columns))
    return legible


def settlements(county: County, folder: Path) -> Array:
    """医保: yibao_jiesuan.csv, one row a settlement, refunds with a number and a date of their own."""
    clerk, rows = hand(county, "yibao_jiesuan"), county.health.settlements
    person = rows["person"].to_numpy()
    number, legible = clerk.numbers(person)
    odd = clerk.odd(len(person))
    columns = [
        joined("JS", padded(rows["serial"].to_numpy(), 12)),
        number,
        clerk.names(person),
        clerk.days(rows["day"].to_numpy(), "iso"),
        clerk.codes(KINDS, rows["kind"].to_numpy()),
        labels(ILLNESSES, rows["illness"].to_numpy()),
    ]
    amounts = (rows[name].to_numpy() for name in ("total", "pooled", "major", "aid", "paid"))
    columns += [quoted(money(amount, thousands=odd)) for amount in amounts]
    head = "结算流水号,证件号码,姓名,就诊日期,类别,病种,总费用,统筹支付,大病支付,医疗救助支付,个人自付"
    body = lines(columns)
    clerk.write(folder / "yibao_jiesuan.csv", head, body)
    if county.plan.pack:
        half = (head + "\r\n").encode() + body
        cut = half.rfind(b"\r\n", 0, len(half) // 10) + 2 + 31
        (folder / "yibao_jiesuan_截断.csv").write_bytes(half[:cut])
    return legible


def deaths(county: County, folder: Path) -> Array:
    """卫健: weijian_siwang.csv."""
    clerk = hand(county, "weijian_siwang")
    person = np.flatnonzero(county.health.death_reported)
    number, legible = clerk.numbers(person)
    columns = [number, clerk.names(person), clerk.days(county.health.died[person], "dotted")]
    clerk.write(folder / "weijian_siwang.csv", "证件号码,姓名,死亡日期", lines(columns))
    return legible


def custody(county: County, folder: Path) -> Array:
    """司法: sifa_zaiya.csv."""
    clerk, rows = hand(county, "sifa_zaiya"), county.work.custody
    person = rows["person"].to_numpy()
    number, legible = clerk.numbers(person)
    begin, end = (clerk.days(rows[name].to_numpy(), "iso") for name in ("begin", "end"))
    columns = [number, clerk.names(person), clerk.codes(CUSTODY_KINDS, rows["kind"].to_numpy()), begin, end]
    clerk.write(folder / "sifa_zaiya.csv", "证件号码,姓名,类型,起始日,终止日", lines(columns))
    return legible


def school_roll(county: County, folder: Path) -> Array:
    """教育: jiaoyu_xueji.csv."""
    clerk, rows = hand(county, "jiaoyu_xueji"), county.work.schools
    person = rows["person"].to_numpy()
    number, legible = clerk.numbers(person)
    columns = [
        number,
        clerk.names(person),
        clerk.codes(STAGES, rows["stage"].to_numpy()),
        joined("云溪县第", padded(rows["school"].to_numpy(), 1), "学校"),
        labels(("否", "是"), rows["public"].to_numpy()),
        labels(("在读",), np.zeros(len(person))),
    ]
    clerk.write(folder / "jiaoyu_xueji.csv", "证件号码,姓名,学段,学校,是否公办,状态", lines(columns), "gb18030")
    return legible


def areas(county: County, folder: Path) -> None:
    """民政: areas.csv, every area after its ancestors."""
    rows = "".join(f"{code},{name},{level}\r\n" for code, name, level in county.land.rows)
    hand(county, "areas").write(folder / "areas.csv", "区划代码,名称,级别", rows.encode())


def applications(county: County, folder: Path) -> None:
    """乡镇窗口: applications.csv; several numbers in a cell are divided by semicolons."""
    clerk, people = hand(county, "applications"), _concerned(county)
    column, legible = clerk.numbers(people)
    column = column if county.plan.pack else texts(county.families.number[people])
    clean = texts(county.families.number[people])
    column = pc.if_else(pa.array(legible), column, clean)
    number = dict(zip(people.tolist(), column.to_pylist(), strict=True))
    body = []
    for one in county.assistance.applications:
        members = ";".join(number[member] for member in one.members)
        signed = ";".join(number[member] for member in one.signed)
        day = day_texts(np.array([one.applied_on]), "iso")[0].as_py()
        income, spent = (money(np.array([cents]))[0].as_py() for cents in (one.other_income, one.education))
        cells = (one.number, day, f"YX{one.household:06d}", number[one.applicant], members, income, spent)
        body.append(",".join((*cells, one.obligors, signed)) + "\r\n")
    head = "申请编号,申请日期,户号,申请人证号,共同生活成员证号,申报其他月收入,年教育支出,法定义务人,已签授权书成员证号"
    clerk.write(folder / "applications.csv", head, "".join(body).encode())


def _concerned(county: County) -> Array:
    people = {person for one in county.assistance.applications for person in (*one.members, one.applicant)}
    return np.array(sorted(people), dtype=np.int64)


TEXTS: dict[str, Callable[[County, Path], Array]] = {
    "gongan_huji": household_register,
    "renshe_yanglao": pensions,
    "shuiwu_gongzi": wages,
    "ziran_budongchan": property_register,
    "yinhang_jinrong": bank,
    "yibao_jiesuan": settlements,
    "weijian_siwang": deaths,
    "sifa_zaiya": custody,
    "jiaoyu_xueji": school_roll,
}
