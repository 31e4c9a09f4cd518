"""The files of a policy folder: every YAML file below it, ordinary, of bounded size, none of them a link."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from doudi.engine.errors import PolicyError, PolicyErrors, Where
from doudi.engine.strict_yaml import content

MAX_FILES = 2_000
NO_RULES = ("retention.yaml",)
"""Files of the folder that say nothing of who is helped: read by those they are for, not part of a rulebook."""


def policy_files(root: Path) -> dict[str, bytes]:
    """Name → bytes, in the order of names; raises PolicyErrors with every file that is refused."""
    found: dict[str, bytes] = {}
    errors: list[PolicyError] = []
    for path in sorted(_yaml_files(root, errors), key=lambda p: p.relative_to(root).as_posix()):
        name = path.relative_to(root).as_posix()
        if len(found) == MAX_FILES:
            errors.append(PolicyError("policy.too_many_files", Where(name, 1, 1), limit=MAX_FILES))
            break
        try:
            found[name] = content(path, name)
        except PolicyError as error:
            errors.append(error)
    if errors:
        raise PolicyErrors(errors)
    return found


def _yaml_files(root: Path, errors: list[PolicyError]) -> Iterator[Path]:
    """A link could lead out of the folder, or bring in what the hash of the policy does not cover."""
    for folder, folders, files in os.walk(root):
        for name in sorted([*folders, *files]):
            path = Path(folder) / name
            if name in files and path.suffix != ".yaml":
                continue
            shown = path.relative_to(root).as_posix()
            if shown in NO_RULES:
                continue
            if not shown.isprintable():
                errors.append(PolicyError("policy.file_name", Where(ascii(shown), 1, 1)))
            elif path.is_symlink():
                errors.append(PolicyError("policy.link_refused", Where(shown, 1, 1)))
            elif path.suffix == ".yaml":
                yield path
