"""Parameters as SQL: the dated value that holds for a household's area and key, and gaps in the figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from doudi.engine.quantities import Parameter
from doudi.engine.sql_expression import literal, quoted
from doudi.engine.sql_numbers import Numbers, Sql


def parameter(parameter: Parameter, as_of: date, numbers: Numbers) -> Sql:
    """The value in force, most local first; NULL where the area or the key is unknown or there is a gap."""
    scale = _scale(parameter) if parameter.kind.base in ("number", "integer") else None
    text = "CASE"
    for value in sorted(parameter.values, key=lambda v: (-len(v.area), -v.from_on.toordinal())):
        if value.from_on > as_of or (value.to_on is not None and value.to_on < as_of):
            continue
        tests = [f"starts_with(area, {literal(value.area)})"] if value.area else ["area IS NOT NULL"]
        if parameter.by is not None:
            if value.key is None:
                continue
            tests.append(f"{quoted('by__' + parameter.name)} = {literal(str(value.key))}")
        text += f" WHEN {' AND '.join(tests)} THEN {_constant(value.value, scale, numbers)}"
    return Sql(f"({text} END)" if text != "CASE" else "NULL", scale)


def gap(parameters: Sequence[Parameter]) -> str:
    """`parameter_gap:<name>` of the first parameter that should hold for a household and has no value."""
    tests = []
    for one in parameters:
        known = f" AND {quoted('by__' + one.name)} IS NOT NULL" if one.by is not None else ""
        empty = f"{quoted('parameter__' + one.name)} IS NULL AND area IS NOT NULL{known}"
        tests.append(f"WHEN {empty} THEN {literal('parameter_gap:' + one.name)}")
    return f"CASE {' '.join(tests)} END"


def _scale(parameter: Parameter) -> int:
    exponents = [int(Decimal(str(v.value)).normalize().as_tuple().exponent) for v in parameter.values]
    return max([0, *(-e for e in exponents)])


def _constant(value: object, scale: int | None, numbers: Numbers) -> str:
    if scale is not None:
        return numbers.whole(int(Decimal(str(value)).scaleb(scale)))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return literal(str(value))
