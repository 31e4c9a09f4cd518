"""Every file leaves through one door: views that answer with one say so, and whatever does not is found and stopped."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from inspect import unwrap
from pathlib import Path
from types import ModuleType

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, path

from doudi.core.access import public
from doudi.exports.logic.declared import Export
from doudi.exports.middleware import FILES, OneDoor
from tests.architecture.project import PACKAGE, modules, name_of, tree

DOORS = {"src/doudi/exports/door.py", "src/doudi/exports/middleware.py"}
STREAMS = {"FileResponse", "StreamingHttpResponse"}


def views(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, Callable[..., object]]]:
    """Every address with its view."""
    for pattern in patterns:
        where = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, where)
        else:
            yield where, pattern.callback


def exports() -> dict[str, Export]:
    """Every address that declares an export."""
    found = {where: getattr(view, "doudi_export", None) for where, view in views(get_resolver().url_patterns)}
    return {where: declared for where, declared in found.items() if isinstance(declared, Export)}


def own_files(module: ast.AST) -> list[str]:
    """What in a module answers with a file by itself: a disposition, a stream, an answer of a kind that is saved.

    Functions that say why theirs is no export are passed over.
    """
    found = []
    for node in _undeclared(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value.lower() == "content-disposition":
                found.append("Content-Disposition")
        elif isinstance(node, ast.Call):
            name = _name(node.func)
            kinds = [
                k.value.value for k in node.keywords if k.arg == "content_type" and isinstance(k.value, ast.Constant)
            ]
            if name in STREAMS or (name.endswith("Response") and any(str(kind).startswith(FILES) for kind in kinds)):
                found.append(name)
    return found


def _undeclared(node: ast.AST) -> Iterator[ast.AST]:
    """A tree without the functions that say `no_export`."""
    for child in ast.iter_child_nodes(node):
        decorators = getattr(child, "decorator_list", [])
        if not any(isinstance(one, ast.Call) and _name(one.func) == "no_export" for one in decorators):
            yield child
            yield from _undeclared(child)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def bypassing(patterns: list[URLPattern | URLResolver], trees: dict[str, ast.Module]) -> list[str]:
    """Addresses whose view, undeclared, stands in a module that answers with files by itself."""
    found = []
    for where, view in views(patterns):
        if hasattr(view, "doudi_export") or hasattr(view, "doudi_no_export"):
            continue
        inner = unwrap(view)
        module = trees.get(getattr(inner, "__module__", ""))
        if module is not None and own_files(module):
            found.append(where)
    return found


def test_no_module_but_the_door_answers_with_a_file() -> None:
    wrong = {name_of(p): found for p in modules() if name_of(p) not in DOORS and (found := own_files(tree(p)))}
    assert not wrong


def test_every_address_that_could_answer_with_a_file_declares_it() -> None:
    trees = {_module(p): tree(p) for p in modules() if name_of(p) not in DOORS}
    assert not bypassing(get_resolver().url_patterns, trees)


def test_the_exports_there_are_say_what_they_hold() -> None:
    declared = exports()
    assert len(declared) >= 7
    assert {one.holds for one in declared.values()} == {"personal", "totals", "rules"}
    assert all(one.kinds and "." in one.name for one in declared.values())


def test_a_view_that_goes_round_the_door_is_found() -> None:
    """The search finds what it looks for: a planted view, in a module like any other."""
    text = 'def leak(request):\n    return HttpResponse(b"1", content_type="text/csv")\n'
    planted = ModuleType("planted")
    exec(compile(text, "planted", "exec"), planted.__dict__ | {"HttpResponse": HttpResponse}, planted.__dict__)
    planted.leak.__module__ = "planted"
    trees = {"planted": ast.parse(text)}
    assert bypassing([path("leak/", public(planted.leak))], trees) == ["leak/"]
    for other in ('r["Content-Disposition"] = "attachment"', "x = FileResponse(f)"):
        assert own_files(ast.parse(other))


@pytest.mark.parametrize("kind", ["text/csv; charset=utf-8", "application/pdf", "application/zip", "text/html"])
def test_a_file_that_did_not_pass_the_door_is_not_given_out(kind: str) -> None:
    def leak(request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(b"990101199001010010", content_type=kind)
        if kind == "text/html":
            answer.headers["Content-Disposition"] = 'attachment; filename="x.html"'
        return answer

    answer = OneDoor(leak)(_request())
    assert answer.status_code == 503 and b"9901011990" not in answer.content


def test_pages_and_stamped_files_pass() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("<p>", content_type="text/html; charset=utf-8")

    def stamped(request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(b"x", content_type="text/csv")
        answer.doudi_export = "1"  # type: ignore[attr-defined]
        return answer

    assert OneDoor(page)(_request()).status_code == OneDoor(stamped)(_request()).status_code == 200


def _request() -> HttpRequest:
    request = RequestFactory().get("/x/")
    request.user = type("Nobody", (), {"is_authenticated": False})()  # type: ignore[assignment]
    request.resolver_match = None
    return request


def _module(where: Path) -> str:
    parts = where.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
