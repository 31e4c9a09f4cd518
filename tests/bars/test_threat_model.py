"""THREAT_MODEL.md keeps its word: every abuse names what shows it is refused, and all of that exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from tests.architecture.project import ROOT

ROW = re.compile(r"^\| (AC-\d+) \|(.*)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
BAR = re.compile(r"\bbar ([A-Z]-\d\d)\b")
TEXT = (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8")


def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


@cache
def bars() -> set[str]:
    """Ids of the marks `bar` in tests/bars, read from their syntax."""
    found = set()
    for path in (ROOT / "tests" / "bars").glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "bar":
                found.add(str(ast.literal_eval(node.args[0])))
    return found


def test_every_abuse_names_what_shows_it_is_refused() -> None:
    rows = ROW.findall(TEXT)
    assert len(rows) >= 40
    assert len({name for name, _rest in rows}) == len(rows)
    assert not [name for name, rest in rows if not TEST.search(rest) and not BAR.search(rest)]


def test_all_that_is_named_exists() -> None:
    missing = []
    for path, name in TEST.findall(TEXT):
        file = ROOT / path
        missing += [f"{path}::{name}"] if not file.exists() or name not in functions_of(file) else []
    missing += [f"bar {name}" for name in BAR.findall(TEXT) if name not in bars()]
    named = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    missing += [f"SECURITY.md: {name}" for name in re.findall(r"\b[A-Z]-\d\d\b", named) if name not in bars()]
    assert not missing


def test_every_bar_of_security_audit_keys_people_and_forms_stands_at_a_threat() -> None:
    """What is promised of S, A, C, P and R answers somebody's try: the page says whose."""
    tried = " ".join(rest for _name, rest in ROW.findall(TEXT))
    promised = {name for name in bars() if name[0] in "SACPR"}
    assert len(promised) >= 30
    assert not sorted(promised - set(BAR.findall(tried))), "name these bars in THREAT_MODEL.md, each at its abuse"


def test_bars_are_found_however_their_mark_is_written() -> None:
    """By syntax, not by how the lines are broken: the same as the words of the marks, wherever they stand."""
    said = " ".join(path.read_text() for path in (ROOT / "tests" / "bars").glob("test_*.py"))
    assert bars() == set(re.findall(r"\bmark\.bar\(\s*\"([^\"]+)\"", said))


def test_every_actor_has_an_abuse() -> None:
    actors = re.findall(r"^\| ([a-zA-Z ]+?) [\u4e00-\u9fff]+ \|", TEXT, re.MULTILINE)
    assert len(actors) >= 10
    tried = " ".join(rest for _name, rest in ROW.findall(TEXT))
    forms = {
        "malicious department file": "malicious file",
        "stolen phone": "phone",
        "stranger on the network": "stranger",
        "weak part": "a package we use",
    }
    assert not [actor for actor in actors if forms.get(actor, actor) not in tried]
