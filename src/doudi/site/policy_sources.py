"""A policy named on the command line: a folder, a bundle, a published hash, or a reform over another policy."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from doudi.engine.policy import Policy, load

_HASH = re.compile(r"[0-9a-f]{6,64}")
"""The hash of a published rulebook, or its beginning as pages and commands show it."""


def policy_at(name: str, *, base: Policy | None = None, hint: str = "POLICY") -> Policy:
    """The policy of a name; a .yaml file is a reform over `base`. Raises BadParameter and PolicyErrors."""
    path = Path(name)
    if path.is_dir():
        return load(path)
    if path.is_file() and path.suffix in (".yaml", ".yml") and base is not None:
        from doudi.engine.reform import read_reform, reformed

        return reformed(base, read_reform(path, base))
    if path.is_file():
        return _of_bundle(path.read_bytes(), hint)
    if _HASH.fullmatch(name):
        return _published(name)
    raise typer.BadParameter("a policy folder, a reform file, a bundle or a published hash", param_hint=hint)


def _of_bundle(data: bytes, hint: str) -> Policy:
    from doudi.rulebook.logic.bundle import unpack
    from doudi.rulebook.logic.parcel import unpacked

    try:
        files = unpacked(data) if data.startswith(b"PK") else unpack(data)
    except (ValueError, zlib.error):
        raise typer.BadParameter("this file is no bundle of a rulebook", param_hint=hint) from None
    return _of_files(files)


def _published(name: str) -> Policy:
    from doudi.site.django_setup import opened

    with opened():
        from doudi.rulebook.queries import files_of, hash_of

        return _of_files(files_of(hash_of(name)))


def _of_files(files: dict[str, str]) -> Policy:
    from doudi.rulebook.logic.bundle import write_files

    with TemporaryDirectory(prefix="doudi-policy-") as folder:
        write_files(files, Path(folder))
        return load(Path(folder))
