"""CASE.json → a case: read strictly against the vocabulary of a rulebook.

`{as_of, place?, household: {area, head, …facts},
  persons: [{id, member?, …facts, records: {record: [rows] | {"unknown": why}}}]}`.
Unknown is `{"unknown": why}`, an omitted fact is never_asked, null is refused; numbers are text or whole numbers.
What a person chooses (source: discretion) is `{"choice": …, "reason": …}` and nothing less.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from doudi.engine.case_values import SHAPES, Reader
from doudi.engine.errors import CaseError
from doudi.engine.quantities import Record, Rulebook
from doudi.engine.reading import nearest
from doudi.engine.subject import REASONS, Case, Subject, Value
from doudi.engine.tree import Kind

CHOICE = "discretion_"
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_NEVER_ASKED = {"unknown": "never_asked"}
"""How the names of facts begin that a person chooses."""
_PLAIN_KEYS = {"household": ("id", "head", "number"), "person": ("id", "member", "records", "name")}


def canonical(obj: object) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8."""
    return _CANONICAL.encode(obj).encode()


def read_case(obj: Any, rulebook: Rulebook) -> Case:
    """The case; raises CaseError saying what, where and what to do."""
    if not isinstance(obj, dict):
        raise CaseError("case.not_an_object")
    for key in ("as_of", "household", "persons"):
        if key not in obj:
            raise CaseError("case.key_missing", path="$", key=key)
    as_of = Reader(Kind("date")).value(obj["as_of"], "as_of")
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


_READERS: dict[str, dict[str, dict[str, Reader]]] = {}


def _kinds(rulebook: Rulebook) -> dict[str, dict[str, Reader]]:
    """How all facts are read, by entity, columns of records included."""
    key = rulebook.hash
    if key not in _READERS:
        found: dict[str, dict[str, Reader]] = {"household": {}, "person": {}}
        for fact in rulebook.facts.values():
            if fact.name not in _PLAIN_KEYS.get(fact.entity, ()):
                found.setdefault(fact.entity, {})[fact.name] = Reader(fact.kind, is_choice=fact.name.startswith(CHOICE))
        for record in rulebook.records.values():
            found[record.name] = {c.name: Reader(c.kind) for c in record.columns.values()}
        _READERS[key] = found
    return _READERS[key]


def _object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CaseError("case.value_malformed", path=path, what_zh="对象", what_en="an object")
    return value


def _facts(subject: Subject, table: dict[str, Any], kinds: dict[str, Reader], path: str, plain: Iterable[str]) -> None:
    facts = subject.facts
    for name, raw in table.items():
        reader = kinds.get(name)
        if reader is None:
            if name in plain or name.startswith("_"):
                continue
            raise CaseError("case.fact_unknown", suggestion=nearest(name, kinds), path=path, name=name)
        sort = type(raw)
        if sort is str or sort is int:
            value = reader.kept[raw]
        elif sort is bool and reader.is_open_boolean:
            facts[name] = raw
            continue
        elif sort is dict and len(raw) == 1 and raw.get("unknown") in REASONS:
            facts[name], subject.why[name] = None, raw["unknown"]
            continue
        else:
            value = None
        facts[name] = value if value is not None else _with_care(subject, name, raw, reader, f"{path}.{name}")


def _with_care(subject: Subject, name: str, raw: Any, reader: Reader, path: str) -> Value:
    """What is unknown, with its reason; what a person has chosen, with theirs; anything else as its kind or refused."""
    if name.startswith(CHOICE) and not (isinstance(raw, dict) and "unknown" in raw):
        raw, subject.reasons[name] = _choice(raw, path)
    reason = _unknown(raw, path)
    if reason is None:
        return reader.value(raw, path)
    subject.why[name] = reason
    return None


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
    household: Subject, table: dict[str, Any], path: str, kinds: dict[str, dict[str, Reader]], rulebook: Rulebook
) -> None:
    if "id" not in table:
        raise CaseError("case.key_missing", path=path, key="id")
    person = Subject("person", str(table["id"]), {}, household=household, place=len(household.persons))
    if any(p.id == person.id for p in household.persons):
        raise CaseError("case.person_twice", id=person.id)
    member = table.get("member", True)
    if not isinstance(member, bool):
        raise CaseError(
            "case.value_malformed", path=f"{path}.member", what_zh=SHAPES["boolean"][0], what_en=SHAPES["boolean"][1]
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
    rows = person.rows
    for name, record in rulebook.records.items():
        raw = records.get(name, _NEVER_ASKED)
        if type(raw) is list and not raw:
            rows[name] = []
        elif type(raw) is dict and len(raw) == 1 and raw.get("unknown") in REASONS:
            rows[name] = [_phantom(person, name, raw["unknown"])]
        else:
            rows[name] = _rows(person, record, raw, f"{path}.records.{name}", kinds[name])
    household.persons.append(person)
    if member:
        household.members.append(person)


def _rows(person: Subject, record: Record, raw: Any, path: str, kinds: dict[str, Reader]) -> list[Subject]:
    reason = _unknown(raw, path)
    if reason is not None:
        return [_phantom(person, record.name, reason)]
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


def _phantom(person: Subject, record: str, reason: str) -> Subject:
    """It stands for rows that nobody has answered about."""
    return Subject(record, f"{person.id}/{record}", {}, household=person.household, person=person, phantom=reason)


def _head(household: Subject, table: dict[str, Any]) -> None:
    raw = table.get("head")
    if raw is None or isinstance(raw, dict):
        household.why["head"] = _unknown(raw, "household.head") if raw is not None else "never_asked"  # type: ignore[assignment]
        return
    head = next((p for p in household.persons if p.id == str(raw)), None)
    if head is None:
        raise CaseError("case.person_unknown", path="household.head", id=str(raw))
    household.head = head
