"""The county's rules once more, naively: plain Python and fractions, written from the county's own README.

An oracle for whole runs. It shares nothing with the product: no engine, no policy file, no rounding helper.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

FROM, TO = date(2025, 7, 1), date(2026, 6, 30)
UNSIGNED, NO_BANK = "待定:缺授权", "待定:缺金融资产"


@dataclass
class Someone:
    """What the deliveries say of a person; `bank` is None when no bank answered."""

    number: str
    wages: list[tuple[int, Fraction]] = field(default_factory=list)
    pensions: list[tuple[str, Fraction, Fraction, str]] = field(default_factory=list)
    vehicles: list[tuple[str, str]] = field(default_factory=list)
    businesses: list[tuple[str, Fraction, str]] = field(default_factory=list)
    property: list[tuple[str, str, Fraction, str]] = field(default_factory=list)
    settlements: list[tuple[date, str, Fraction]] = field(default_factory=list)
    cards: list[tuple[str, str, str]] = field(default_factory=list)
    custody: list[tuple[date, date]] = field(default_factory=list)
    subsidies: list[tuple[date, Fraction]] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    dead: bool = False
    bank: Fraction | None = None

    def age(self, day: date) -> int:
        born = date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def held(self, day: date) -> bool:
        return any(begin <= day <= end for begin, end in self.custody)

    def wage(self) -> Fraction:
        return sum((cents for month, cents in self.wages if 202507 <= month <= 202606), Fraction(0))

    def paid(self) -> Fraction:
        return sum((yuan for day, _, yuan in self.settlements if FROM <= day <= TO), Fraction(0))

    def seriously_ill(self) -> bool:
        inpatient = sum((y for day, kind, y in self.settlements if FROM <= day <= TO and kind == "住院"), Fraction(0))
        return inpatient >= 20000

    def severely_disabled(self) -> bool:
        return any(state == "有效" and grade in ("一级", "二级") for _, grade, state in self.cards)

    def unable_to_work(self, day: date) -> bool:
        allowed = {
            "智力": ("一级", "二级", "三级"),
            "精神": ("一级", "二级", "三级"),
            "肢体": ("一级", "二级"),
            "视力": ("一级",),
        }
        card = any(state == "有效" and grade in allowed.get(kind, ()) for kind, grade, state in self.cards)
        return self.age(day) >= 60 or self.age(day) < 16 or card


@dataclass
class Asked:
    """One application; `head_urban` by the head's registration, `head` his or her number."""

    number: str
    day: date
    township: str
    head: str
    head_urban: bool
    members: list[Someone]
    signed: set[str]
    other_income: Fraction
    education: Fraction
    obligors: str


def line_on(day: date, urban: bool) -> int:
    if day < date(2025, 7, 1):
        return 760 if urban else 590
    if day < date(2026, 7, 1):
        return 800 if urban else 620
    return 830 if urban else 650


def rounded(value: Fraction) -> str:
    """Two decimals, halves away from zero."""
    cents = abs(value) * 100
    whole = cents.numerator // cents.denominator
    whole += cents - whole >= Fraction(1, 2)
    return f"{'-' if value < 0 and whole else ''}{whole // 100}.{whole % 100:02d}"


def decide(asked: Asked) -> list[str]:
    """The row of decisions.csv."""
    day = asked.day
    counted = [one for one in asked.members if not one.dead and not one.held(day)]
    heads, line = len(counted), line_on(asked.day, asked.head_urban)
    start = [asked.number, asked.township, str(heads)]
    if not heads:
        return [*start, "", "", "不符合", "", ""]
    unsigned = [one for one in counted if one.age(day) >= 18 and one.number not in asked.signed]
    assets, banks_unknown, reasons = _assets(asked, counted, line)
    if unsigned:
        return [*start, "", "", UNSIGNED, "", reasons]
    before, income = _income(asked, counted, line)
    each = income / heads
    outcome, amount = _outcome(asked, counted, line, before, income, assets, banks_unknown)
    return [*start, rounded(income), rounded(each), outcome, amount, reasons]


def _income(asked: Asked, counted: list[Someone], line: int) -> tuple[Fraction, Fraction]:
    """(before, after) the deduction for essential expenditure, a month."""
    total = asked.other_income
    for one in counted:
        monthly = one.wage() / 12
        total += monthly - min(monthly / 5, Fraction(line))
        for scheme, amount, basic, state in one.pensions:
            if state == "在发":
                total += amount - (basic if scheme == "城乡居民" else 0)
        if one.number == asked.head:
            total += sum((yuan for day, yuan in one.subsidies if FROM <= day <= TO), Fraction(0)) / 12
    needed = sum((one.paid() for one in counted if one.severely_disabled() or one.seriously_ill()), Fraction(0))
    return total, max(total - needed / 12, Fraction(0))


