"""Foreign keys point down, every address says who may use it, every action leaves an audit entry."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.project import PACKAGE, modules, name_of, tree

FLOORS = (
    ("core",), ("audit",), ("areas", "documents"), ("accounts",), ("exports",), ("keeping",),
    ("registry", "sources", "rulebook", "gateway"), ("matching",), ("verification",), ("cases",),
    ("desk", "insight", "exchange", "operations"),
)  # fmt: skip
HEIGHT = {app: height for height, floor in enumerate(FLOORS) for app in floor}


def test_foreign_keys_point_down_and_add_nothing_below() -> None:
    wrong = []
    for model in apps.get_models():
        own = model._meta.app_label
        for field in model._meta.get_fields():
            if own not in HEIGHT or not field.is_relation or field.auto_created or field.related_model is None:
                continue
            other = field.related_model._meta.app_label
            same = own == other
            if other in HEIGHT and not same and HEIGHT[own] <= HEIGHT[other]:
                wrong.append(f"{model.__name__}.{field.name} points up to {other}")
            if other in HEIGHT and not same and not str(field.remote_field.related_name or "").endswith("+"):
                wrong.append(f"{model.__name__}.{field.name} needs related_name='+'")
            if own == "audit" and not same:
                wrong.append(f"audit knows nobody: {model.__name__}.{field.name}")
    assert not wrong


def test_every_address_declares_who_may_use_it() -> None:
    bare = [where for where, view in _views(get_resolver().url_patterns) if not hasattr(view, "doudi_access")]
    assert not bare


def test_every_action_writes_an_audit_entry() -> None:
    """Each public function in a room `actions` that takes an actor reaches record_act or record_look."""
    wrong = []
    for app in sorted({path.relative_to(PACKAGE).parts[0] for path in modules()} - {"audit"}):
        paths = [path for path in modules() if _is_action_of(path, app)]
        calls = {node.name: _called(node) for path in paths for node in ast.walk(tree(path)) if _is_function(node)}
        for path in paths:
            for node in tree(path).body:
                if _is_function(node) and _takes_actor(node) and not _reaches_audit(node.name, calls, set()):
                    wrong.append(f"{name_of(path)}: {node.name}")
    assert not wrong


def _is_action_of(path: Path, app: str) -> bool:
    rooms = path.relative_to(PACKAGE).with_suffix("").parts
    return rooms[0] == app and len(rooms) > 1 and rooms[1] == "actions"


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef)


def _takes_actor(node: ast.FunctionDef) -> bool:
    return not node.name.startswith("_") and "actor" in {argument.arg for argument in node.args.kwonlyargs}


def _called(node: ast.FunctionDef) -> set[str]:
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            target = part.func
            found |= {target.id} if isinstance(target, ast.Name) else set()
            found |= {target.attr} if isinstance(target, ast.Attribute) else set()
    return found


def _reaches_audit(name: str, calls: dict[str, set[str]], seen: set[str]) -> bool:
    if name in seen:
        return False
    seen.add(name)
    called = calls.get(name, set())
    return bool(called & {"record_act", "record_look"}) or any(_reaches_audit(n, calls, seen) for n in called)


def _views(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        where = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, where)
        else:
            yield where, pattern.callback
