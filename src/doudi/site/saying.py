"""How commands without Django say what the engine refuses: one line a fault in the language asked for, exit code 1."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from doudi.engine.errors import EngineError, PolicyErrors

Lang = Annotated[str, typer.Option("--lang", help="zh or en.", metavar="zh|en")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
LANGUAGES = ("zh", "en")


def checked_lang(lang: str) -> str:
    """`zh` or `en`; anything else is wrong usage."""
    if lang not in LANGUAGES:
        raise typer.BadParameter("zh or en", param_hint="--lang")
    return lang


def as_data(error: EngineError) -> dict[str, Any]:
    """A fault for programs: code, place, sentence in both languages, suggestion."""
    where = error.where
    return {
        "code": error.code,
        "file": where.file if where else None,
        "line": where.line if where else None,
        "column": where.column if where else None,
        "message": {lang: error.message(lang) for lang in LANGUAGES},
        "suggestion": error.suggestion,
    }


def print_json(data: object) -> None:
    """JSON as people can read it too, keys in the order given."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def write_out(target: Path, content: bytes, *, hint: str, mode: int = 0o644, replaces: bool = True) -> None:
    """The content into a file, whole or not at all; a place that cannot be written, or is taken and not to be
    replaced, is wrong usage, said in a line.
    """
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
        if replaces and not target.is_symlink() and (target.is_file() or not target.exists()):
            partial.replace(target)
        elif replaces:
            target.write_bytes(content)  # a device, a pipe, or what a link leads to
        else:
            os.link(partial, target)
    except FileExistsError:
        raise typer.BadParameter(f"{target}: exists already; --force replaces it", param_hint=hint) from None
    except OSError as error:
        raise typer.BadParameter(f"{target}: {error.strerror}", param_hint=hint) from None
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def refusals(lang: str, *, as_json: bool) -> Iterator[None]:
    """Turns what the engine refuses into lines on stderr (or JSON on stdout) and exit code 1."""
    try:
        yield
    except EngineError as error:
        faults = list(error.errors) if isinstance(error, PolicyErrors) else [error]
        if as_json:
            print_json({"errors": [as_data(fault) for fault in faults]})
        else:
            for fault in faults:
                print(fault.message(lang), file=sys.stderr)
        raise typer.Exit(1) from None
