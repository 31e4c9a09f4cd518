"""One YAML entry → one definition: facts, rules, programmes, chains. Parameters are read in `figures`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from doudi.engine.errors import PolicyError, Where
from doudi.engine.grammar import Source
from doudi.engine.quantities import RELATION
from doudi.engine.reading import (
    bilingual,
    bilingual_of,
    boolean,
    decimal_of,
    expected,
    mapping,
    name_in,
    nearest,
    only,
    place,
    sequence,
    text,
    texts,
)
from doudi.engine.strict_yaml import Mapping, Text, Value
from doudi.engine.tree import UNITS, Kind
from doudi.engine.vocabulary import (
    LEVELS,
    Basis,
    ChainDefinition,
    FactDefinition,
    FromRows,
    PackageDefinition,
    ProgrammeDefinition,
    Requirement,
    RuleDefinition,
    Stage,
)

TYPES = ("boolean", "integer", "number", "money", "date", "month", "code", "area")
_QUALIFIED = re.compile(r"[a-z][a-z0-9_]{0,59}\.[a-z][a-z0-9_]{0,59}")
_RESERVED = re.compile(
    r"h|p|id|household_id|person_id|head|head_id|head_p|phantom|slice|error|number|records|g\d+_.*|.*__.*"
)
"""Names that cases, snapshots and renderings use themselves."""


def split(name: str, where: Where) -> tuple[str, str]:
    """household.x → (household, x)."""
    where = getattr(name, "where", where)
    if not _QUALIFIED.fullmatch(name):
        raise PolicyError("policy.name_invalid", where, name=str(name))
    entity, _, own = name.partition(".")
    if _RESERVED.fullmatch(own):
        raise PolicyError("policy.name_reserved", where, name=str(name))
    return entity, own


def source_of(value: Value, where: Where) -> Source:
    """A formula with its place."""
    if not isinstance(value, Text):
        raise expected(value, "一条公式", "a formula", where)
    return Source(str(value), value.first_letter)


def kind_of(table: Mapping, codes: Iterable[str] | None = None) -> Kind:
    """The kind declared by type, unit, minimum, maximum."""
    name = text(table, "type")
    if name not in TYPES:
        raise PolicyError(
            "policy.type_unknown",
            place(table["type"]),
            suggestion=nearest(name, TYPES),
            type=name,
            known=", ".join(TYPES),
        )
    unit = text(table, "unit", "none")
    if unit not in UNITS:
        raise PolicyError(
            "policy.unit_unknown",
            place(table["unit"]),
            suggestion=nearest(unit, UNITS),
            unit=unit,
            known=", ".join(UNITS),
        )
    bounds = {
        key: decimal_of(table[key], table.where) if table.get(key) is not None else None
        for key in ("minimum", "maximum")
    }
    return Kind(
        "number" if name == "money" else name,  # type: ignore[arg-type]
        unit,
        2 if name == "money" else 0 if name == "integer" else None,
        tuple(codes) if codes is not None else None,
        bounds["minimum"],
        bounds["maximum"],
    )


def basis_of(value: Value, where: Where) -> Basis:
    """One basis: document, number, article, sample."""
    table = mapping(value, where)
    only(table, ("document", "number", "article", "sample"))
    return Basis(
        text(table, "document"), text(table, "number", ""), text(table, "article", ""), boolean(table, "sample", False)
    )


def _bases(table: Mapping) -> tuple[Basis, ...]:
    found = tuple(basis_of(item, table.where) for item in sequence(table.get("basis"), table.where))
    if not found:
        raise PolicyError("policy.key_missing", table.where, key="basis")
    return found


_FACT_KEYS = ("type", "unit", "label", "meaning", "source", "minimum", "maximum", "codes", "sensitivity", "from")


def fact(name: str, table: Mapping) -> FactDefinition:
    """A fact of policy/facts."""
    only(table, _FACT_KEYS)
    entity, own = split(name, table.where)
    codes = (
        {str(k): bilingual_of(v) for k, v in mapping(table["codes"]).items()} if table.get("codes") is not None else {}
    )
    rows = _from_rows(mapping(table["from"], table.where)) if table.get("from") is not None else None
    _refuse_odd_fact(entity, own, table, codes, rows)
    return FactDefinition(
        entity,
        own,
        kind_of(table, codes if codes else None),
        bilingual(table, "label") or {},
        bilingual(table, "meaning") or {},
        "rows" if rows else text(table, "source"),
        table.where,
        codes,
        _sensitivity(table) or "ordinary",
        rows,
    )


SENSITIVITIES = ("ordinary", "income", "health", "bank")
SOURCES = ("registry", "declared", "discretion")


def _sensitivity(table: Mapping) -> str | None:
    return one_of(table, "sensitivity", SENSITIVITIES) if table.get("sensitivity") is not None else None


def one_of(table: Mapping, key: str, known: tuple[str, ...]) -> str:
    """A word of a list under a key."""
    word = text(table, key)
    if word not in known:
        raise PolicyError(
            "policy.word_unknown", place(table[key]), suggestion=nearest(word, known), word=word, known=", ".join(known)
        )
    return word


def _refuse_odd_fact(
    entity: str, name: str, table: Mapping, codes: dict[str, dict[str, str]], rows: FromRows | None
) -> None:
    known = ("person",) if rows is not None else ("household", "person", RELATION)
    if entity not in known:
        raise PolicyError("policy.entity_of_fact", table.where, name=entity, known=", ".join(known))
    if rows is None and (one_of(table, "source", SOURCES) == "discretion") != name.startswith("discretion_"):
        raise PolicyError("policy.choice_misnamed", table.where, name=name)
    if text(table, "type") == "code" and not codes:
        raise PolicyError("policy.key_missing", table.where, key="codes")
    if rows is None and text(table, "source") == "discretion" and text(table, "type") not in ("code", "boolean"):
        raise PolicyError("policy.choice_without_codes", table.where)


def _from_rows(table: Mapping) -> FromRows:
    only(table, ("feed", "value", "where", "window", "absent"))
    window = mapping(table["window"], table.where) if table.get("window") is not None else None
    months = 0
    if window is not None:
        only(window, ("column", "months", "before"))
        months = int(decimal_of(window.get("months"), window.where))
        if text(window, "before", "as_of") != "as_of" or months < 1:
            raise expected(window, "{column, months, before: as_of}", "{column, months, before: as_of}")
    absent = text(table, "absent")
    if absent not in ("none", "unknown"):
        raise expected(table["absent"], "none 或 unknown", "none or unknown")
    return FromRows(
        text(table, "feed"),
        source_of(table.get("value"), table.where),
        source_of(table["where"], table.where) if table.get("where") is not None else None,
        text(window, "column") if window is not None else None,
        months,
        absent,
    )


_RULE_KEYS = (
    "type",
    "unit",
    "label",
    "formula",
    "basis",
    "yes",
    "no",
    "not_applicable",
    "sensitivity",
    "codes",
    "minimum",
    "maximum",
    "set_by",
)


def rule(name: str, table: Mapping, place: str) -> RuleDefinition:
    """A rule of a programme or a place."""
    only(table, _RULE_KEYS)
    entity, own = split(name, table.where)
    kind = kind_of(table)
    yes, no = bilingual(table, "yes", required=False), bilingual(table, "no", required=False)
    if kind.base == "boolean" and (yes is None or no is None) and entity in ("household", "person"):
        raise PolicyError("policy.key_missing", table.where, key="yes / no")
    not_applicable = table.get("not_applicable")
    return RuleDefinition(
        entity,
        own,
        kind,
        bilingual(table, "label") or {},
        source_of(table.get("formula"), table.where),
        _bases(table),
        table.where,
        yes,
        no,
        source_of(not_applicable, table.where) if not_applicable is not None else None,
        _sensitivity(table),
        text(table, "codes") if table.get("codes") is not None else None,
        place,
        levels_of(table),
    )


def levels_of(table: Mapping) -> tuple[str, ...]:
    """`set_by`: the levels of areas that may set something."""
    levels = texts(table.get("set_by"), table.where)
    for level in levels:
        if level not in LEVELS.values():
            known = ", ".join(LEVELS.values())
            near = nearest(level, LEVELS.values())
            raise PolicyError("policy.key_unknown", table.where, suggestion=near, key=level, known=known)
    return levels


def _requirements(table: Mapping) -> tuple[Requirement, ...]:
    found = []
    for item in sequence(table.get("requires"), table.where):
        entry = mapping(item, table.where)
        only(entry, ("name", "when", "missing"))
        found.append(
            Requirement(
                name_in(entry, "name"), source_of(entry.get("when"), entry.where), bilingual(entry, "missing") or {}
            )
        )
    return tuple(found)


def _own_name(table: Mapping, key: str | None) -> str:
    """The name of a programme or chain: its key in a place's list, else its own entry."""
    return name_in(Mapping({"name": key}) if isinstance(key, Text) else table, "name")


