"""CASE.json → a case: read strictly against the vocabulary of a rulebook.

`{as_of, place?, household: {area, head, …facts},
  persons: [{id, member?, …facts, records: {record: [rows] | {"unknown": why}}}]}`.
Unknown is `{"unknown": why}`, an omitted fact is never_asked, null is refused; numbers are text or whole numbers.
What a person chooses (source: discretion) is `{"choice": …, "reason": …}` and nothing less.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from doudi.engine.errors import CaseError
from doudi.engine.quantities import Record, Rulebook
from doudi.engine.reading import nearest
from doudi.engine.subject import REASONS, Case, Subject, Value
from doudi.engine.tree import Kind

CHOICE = "discretion_"
"""How the names of facts begin that a person chooses."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_KEYS = {"household": ("id", "head", "number"), "person": ("id", "member", "records", "name")}
_SHAPES = {
    "boolean": ("true 或 false", "true or false"),
    "integer": ("整数", "a whole number"),
    "number": ("十进制数", "a decimal number"),
    "date": ("日期（2026-07-01）", "a date (2026-07-01)"),
    "month": ("月份（2026-07）", "a month (2026-07)"),
    "code": ("代码", "a code"),
    "area": ("2 至 12 位区划代码", "an area code of 2 to 12 digits"),
}