def _assets(asked: Asked, counted: list[Someone], line: int) -> tuple[dict[str, bool], bool, str]:
    cars = sum(kind == "小型轿车" and state == "正常" for one in counted for kind, state in one.vehicles)
    homes: dict[str, Fraction] = {}
    shops = False
    for one in counted:
        for unit, use, area, state in one.property:
            if state == "现势" and use == "住宅":
                homes[unit] = area
            shops = shops or (state == "现势" and use == "商业")
    business = any(
        state == "存续" and (kind == "有限责任公司" or capital > 10)
        for one in counted
        for kind, capital, state in one.businesses
    )
    adults = {one.number for one in counted if one.age(asked.day) >= 18}
    usable = [one.bank if one.number in asked.signed or one.number not in adults else None for one in counted]
    known = sum((money for money in usable if money is not None), Fraction(0))
    few = len(homes) <= 1 or (len(homes) == 2 and sum(homes.values()) / len(counted) <= 30)
    over = {
        "车辆": cars > 0,
        "房产": shops or not few,
        "市场主体": business,
        "金融资产": known / len(counted) > 24 * line,
        "多车": cars > 1,
        "放宽金融": known / len(counted) > 36 * line,
    }
    reasons = ";".join(name for name in ("车辆", "房产", "市场主体", "金融资产") if over[name])
    return over, None in usable, reasons


def _outcome(
    asked: Asked,
    counted: list[Someone],
    line: int,
    before: Fraction,
    income: Fraction,
    over: dict[str, bool],
    unknown: bool,
) -> tuple[str, str]:
    heads = len(counted)
    each = income / heads
    broken = over["车辆"] or over["房产"] or over["市场主体"] or over["金融资产"]
    unable = all(one.unable_to_work(asked.day) for one in counted)
    suffix = ""
    if each < line and not broken and unable and asked.obligors != "有":
        if unknown:
            return NO_BANK, ""
        if asked.obligors == "无":
            amount = Fraction(13, 10) * line * heads
            return "特困", str(amount.numerator) if amount.denominator == 1 else rounded(amount).rstrip("0")
        suffix = "(特困待定:义务人)"
    if each < line and not broken:
        return (NO_BANK, "") if unknown else ("低保" + suffix, _amount(asked, counted, line, income))
    if line <= each < Fraction(3, 2) * line and not broken:
        return (NO_BANK, "") if unknown else ("低保边缘", "")
    spent = sum((one.paid() for one in counted), Fraction(0)) + asked.education
    yearly = before * 12
    heavy = spent > 0 if yearly == 0 else spent / yearly > Fraction(6, 10)
    relaxed = over["多车"] or over["房产"] or over["市场主体"] or over["放宽金融"]
    if each * 12 < 36000 and heavy and not relaxed:
        return (NO_BANK, "") if unknown else ("刚性支出困难", "")
    return "不符合", ""


def _amount(asked: Asked, counted: list[Someone], line: int, income: Fraction) -> str:
    extra = Fraction(0)
    for one in counted:
        rates = [Fraction(0)]
        rates += [Fraction(3, 10)] * one.seriously_ill() + [Fraction(2, 10)] * one.severely_disabled()
        age = one.age(asked.day)
        rates += [Fraction(1, 10)] * (age >= 70 or age < 18)
        extra += max(rates) * line
    cents = Fraction(rounded(line * len(counted) - income + extra))
    return str(-(-cents.numerator // cents.denominator))


def find(asked: Asked) -> list[list[str]]:
    """The rows of findings.csv: one a member, counted or not."""
    rows = []
    for one in asked.members:
        open_ = one.age(asked.day) < 18 or one.number in asked.signed
        months = {month for month, _ in one.wages if 202507 <= month <= 202606}
        rows.append(
            [
                asked.number,
                asked.township,
                one.number,
                str(len(months)) if open_ else "",
                rounded(one.wage()) if open_ else "",
                str(int(bool(one.pensions))),
                str(len(one.vehicles)),
                str(len(one.businesses)),
                str(len({unit for unit, *_ in one.property})),
                rounded(one.paid()),
                str(int(bool(one.cards))),
                str(int(one.dead)),
                str(int(bool(one.custody))),
                one.stages[0] if one.stages else "",
                rounded(one.bank) if open_ and one.bank is not None else "",
            ]
        )
    return rows
