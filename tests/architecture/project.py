"""The project's files, read once for the architecture tests."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "doudi"


@cache
def modules() -> dict[Path, str]:
    """Every Python module of the product (migrations left out: they are generated), with its text."""
    return {
        path: path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
    }


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(modules()[path])


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked() -> list[Path]:
    """Files of the repository; every file outside hidden and generated folders where there is no git."""
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if found.returncode == 0 and found.stdout:
        return [path for name in found.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]
    left_out = {".venv", "var", ".git", "__pycache__"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not left_out & set(path.parts)]
