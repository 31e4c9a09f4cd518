"""Reads a policy folder whole: facts, sources, programmes, chains, packages, places. All faults are told at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec, TypeVar

from doudi.engine import definitions, figures
from doudi.engine.errors import MAX_FAULTS, PolicyError, PolicyErrors, Where
from doudi.engine.feed_reader import read_feeds
from doudi.engine.feeds import Feed
from doudi.engine.policy_files import policy_files
from doudi.engine.reading import mapping, nearest
from doudi.engine.strict_yaml import Mapping, Value, read
from doudi.engine.vocabulary import (
    ChainDefinition,
    FactDefinition,
    PackageDefinition,
    ParameterDefinition,
    ProgrammeDefinition,
    RuleDefinition,
)


@dataclass(slots=True)
class Layer:
    """What one folder declares: the national base, or one place's own."""

    place: str
    facts: dict[str, FactDefinition] = field(default_factory=dict)
    rules: dict[str, RuleDefinition] = field(default_factory=dict)
    parameters: dict[str, ParameterDefinition] = field(default_factory=dict)
    programmes: dict[str, ProgrammeDefinition] = field(default_factory=dict)
    chains: dict[str, ChainDefinition] = field(default_factory=dict)
    packages: dict[str, PackageDefinition] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy folder as read. `places` maps an area code to what that area decides itself."""

    root: Path
    hash: str
    base: Layer
    places: dict[str, Layer]
    feeds: dict[str, Feed]


T = TypeVar("T")
P = ParamSpec("P")
_CACHE: dict[str, Policy] = {}
KEPT = 16
"""Policies kept in memory, the oldest dropped first: a draft checked at every step would fill it."""


def load(root: Path) -> Policy:
    """Read and check the shape of every file; raises PolicyErrors with all faults. Cached by content."""
    if not root.is_dir():
        raise PolicyErrors([PolicyError("policy.not_a_folder", None, folder=str(root))])
    key = content_hash(root)
    found = _CACHE.get(key)
    if found is None:
        found = _CACHE[key] = _load(root, key)
        while len(_CACHE) > KEPT:
            _CACHE.pop(next(iter(_CACHE)), None)
    return found


def content_hash(root: Path) -> str:
    """SHA-256 over the names and bytes of all YAML files, in the order of their names."""
    digest = sha256()
    for name, data in policy_files(root).items():
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _load(root: Path, key: str) -> Policy:
    errors: list[PolicyError] = []
    feeds: dict[str, Feed] = {}
    try:
        feeds = read_feeds(root / "sources")
    except PolicyErrors as several:
        errors += several.errors
    except PolicyError as error:
        errors.append(error)
    base = Layer("")
    for pattern in ("facts/*.yaml", "programmes/*/*.yaml", "chains/*.yaml", "packages/*.yaml"):
        for path in sorted(root.glob(pattern)):
            _into(base, root, path, errors)
    places: dict[str, Layer] = {}
    for folder in sorted(p for p in (root / "places").glob("*") if p.is_dir()):
        layer = places.setdefault(folder.name, Layer(folder.name))
        if not (folder.name.isascii() and folder.name.isdigit()) or len(folder.name) not in (2, 4, 6, 9, 12):
            errors.append(
                PolicyError("policy.place_malformed", Where(f"places/{folder.name}", 1, 1), place=folder.name)
            )
        for path in sorted(folder.glob("*.yaml")):
            _into(layer, root, path, errors)
    if errors:
        raise PolicyErrors(errors)
    return Policy(root, key, base, places, feeds)


def _into(layer: Layer, root: Path, path: Path, errors: list[PolicyError]) -> None:
    if path.name in ("outputs.yaml", "examples.yaml"):
        return
    try:
        content = mapping(
            read(path, shown_as=path.relative_to(root).as_posix()), Where(path.relative_to(root).as_posix(), 1, 1)
        )
    except PolicyError as error:
        errors.append(error)
        return
    if path.name == "programme.yaml" or (path.parent.name in ("chains", "packages") and not layer.place):
        _guarded(errors, _one, layer, path.parent.name, content)
        return
    found: list[PolicyError] = []
    for section, value in content.items():
        if len(found) <= MAX_FAULTS:
            _guarded(found, _named_section, layer, section, value, content, found)
    errors += found


def _one(layer: Layer, wanted: str, content: Mapping) -> None:
    """A file that holds one entry under its own name."""
    if wanted == "chains":
        chain = definitions.chain(content)
        _once(layer.chains, chain.name, chain)
    elif wanted == "packages":
        package = definitions.package(content)
        _once(layer.packages, package.name, package)
    else:
        programme = definitions.programme(content)
        _once(layer.programmes, programme.name, programme)


def _section(layer: Layer, section: str, table: Mapping, content: Mapping, errors: list[PolicyError]) -> None:
    readers: dict[str, Callable[[str, Mapping], None]] = {
        "facts": lambda n, m: _once(layer.facts, n, definitions.fact(n, m)),
        "rules": lambda n, m: _once(layer.rules, n, definitions.rule(n, m, layer.place)),
        "parameters": lambda n, m: _once(layer.parameters, n, figures.parameter(n, m, layer.place)),
        "programmes": lambda n, m: _once(layer.programmes, n, definitions.programme(m, n)),
        "chains": lambda n, m: _once(layer.chains, n, definitions.chain(m, n)),
        "packages": lambda n, m: _once(layer.packages, n, definitions.package(m, n)),
    }
    if section not in readers:
        near = nearest(section, readers)
        where = getattr(section, "where", content.where)
        raise PolicyError("policy.key_unknown", where, suggestion=near, key=str(section), known=", ".join(readers))
    for name, value in table.items():
        if len(errors) >= MAX_FAULTS:
            raise PolicyError("policy.too_many_faults", getattr(name, "where", table.where), limit=MAX_FAULTS)
        _guarded(errors, _entry, readers[section], name, value, table)


def _named_section(layer: Layer, section: str, value: Value, content: Mapping, errors: list[PolicyError]) -> None:
    _section(layer, section, mapping(value, content.where), content, errors)


def _entry(reader: Callable[[str, Mapping], None], name: str, value: Value, table: Mapping) -> None:
    reader(name, mapping(value, table.where))


def _once(table: dict[str, T], name: str, value: T) -> None:
    if name in table:
        other = getattr(table[name], "at", None)
        raise PolicyError("policy.defined_twice", getattr(value, "at", None), name=str(name), other=str(other))
    table[str(name)] = value


def _guarded(errors: list[PolicyError], act: Callable[P, None], *arguments: P.args, **named: P.kwargs) -> None:
    try:
        act(*arguments, **named)
    except PolicyErrors as several:
        errors += several.errors
    except PolicyError as error:
        errors.append(error)
