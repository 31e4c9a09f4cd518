"""Sizes, names and imports: the house as house rules want it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from statistics import median, quantiles

from tests.architecture.project import PACKAGE, ROOT, modules, name_of, tree

UNWANTED = {"utils", "helpers", "common", "misc", "services", "manager", "handler", "base"}


def test_no_module_is_over_400_lines() -> None:
    sizes = {name_of(path): text.count("\n") for path, text in modules().items()}
    assert not {name: size for name, size in sizes.items() if size > 400}


def test_modules_are_small_on_the_whole() -> None:
    sizes = [text.count("\n") for path, text in modules().items() if path.name != "__init__.py"]
    assert median(sizes) < 120
    assert quantiles(sizes, n=10)[-1] < 250


DJANGOS = "src/doudi/core/postgresql/base.py"
"""Django looks a database backend up by this name."""


def test_no_module_has_a_name_that_says_nothing() -> None:
    nameless = [name_of(path) for path in modules() if UNWANTED & {path.stem, path.parent.name}]
    assert nameless == [DJANGOS]


def test_every_module_says_what_lives_there() -> None:
    silent = [path for path, text in modules().items() if text.strip() and not ast.get_docstring(tree(path))]
    assert not [name_of(path) for path in silent]


def test_import_contracts_hold() -> None:
    command = "from importlinter.cli import lint_imports_command as c; c(['--no-logo', '--no-cache'])"
    result = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]


def test_the_command_line_is_built_without_django() -> None:
    code = "import sys; from doudi.site.cli import build; build(); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_other_apps_are_entered_by_their_public_rooms() -> None:
    """Another app sees actions, queries, access, models, events, logic and what sockets and core offer."""
    apps = {path.parent.name for path in PACKAGE.glob("*/apps.py")} - {"core"}
    public = {"actions", "queries", "access", "models", "events", "logic", "panels", "permits", "data"}
    wrong = []
    for path, text in modules().items():
        own = path.relative_to(PACKAGE).parts[0]
        for app, room in re.findall(r"^\s*from doudi\.(\w+)\.(\w+)", text, re.MULTILINE):
            if app in apps and app != own and own != "site" and room not in public:
                wrong.append(f"{name_of(path)}: doudi.{app}.{room}")
    assert not wrong


def test_money_is_never_a_float() -> None:
    wrong = []
    for path in modules():
        if "money" in path.stem or path.stem in {"amounts", "benefits"}:
            names = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Name) and node.id == "float"]
            numbers = [
                node
                for node in ast.walk(tree(path))
                if isinstance(node, ast.Constant) and isinstance(node.value, float)
            ]
            wrong += [name_of(path)] * bool(names or numbers)
        wrong += [name_of(path)] * bool(re.search(r"\bmodels\.FloatField\b", modules()[path]))
    assert not wrong


def test_the_clock_is_read_at_the_doors_only() -> None:
    wrong = []
    for path, text in modules().items():
        rooms = set(path.relative_to(PACKAGE).with_suffix("").parts)
        if rooms & {"actions", "queries", "logic", "lifecycle", "engine", "lib"}:
            found = re.search(r"\b(datetime\.now|date\.today|timezone\.now|clock import[^\n]*\b(now|today))\b", text)
            wrong += [name_of(path)] * bool(found)
    assert not wrong
