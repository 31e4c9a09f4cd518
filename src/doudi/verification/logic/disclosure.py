"""Whether a text gives away a bank figure: the officer's remark is read by the township, which may see none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

SMALLEST = Decimal(100)
"""Smaller figures are also ages, counts and days; they are not looked for."""
TEN_THOUSAND = Decimal(10_000)
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def bank_figures(inputs: Mapping[str, Any], columns: Mapping[str, Iterable[str]]) -> set[Decimal]:
    """Figures of bank columns (by record) in a case, with the sums of each row, of each person and of the family."""
    found: set[Decimal] = set()
    whole = Decimal(0)
    for person in inputs["persons"]:
        own = Decimal(0)
        for record, names in columns.items():
            rows = person["records"].get(record, [])
            for row in rows if isinstance(rows, list) else []:
                values = [Decimal(row[name]) for name in names if isinstance(row.get(name), str)]
                found.update([*values, sum(values, Decimal(0))])
                own += sum(values, Decimal(0))
        found.add(own)
        whole += own
    return {figure for figure in found | {whole} if figure >= SMALLEST}


def gives_away(text: str, figures: Iterable[Decimal]) -> bool:
    """Whether a number in the text is one of the figures: exact, without cents, rounded, or in ten thousands."""
    plain = re.sub(r"(?<=\d)[,，](?=\d{3})", "", text)
    told = {Decimal(found) for found in NUMBER.findall(plain)}
    forms: set[Decimal] = set()
    for figure in figures:
        forms |= {figure, Decimal(int(figure)), round(figure)}  # type: ignore[arg-type]
        tens = figure / TEN_THOUSAND
        if tens >= 1:
            forms |= {form for places in (1, 2, 4) for form in (round(tens, places),) if form != int(form)}
    return bool(told & forms)
