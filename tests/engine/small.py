"""A small policy made on the spot, and its quantities worked out by both renderings at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from doudi.engine.backends.duckdb import screen
from doudi.engine.case import read_case
from doudi.engine.policy import load
from doudi.engine.python import Program
from doudi.engine.rulebook import Rulebook, resolve
from tests.engine.snapshots import read_results, write_snapshot

AS_OF = date(2026, 7, 10)
PLACE = "990101"
BASIS = [{"document": "试行办法", "article": "第一条"}]


def said(text: str) -> dict[str, str]:
    return {"zh": f"{text}。", "en": text}


def fact(type: str, source: str = "declared", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"type": type, "label": said("事实"), "meaning": said("意思"), **more}
    return made if "from" in more else {**made, "source": source}


def coded(*codes: str) -> dict[str, Any]:
    return fact("code", codes={code: said(code) for code in codes})


FACTS: dict[str, Any] = {
    "household.area": fact("area", "registry"),
    "household.x": fact("number"),
    "household.y": fact("number"),
    "household.z": fact("number"),
    "household.n": fact("number", minimum="0"),
    "household.people": fact("integer", minimum="1"),
    "household.i": fact("integer"),
    "household.u": fact("boolean"),
    "household.q": fact("boolean"),
    "household.r": fact("boolean"),
    "household.d": fact("date"),
    "household.e": fact("date"),
    "household.m": fact("month"),
    "household.colour": coded("红", "绿", "蓝"),
    "household.per_month": fact("money", unit="yuan/month", minimum="0"),
    "household.per_year": fact("money", unit="yuan/year", minimum="0"),
    "person.member": fact("boolean", "registry"),
    "person.a": fact("number"),
    "person.n": fact("number", minimum="0"),
    "person.f": fact("boolean"),
    "person.g": fact("boolean"),
    "person.born_on": fact("date", "registry"),
    "person.kind": coded("甲", "乙"),
}
STATES = {"现势": said("现势"), "历史": said("历史")}
COLUMNS = [
    {"name": "number", "headers": ["证号"], "type": "identity_number", "role": "person", "label": said("证号")},
    {"name": "amount", "headers": ["金额"], "type": "money", "label": said("金额")},
    {"name": "size", "headers": ["面积"], "type": "number", "minimum": "0", "label": said("面积")},
    {"name": "day", "headers": ["日期"], "type": "date", "label": said("日期")},
    {"name": "month", "headers": ["月份"], "type": "month", "label": said("月份")},
    {"name": "unit_no", "headers": ["单元"], "type": "text", "label": said("单元")},
    {"name": "ok", "headers": ["有效"], "type": "boolean", "label": said("有效")},
    {"name": "state", "headers": ["状态"], "type": "code", "codes": STATES, "label": said("状态")},
]  # fmt: skip
SOURCE = {
    "label": said("名单"),
    "supplier": said("某部门"),
    "department": "某部门",
    "legal_basis": BASIS,
    "purpose": "核对",
    "scope": "department_list",
    "file_patterns": ["x.csv"],
    "format": "csv",
}


def rule(type: str, formula: str, **more: Any) -> dict[str, Any]:
    made = {"type": type, "label": said("规则"), "formula": formula, "basis": BASIS, **more}
    return {**made, "yes": said("是"), "no": said("否")} if type == "boolean" else made


def write(folder: Path, name: str, content: Mapping[str, Any]) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def write_policy(
    folder: Path,
    rules: Mapping[str, Any],
    *,
    facts: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    records: Sequence[str] = ("row", "estate"),
    programmes: Mapping[str, Any] | None = None,
    chains: Mapping[str, Any] | None = None,
    place_rules: Mapping[str, Any] | None = None,
    place_programmes: Mapping[str, Any] | None = None,
) -> Path:
    """A policy folder; every YAML file is written as JSON, which YAML reads."""
    write(folder, "facts/all.yaml", {"facts": {**FACTS, **(facts or {})}})
    write(folder, "programmes/shared/rules.yaml", {"rules": dict(rules), "parameters": dict(parameters or {})})
    for record in records:
        source = {**SOURCE, "feed": f"dept_{record}", "record": record, "file_patterns": [f"{record}.csv"]}
        write(folder, f"sources/dept/dept_{record}/source.yaml", source)
        write(folder, f"sources/dept/dept_{record}/columns.yaml", {"columns": COLUMNS})
        write(folder, f"sources/dept/dept_{record}/checks.yaml", {"checks": []})
    for name, programme in (programmes or {}).items():
        write(folder, f"programmes/{name}/programme.yaml", {"name": name, **programme})
    for name, chain in (chains or {}).items():
        write(folder, f"chains/{name}.yaml", {"name": name, **chain})
    own = {"rules": dict(place_rules or {}), "programmes": dict(place_programmes or {})}
    write(folder, f"places/{PLACE}/rules.yaml", own)
    return folder


def programme(eligible: str, **more: Any) -> dict[str, Any]:
    made = {
        "label": said("项目"),
        "unit": "household",
        "authority": said("县"),
        "eligible": eligible,
        "amount": "null",
        "recognition": "yes",
        "steps": [],
        "materials": [],
        "basis": BASIS,
    }
    return {**made, **more}


def rulebook_of(rules: Mapping[str, Any], **more: Any) -> Rulebook:
    return resolve(load(write_policy(Path(mkdtemp()), rules, **more)), PLACE)


Facts = Mapping[str, Any]


def household(facts: Facts | None = None, *persons: Facts, head: str | None = None, as_of: date = AS_OF) -> dict:
    """CASE.json of a household. A person is its facts and `rows`: {record: [rows] or a reason}; unsaid rows are []."""
    made = []
    for number, person in enumerate(persons):
        own = {k: plain(v) for k, v in person.items() if k not in ("rows", "id", "member")}
        rows = {"row": [], "estate": [], **person.get("rows", {})}
        records = {
            name: {"unknown": value} if isinstance(value, str) else [{k: plain(v) for k, v in r.items()} for r in value]
            for name, value in rows.items()
        }
        fixed = {"id": person.get("id", f"p{number}"), "member": person.get("member", True)}
        made.append({**fixed, **own, "records": records})
    own = {"area": "990101001001", **{k: plain(v) for k, v in (facts or {}).items()}}
    if head is not None:
        own["head"] = head
    return {"as_of": as_of.isoformat(), "place": PLACE, "household": own, "persons": made}


def plain(value: Any) -> Any:
    if value is None:
        return {"unknown": "not_answered"}
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value


def worked_out(rulebook: Rulebook, cases: Sequence[dict]) -> list[dict[str, Any]]:
    """The household quantities of every case, the same from Python and from SQL."""
    names = [q.name for q in rulebook.quantities.values() if q.entity == "household"]
    as_of = date.fromisoformat(cases[0]["as_of"])
    program = Program(rulebook, as_of)
    numbered = [{**case, "household": {**case["household"], "id": f"h{i}"}} for i, case in enumerate(cases)]
    by_python = []
    for case in numbered:
        subject = read_case(case, rulebook).household
        by_python.append({name: program.value(subject, name) for name in names})
    folder = Path(mkdtemp())
    write_snapshot(folder / "in", rulebook, numbered)
    screen(rulebook, folder / "in", folder / "out", as_of=as_of, outputs=names, memory_limit="1GB", threads=1)
    by_sql = read_results(folder / "out")
    for number, values in enumerate(by_python):
        found = by_sql[f"h{number}"]
        assert found["error"] is None, found["error"]
        different = {name: (value, found[name]) for name, value in values.items() if value != found[name]}
        assert not different, different
    return by_python


def value(formula: str, case: dict | None = None, *, type: str = "number", **more: Any) -> Any:
    """The value of one household formula for one case, by both renderings."""
    unit = more.pop("unit", None)
    made = rule(type, formula, **({"unit": unit} if unit else {}))
    if type == "code":
        made["codes"] = "household.colour"
    rules = {**more.pop("rules", {}), "household.out": made}
    return worked_out(rulebook_of(rules, **more), [case or household()])[0]["out"]


def holds(formula: str, case: dict | None = None, **more: Any) -> bool | None:
    """The value of a condition, by both renderings."""
    found: bool | None = value(formula, case, type="boolean", **more)
    return found


def table(
    formulas: Mapping[str, str], cases: Sequence[dict], units: Facts | None = None, **more: Any
) -> list[dict[str, Any]]:
    """Several household formulas for several cases at once; a name ending in `?` is a condition, in `#` a count."""
    types = {"?": "boolean", "#": "integer", "@": "date"}
    rules = {}
    for name, formula in formulas.items():
        own = (units or {}).get(name.rstrip("?#@"), "people" if formula.startswith("count(where") else "none")
        rules[f"household.{name.rstrip('?#@')}"] = rule(types.get(name[-1], "number"), formula, unit=own)
    return worked_out(rulebook_of({**rules, **more.pop("rules", {})}, **more), cases)


def measured(type: str, formula: str) -> dict[str, Any]:
    """A rule of a person or record as it is written, without words for yes and no."""
    return {"type": type, "formula": formula, "label": {"zh": "量", "en": "quantity"}, "basis": [{"document": "法"}]}


def chain_of(*programmes: str, **more: Any) -> dict[str, Any]:
    """A chain as it is written."""
    return {"label": said("依次"), "programmes": list(programmes), "basis": BASIS, **more}
