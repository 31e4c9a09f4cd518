"""Reads policy/sources/<dept>/<feed>/{source,columns,checks}.yaml into Feed definitions; every fault with its place."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from doudi.engine.definitions import basis_of
from doudi.engine.errors import PolicyError, PolicyErrors, Where
from doudi.engine.feeds import Check, Column, Feed
from doudi.engine.reading import (
    bilingual,
    bilingual_of,
    boolean,
    decimal_of,
    mapping,
    name_in,
    nearest,
    only,
    sequence,
    text,
    texts,
)
from doudi.engine.strict_yaml import Mapping, read
from doudi.engine.tree import UNITS

TYPES = (
    "identity_number",
    "person_name",
    "text",
    "code",
    "money",
    "number",
    "integer",
    "date",
    "month",
    "boolean",
    "area",
)
SCOPES = ("authorised", "recipients", "low_income_register", "department_list")
FORMATS = ("csv", "xlsx", "parquet")
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030")
SEVERITIES = ("stop", "quarantine", "warn")
CHECK_KINDS = ("required", "minimum", "maximum", "not_after_cutoff", "not_before", "in_order", "unique", "min_rows")
SENSITIVITIES = ("ordinary", "income", "health", "bank")
_SOURCE_KEYS = (
    "feed", "record", "label", "supplier", "department", "legal_basis", "purpose", "scope", "cadence",
    "retention_months", "wire", "file_patterns", "format", "encodings", "delimiter", "sheet", "header_rows", "totals",
    "ends_with_newline", "mode", "coverage", "period_column", "duplicates",
)  # fmt: skip
_COLUMN_KEYS = (
    "name", "headers", "type", "label", "meaning", "role", "unit", "multiply", "codes", "required", "key", "part_of",
    "pattern", "sensitivity", "minimum",
)  # fmt: skip


def read_feeds(root: Path) -> dict[str, Feed]:
    """All feeds under policy/sources by name; raises PolicyErrors with every fault."""
    errors: list[PolicyError] = []
    feeds: dict[str, Feed] = {}
    for path in sorted(root.glob("*/*/source.yaml")):
        try:
            feed = read_feed(path.parent, root)
        except PolicyError as error:
            errors.append(error)
            continue
        if feed.name in feeds:
            errors.append(
                PolicyError(
                    "policy.defined_twice",
                    Where(str(path.relative_to(root)), 1, 1),
                    name=feed.name,
                    other="policy/sources",
                )
            )
        feeds[feed.name] = feed
    if errors:
        raise PolicyErrors(errors)
    return feeds


def read_feed(folder: Path, root: Path) -> Feed:
    """One feed's folder."""
    source = _file(folder / "source.yaml", root)
    only(source, _SOURCE_KEYS)
    columns = _file(folder / "columns.yaml", root)
    only(columns, ("columns",))
    checks = _file(folder / "checks.yaml", root) if (folder / "checks.yaml").exists() else None
    totals = mapping(source["totals"]) if source.get("totals") is not None else None
    encodings = texts(source.get("encodings"), source.where) or ("utf-8-sig",)
    for encoding in encodings:
        _one_of(encoding, ENCODINGS, source)
    return Feed(
        name=name_in(source, "feed"),
        record=name_in(source, "record"),
        department=text(source, "department"),
        label=bilingual(source, "label") or {},
        supplier=bilingual(source, "supplier") or {},
        scope=_one_of(text(source, "scope"), SCOPES, source),
        file_patterns=texts(source.get("file_patterns"), source.where),
        format=_one_of(text(source, "format"), FORMATS, source),
        columns=tuple(
            _column(mapping(item, columns.where)) for item in sequence(columns.get("columns"), columns.where)
        ),
        checks=tuple(_check(mapping(item)) for item in sequence(checks.get("checks"), checks.where))
        if checks is not None
        else (),
        encodings=encodings,
        delimiter=text(source, "delimiter", ","),
        sheet=text(source, "sheet", "first_visible"),
        header_rows=int(decimal_of(source["header_rows"])) if source.get("header_rows") is not None else 1,
        totals=(text(totals, "column"), text(totals, "text")) if totals is not None else None,
        ends_with_newline=boolean(source, "ends_with_newline", True),
        mode=_one_of(text(source, "mode", "replace"), ("replace", "append"), source),
        coverage=_one_of(text(source, "coverage", "declared"), ("declared", "measured"), source),
        period_column=text(source, "period_column") if source.get("period_column") is not None else None,
        duplicates=_one_of(text(source, "duplicates", "keep"), ("keep", "drop_identical", "conflicting"), source),
        retention_months=int(decimal_of(source["retention_months"]))
        if source.get("retention_months") is not None
        else 36,
        cadence=text(source, "cadence", "monthly"),
        wire=text(source, "wire", "file"),
        basis=tuple(_basis(item, source) for item in sequence(source.get("legal_basis"), source.where)),
    )


def _file(path: Path, root: Path) -> Mapping:
    shown = f"sources/{path.relative_to(root).as_posix()}"
    if not path.exists():
        raise PolicyError("policy.key_missing", Where(shown, 1, 1), key=path.name)
    return mapping(read(path, shown_as=shown), Where(shown, 1, 1))


def _one_of(value: str, known: tuple[str, ...], table: Mapping) -> str:
    if value not in known:
        raise PolicyError(
            "policy.key_unknown", table.where, suggestion=nearest(value, known), key=value, known=", ".join(known)
        )
    return value


def _basis(item: object, source: Mapping) -> dict[str, str]:
    basis = basis_of(item, source.where)  # type: ignore[arg-type]
    return {"document": basis.document, "number": basis.number, "article": basis.article}


def _column(table: Mapping) -> Column:
    only(table, _COLUMN_KEYS)
    pattern = text(table, "pattern") if table.get("pattern") is not None else None
    if pattern is not None and re.compile(pattern).groups != 1:
        raise PolicyError(
            "policy.expected",
            table.where,
            what_zh="只有一个括号组的正则表达式",
            what_en="a regular expression with one group",
        )
    codes = table.get("codes")
    return Column(
        name=name_in(table, "name"),
        headers=texts(table.get("headers"), table.where),
        type=_one_of(text(table, "type"), TYPES, table),
        label=bilingual(table, "label") or {},
        meaning=bilingual(table, "meaning", required=False) or bilingual(table, "label") or {},
        role=_one_of(text(table, "role"), ("person", "name", "people"), table)
        if table.get("role") is not None
        else None,
        unit=_one_of(text(table, "unit", "none"), UNITS, table),
        multiply=decimal_of(table["multiply"]) if table.get("multiply") is not None else Decimal(1),
        codes={str(k): bilingual_of(v) for k, v in mapping(codes).items()} if codes is not None else None,
        required=boolean(table, "required", False),
        key=boolean(table, "key", False),
        part_of=text(table, "part_of") if table.get("part_of") is not None else None,
        pattern=pattern,
        sensitivity=_one_of(text(table, "sensitivity", "ordinary"), SENSITIVITIES, table),
        minimum=decimal_of(table["minimum"]) if table.get("minimum") is not None else None,
    )


def _check(table: Mapping) -> Check:
    only(table, ("name", "severity", "kind", "message", "column", "value"))
    return Check(
        text(table, "name"),
        _one_of(text(table, "severity"), SEVERITIES, table),
        _one_of(text(table, "kind"), CHECK_KINDS, table),
        bilingual(table, "message") or {},
        text(table, "column") if table.get("column") is not None else None,
        text(table, "value") if table.get("value") is not None else None,
    )
