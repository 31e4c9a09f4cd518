"""A group of commands whose help is quick: its own `--help` has a plain no, so that nothing is loaded to read it."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class CommandGroup(TyperGroup):
    """Typer reads an option that was not given with a validator that takes longer to load than all of ours."""

    def get_help_option(self, ctx: Any) -> Any:
        """The usual option; not asked for is `False`, which needs no reading."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.default = False
        return found