def canonical(obj: object) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(obj, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_case(obj: Any, rulebook: Rulebook) -> Case:
    """The case; raises CaseError saying what, where and what to do."""
    if not isinstance(obj, dict):
        raise CaseError("case.not_an_object")
    for key in ("as_of", "household", "persons"):
        if key not in obj:
            raise CaseError("case.key_missing", path="$", key=key)
    as_of = _value(Kind("date"), obj["as_of"], "as_of")
    assert isinstance(as_of, date)
    household = Subject("household", "", {})
    kinds = _kinds(rulebook)
    table = _object(obj["household"], "household")
    household.id = str(table.get("id", "household"))
    _facts(household, table, kinds["household"], "household", _PLAIN_KEYS["household"])
    if not isinstance(obj["persons"], list):
        raise CaseError("case.value_malformed", path="persons", what_zh="列表", what_en="a list")
    for number, item in enumerate(obj["persons"]):
        _person(household, _object(item, f"persons[{number}]"), f"persons[{number}]", kinds, rulebook)
    _head(household, table)
    area = household.facts.get("area")
    if area is not None and not (str(area).startswith(rulebook.place) or rulebook.place.startswith(str(area))):
        raise CaseError("case.outside_place", area=area, place=rulebook.place)
    return Case(as_of, str(area) if area is not None else None, household, canonical(obj))


_KINDS: dict[str, dict[str, dict[str, Kind]]] = {}


def _kinds(rulebook: Rulebook) -> dict[str, dict[str, Kind]]:
    """Kinds of all facts by entity, columns of records included."""
    key = rulebook.hash
    if key not in _KINDS:
        found: dict[str, dict[str, Kind]] = {"household": {}, "person": {}}
        for fact in rulebook.facts.values():
            found.setdefault(fact.entity, {})[fact.name] = fact.kind
        for record in rulebook.records.values():
            found[record.name] = {c.name: c.kind for c in record.columns.values()}
        _KINDS[key] = found
    return _KINDS[key]


def _object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CaseError("case.value_malformed", path=path, what_zh="对象", what_en="an object")
    return value


def _facts(subject: Subject, table: dict[str, Any], kinds: dict[str, Kind], path: str, plain: Iterable[str]) -> None:
    for name, raw in table.items():
        if name in plain or name.startswith("_"):
            continue
        kind = kinds.get(name)
        if kind is None:
            raise CaseError("case.fact_unknown", suggestion=nearest(name, kinds), path=path, name=name)
        is_choice = name.startswith(CHOICE) and not (isinstance(raw, dict) and "unknown" in raw)
        if is_choice:
            raw, subject.reasons[name] = _choice(raw, f"{path}.{name}")
        reason = _unknown(raw, f"{path}.{name}")
        if reason is not None:
            subject.facts[name], subject.why[name] = None, reason
        else:
            subject.facts[name] = _value(kind, raw, f"{path}.{name}")


def _choice(raw: Any, path: str) -> tuple[Any, str]:
    """What a person chose and why; a choice without a reason is refused."""
    if not isinstance(raw, dict) or set(raw) != {"choice", "reason"}:
        raise CaseError("case.choice_without_reason", path=path)
    reason = raw["reason"]
    if not isinstance(reason, str) or not reason.strip():
        raise CaseError("case.choice_without_reason", path=path)
    return raw["choice"], reason.strip()


def _unknown(raw: Any, path: str) -> str | None:
    if not isinstance(raw, dict):
        return None
    reason = raw.get("unknown")
    if set(raw) != {"unknown"} or reason not in REASONS:
        raise CaseError(
            "case.reason_unknown", suggestion=nearest(str(reason), REASONS), path=path, known=", ".join(REASONS)
        )
    return str(reason)


def _person(
    household: Subject, table: dict[str, Any], path: str, kinds: dict[str, dict[str, Kind]], rulebook: Rulebook
) -> None:
    if "id" not in table:
        raise CaseError("case.key_missing", path=path, key="id")
    person = Subject("person", str(table["id"]), {}, household=household)
    if any(p.id == person.id for p in household.persons):
        raise CaseError("case.person_twice", id=person.id)
    member = table.get("member", True)
    if not isinstance(member, bool):
        raise CaseError(
            "case.value_malformed", path=f"{path}.member", what_zh=_SHAPES["boolean"][0], what_en=_SHAPES["boolean"][1]
        )
    person.is_member = member
    _facts(person, table, kinds["person"], path, _PLAIN_KEYS["person"])
    person.facts["member"] = member
    records = _object(table.get("records", {}), f"{path}.records")
    for name in records:
        if name not in rulebook.records:
            raise CaseError(
                "case.fact_unknown", suggestion=nearest(name, rulebook.records), path=f"{path}.records", name=name
            )
    for name, record in rulebook.records.items():
        person.rows[name] = _rows(
            person, record, records.get(name, {"unknown": "never_asked"}), f"{path}.records.{name}", kinds[name]
        )
    household.persons.append(person)
    if member:
        household.members.append(person)


def _rows(person: Subject, record: Record, raw: Any, path: str, kinds: dict[str, Kind]) -> list[Subject]:
    reason = _unknown(raw, path)
    if reason is not None:
        row = Subject(
            record.name, f"{person.id}/{record.name}", {}, household=person.household, person=person, phantom=reason
        )
        return [row]
    if not isinstance(raw, list):
        raise CaseError("case.value_malformed", path=path, what_zh="列表", what_en="a list")
    found = []
    for number, item in enumerate(raw):
        table = _object(item, f"{path}[{number}]")
        row = Subject(record.name, f"{person.id}/{record.name}/{number}", {}, household=person.household, person=person)
        _facts(row, table, kinds, f"{path}[{number}]", ())
        row.why["_row"], row.why["_delivery"] = str(table.get("_row", "")), str(table.get("_delivery", ""))
        found.append(row)
    return found


def _head(household: Subject, table: dict[str, Any]) -> None:
    raw = table.get("head")
    if raw is None or isinstance(raw, dict):
        household.why["head"] = _unknown(raw, "household.head") if raw is not None else "never_asked"  # type: ignore[assignment]
        return
    head = next((p for p in household.persons if p.id == str(raw)), None)
    if head is None:
        raise CaseError("case.person_unknown", path="household.head", id=str(raw))
    household.head = head


def _value(kind: Kind, raw: Any, path: str) -> Value:
    if raw is None:
        raise CaseError("case.null_refused", path=path)
    if isinstance(raw, float):
        raise CaseError("case.number_as_float", path=path)
    value: Value = _READERS[kind.base](raw)
    if value is None:
        zh, en = _SHAPES[kind.base]
        raise CaseError("case.value_malformed", path=path, what_zh=zh, what_en=en)
    if kind.codes is not None and value not in kind.codes:
        raise CaseError(
            "case.code_unknown",
            suggestion=nearest(str(value), kind.codes),
            path=path,
            value=value,
            known=", ".join(kind.codes),
        )
    if kind.minimum is not None and isinstance(value, (int, Decimal)) and value < kind.minimum:
        raise CaseError("case.below_minimum", path=path, minimum=kind.minimum)
    return value


def _number(raw: Any) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, (str, int)):
        return None
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return None
    return value if value.is_finite() and not set(str(raw)) - set("-0123456789.") else None


def _integer(raw: Any) -> int | None:
    value = _number(raw)
    return int(value) if value is not None and value == value.to_integral_value() else None


def _date(raw: Any) -> date | None:
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) and _DAY.fullmatch(raw) else None
    except ValueError:
        return None


def _month(raw: Any) -> date | None:
    return _date(f"{raw}-01") if isinstance(raw, str) and len(raw) == 7 else _date(raw)


def _area(raw: Any) -> str | None:
    return raw if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) in (2, 4, 6, 9, 12) else None


_READERS: dict[str, Any] = {
    "boolean": lambda raw: raw if isinstance(raw, bool) else None,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "month": _month,
    "code": lambda raw: raw if isinstance(raw, str) else None,
    "area": _area,
}