_PROGRAMME_KEYS = (
    "name",
    "label",
    "unit",
    "authority",
    "requires",
    "eligible",
    "amount",
    "recognition",
    "steps",
    "materials",
    "basis",
    "discretion",
)


def programme(table: Mapping, name: str | None = None) -> ProgrammeDefinition:
    """A programme."""
    only(table, _PROGRAMME_KEYS)
    unit = text(table, "unit")
    if unit not in ("household", "person"):
        raise expected(table["unit"], "household 或 person", "household or person")
    amount = table.get("amount")
    return ProgrammeDefinition(
        _own_name(table, name),
        bilingual(table, "label") or {},
        unit,
        bilingual(table, "authority") or {},
        _requirements(table),
        source_of(table.get("eligible"), table.where),
        None if amount is None or amount == "null" else source_of(amount, table.where),
        boolean(table, "recognition", False),
        tuple(_stage(mapping(item, table.where)) for item in sequence(table.get("steps"), table.where)),
        tuple(bilingual_of(item) for item in sequence(table.get("materials"), table.where)),
        _bases(table),
        table.where,
        texts(table.get("discretion"), table.where),
    )


def _stage(table: Mapping) -> Stage:
    only(table, ("name", "by", "days", "calendar", "label", "basis"))
    basis = basis_of(table["basis"], table.where) if table.get("basis") is not None else None
    days = int(decimal_of(table.get("days"), table.where))
    return Stage(
        text(table, "name"),
        text(table, "by"),
        days,
        boolean(table, "calendar", False),
        bilingual(table, "label") or {},
        basis,
    )


def chain(table: Mapping, name: str | None = None) -> ChainDefinition:
    """A chain of programmes."""
    only(table, ("name", "label", "unit", "requires", "programmes", "pass_when_missing_only", "basis"))
    passes = table.get("pass_when_missing_only")
    return ChainDefinition(
        _own_name(table, name),
        bilingual(table, "label") or {},
        _requirements(table),
        texts(table.get("programmes"), table.where),
        {str(k): texts(v, table.where) for k, v in mapping(passes).items()} if passes is not None else {},
        _bases(table),
        table.where,
    )


def package(table: Mapping, name: str | None = None) -> PackageDefinition:
    """A package of programmes that a recognition opens."""
    only(table, ("name", "label", "when", "programmes", "basis"))
    when, programmes = (texts(table.get(key), table.where) for key in ("when", "programmes"))
    for key, names in (("when", when), ("programmes", programmes)):
        if not names:
            raise PolicyError("policy.key_missing", table.where, key=key)
    return PackageDefinition(
        _own_name(table, name), bilingual(table, "label") or {}, when, programmes, _bases(table), table.where
    )
