"""Whole folders that are hostile: circles of rules, also through places; links, pipes and folders in place of files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.engine.hostile.files import GOOD
from tests.engine.small import PLACE, chain_of, fact, measured, programme, rule, write_policy

Make = Callable[[Path], Any]


def rules(**formulas: str) -> Make:
    """Numbers of the household that read each other."""
    made = {f"household.{name}": rule("number", formula) for name, formula in formulas.items()}
    return lambda root: write_policy(root, made)


def people(**formulas: str) -> Make:
    """Quantities of household (h_…), person (p_…) and row (r_…)."""
    owners = {"h": "household", "p": "person", "r": "row"}
    made = {f"{owners[name[0]]}.{name}": measured("number", formula) for name, formula in formulas.items()}
    return lambda root: write_policy(root, made)


def placed(national: dict[str, str], local: dict[str, str]) -> Make:
    """National rules, and the ones a place has instead."""
    base = {f"household.{name}": rule("number", formula) for name, formula in national.items()}
    own = {f"household.{name}": rule("number", formula) for name, formula in local.items()}
    return lambda root: write_policy(root, base, place_rules=own)


def file(name: str, text: str | bytes) -> Make:
    """A file beside good ones."""

    def make(root: Path) -> None:
        path = write_policy(root, {}) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return make


def put(name: str, act: Callable[[Path], Any]) -> Make:
    """Something other than a file where a file should be."""

    def make(root: Path) -> None:
        path = write_policy(root, {}) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        act(path)

    return make


def outside(path: Path) -> None:
    """A link to a good file that lies beside the folder."""
    good = path.parents[2].parent / "outside.yaml"
    good.write_text(GOOD, encoding="utf-8")
    path.symlink_to(good)


def linked_folder(path: Path) -> None:
    """A link to a folder beside the policy."""
    good = path.parents[1].parent / "elsewhere"
    good.mkdir(exist_ok=True)
    (good / "rules.yaml").write_text(GOOD, encoding="utf-8")
    path.symlink_to(good, target_is_directory=True)


RULES = "programmes/bad/rules.yaml"
LONG = {f"k{n}": f"household.k{n + 1} + 1" for n in range(300)} | {"k300": "household.x"}
FAN = {
    f"f{n}": " + ".join(f"household.f{m}" for m in range(n + 1, min(n + 20, 60))) or "household.x" for n in range(60)
}
OUTCOME = {"one": programme("outcome(two) = eligible"), "two": programme("outcome(one) = eligible")}

FOLDERS: dict[str, tuple[Make, str]] = {
    "a rule that reads itself": (rules(a="household.a"), "rule.cycle"),
    "a rule that adds to itself": (rules(a="household.a + 1"), "rule.cycle"),
    "two rules that read each other": (rules(a="household.b", b="household.a"), "rule.cycle"),
    "a circle of five": (rules(a="household.b", b="household.c", c="household.k", k="household.l", l="household.a"), "rule.cycle"),
    "a circle behind a branch never taken": (rules(a="case when false then household.b else 1 end", b="household.a"), "rule.cycle"),
    "a circle behind coalesce": (rules(a="coalesce(household.a, 0)"), "rule.cycle"),
    "a circle through an aggregate": (people(h_a="sum(person.p_b where person.f)", p_b="household.h_a + 1"), "rule.cycle"),
    "a circle through a condition": (people(h_a="sum(person.a where household.h_a > 1)"), "rule.cycle"),
    "a circle through records": (people(p_a="sum(row.r_b)", r_b="person.p_a + row.amount"), "rule.cycle"),
    "a circle through a record's condition": (people(p_a="sum(row.amount where person.p_a > 1)"), "rule.cycle"),
    "a circle through the head": (people(h_a="household.head.p_b", p_b="household.h_a"), "rule.cycle"),
    "a circle through known_exceeds": (people(h_a="case when known_exceeds(sum(person.n), household.h_a) then 1 else 0 end"), "rule.cycle"),
    "a circle only in a place": (placed({"a": "household.x", "b": "household.a"}, {"a": "household.b"}), "rule.cycle"),
    "a circle of two rules of a place": (placed({}, {"a": "household.b", "b": "household.a"}), "rule.cycle"),
    "a circle of programmes": (lambda root: write_policy(root, {}, programmes=OUTCOME), "rule.cycle"),
    "a programme of its own outcome": (lambda root: write_policy(root, {}, programmes={"one": programme("outcome(one) = eligible")}), "rule.cycle"),
    "a chain of a programme that is none": (lambda root: write_policy(root, {}, programmes={"one": programme("household.u")}, chains={"c": chain_of("one", "two")}), "policy.programme_unknown"),
    "300 rules in a row": (rules(**LONG), "rule.depends_too_deep"),
    "a fan of rules that ends in an unknown name": (rules(**FAN, z9="household.nothing"), "rule.name_unknown"),
    "a place's rule for a fact": (placed({}, {"x": "1"}), "policy.fact_is_not_replaced"),
    "a rule over the members flag": (lambda root: write_policy(root, {"person.member": rule("boolean", "true")}), "policy.fact_is_not_replaced"),
    "a fact with the name of a column of the system": (lambda root: write_policy(root, {}, facts={"household.head_id": fact("number")}), "policy.name_reserved"),
    "a code list with an SQL text as type": (lambda root: write_policy(root, {}, facts={"household.k": {**fact("number"), "type": "code); DROP TABLE x"}}), "policy.type_unknown"),
    "a link to a file outside": (put(RULES, outside), "policy.link_refused"),
    "a link to the users of the machine": (put(RULES, lambda path: path.symlink_to("/etc/passwd")), "policy.link_refused"),
    "a link to a device without end": (put(RULES, lambda path: path.symlink_to("/dev/zero")), "policy.link_refused"),
    "a link to itself": (put(RULES, lambda path: path.symlink_to(path.name)), "policy.link_refused"),
    "a link to nothing": (put(RULES, lambda path: path.symlink_to("nothing")), "policy.link_refused"),
    "a folder that is a link": (put("programmes/bad", linked_folder), "policy.link_refused"),
    "a folder that leads round": (put("programmes/bad", lambda path: path.symlink_to("..", target_is_directory=True)), "policy.link_refused"),
    "a pipe": (put(RULES, lambda path: os.mkfifo(path)), "policy.not_a_file"),
    "a folder with the name of a file": (put(RULES, lambda path: path.mkdir()), "policy.not_a_file"),
    "a file of ten gigabytes without content": (put(RULES, lambda path: path.touch() or os.truncate(path, 10 * 2**30)), "policy.file_too_large"),
    "a file name that turns round": (file("programmes/bad/\u202elmay.yaml", GOOD), "policy.file_name"),
    "a file name of many lines": (file("programmes/bad/a\nb.yaml", GOOD), "policy.file_name"),
    "a file name in no encoding": (put("programmes/bad/x", lambda path: open(os.fsencode(path.parent) + b"/\xff.yaml", "w").close()), "policy.file_name"),
    "a place with a path": (file("places/..%2f50/rules.yaml", GOOD), "policy.place_malformed"),
    "a place in full-width digits": (file("places/９９/rules.yaml", GOOD), "policy.place_malformed"),
    "a place whose name is SQL": (file("places/99' OR 1=1/rules.yaml", GOOD), "policy.place_malformed"),
    "an alias in facts": (file("facts/more.yaml", "facts: *x\n"), "policy.alias_refused"),
    "a tag in a chain": (file("chains/more.yaml", "name: !!python/name:os.system x\n"), "policy.tag_refused"),
    "a tag in a package": (file("packages/more.yaml", "name: !!python/name:os.system x\n"), "policy.tag_refused"),
    "a tag in a programme": (file("programmes/bad/programme.yaml", "name: !!python/name:os.system x\n"), "policy.tag_refused"),
    "a tag in a feed": (file("sources/dept/dept_row/source.yaml", "feed: !!python/name:os.system x\n"), "policy.tag_refused"),
    "a bomb in a feed's columns": (file("sources/dept/dept_row/columns.yaml", "columns: &a [*a]\n"), "policy.alias_refused"),
    "a path as a programme's name": (file("programmes/bad/programme.yaml", "name: ../../x\nunit: household\n"), "policy.plain_name_invalid"),
    "a programme with code in its eligibility": (lambda root: write_policy(root, {}, programmes={"one": programme("__import__('os')")}), "rule.function_unknown"),
    "a programme with SQL in its amount": (lambda root: write_policy(root, {}, programmes={"one": programme("household.u", amount="1; DROP TABLE x")}), "rule.character"),
    "a requirement with SQL": (lambda root: write_policy(root, {}, programmes={"one": programme("household.u", requires=[{"name": "r", "when": "1 = 1 OR (SELECT 1)", "missing": {"zh": "a", "en": "a"}}])}), "rule.unexpected"),
    "a fact of rows with a file in its condition": (lambda root: write_policy(root, {}, facts={"person.w": {**fact("money"), "from": {"feed": "dept_row", "value": "sum(amount)", "where": "read_csv('/etc/passwd') > 1", "absent": "none"}}}), "rule.function_unknown"),
    "a fact of rows of a path": (lambda root: write_policy(root, {}, facts={"person.w": fact("money", **{"from": {"feed": "../../etc", "value": "sum(amount)", "absent": "none"}})}), "policy.feed_unknown"),
    "a figure by a path": (lambda root: write_policy(root, {}, parameters={"line": {"type": "number", "label": {"zh": "a", "en": "a"}, "by": "household.../x", "values": []}}), "rule.character"),
    "a place that writes for another": (file(f"places/{PLACE}/parameters.yaml", "parameters:\n  line: {type: number, label: {zh: a, en: a}, values: [{area: '50', from: 2026-01-01, value: 1, basis: {document: x}}]}\n"), "policy.outside_place"),
}  # fmt: skip
