"""The command `doudi`: each module of `site/commands` registers its own; exit codes 0 done, 1 refused, 2 wrong usage.

Command modules import nothing heavy at their top: `policy` and `decide CASE.json` run without Django, the others call
`django_setup.set_up(role)` first.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import typer

from doudi.site import commands
from doudi.site.command_group import CommandGroup


def build() -> typer.Typer:
    """The whole application, commands in alphabetical order."""
    app = typer.Typer(
        name="doudi",
        cls=CommandGroup,
        help="Doudi 兜底: social assistance, from departments' deliveries to a decision with its reasons.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_frame)
    for module in sorted(pkgutil.iter_modules(commands.__path__), key=lambda found: found.name):
        importlib.import_module(f"{commands.__name__}.{module.name}").register(app)
    return app


def main() -> None:
    """Runs a command; what the house refuses becomes one line on stderr and exit code 1, never a traceback."""
    try:
        build()()
    except Exception as error:
        if not _is_said(error):
            raise
        print(f"doudi: {_said(error)}", file=sys.stderr)
        sys.exit(1)


def _frame() -> None:
    """Keeps `doudi` a group even while it has a single command."""


def _said(error: Exception) -> str:
    """The message with its code; both where an error has both."""
    message = getattr(error, "message", None)
    code = getattr(error, "code", "")
    return f"{message} [{code}]" if message is not None and not callable(message) else str(error)


def _is_said(error: Exception) -> bool:
    """Errors that carry a message written for people: those with a stable code, and the cluster's."""
    return isinstance(getattr(error, "code", None), str) or type(error).__name__ == "ClusterError"
