"""A reform: what would be different, as one strict YAML file laid over a policy. Nothing of the policy itself changes.

`{name, label, from?, to?, area?, parameters: {name: {scale: 1.05 | values: [...]}}, rules, programmes, chains}`. Rules,
programmes and chains are whole entries, as a place's. Without `from` and `to` it holds on every day, without `area`
everywhere. How figures are cut and scaled is in `reform_figures`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from doudi.engine import definitions
from doudi.engine.errors import PolicyError, PolicyErrors, Where
from doudi.engine.feeds import Bilingual
from doudi.engine.policy import Layer, Policy
from doudi.engine.reading import bilingual, date_of, mapping, name_in, nearest, only, place, text
from doudi.engine.reform_figures import Change, Period, change_of, scaled, set_anew
from doudi.engine.strict_yaml import MAX_BYTES, Sequence, Value, parse
from doudi.engine.strict_yaml import Mapping as Table
from doudi.engine.vocabulary import LEVELS, ChainDefinition, ProgrammeDefinition, RuleDefinition

T = TypeVar("T")
_KEYS = ("name", "label", "from", "to", "area", "parameters", "rules", "programmes", "chains")


@dataclass(frozen=True, slots=True)
class Reform:
    """A reform as read. `hash` is of its bytes; `area` is empty for everywhere."""

    name: str
    label: Bilingual
    hash: str
    period: Period
    area: str = ""
    figures: dict[str, Change] = field(default_factory=dict)
    rules: dict[str, RuleDefinition] = field(default_factory=dict)
    programmes: dict[str, ProgrammeDefinition] = field(default_factory=dict)
    chains: dict[str, ChainDefinition] = field(default_factory=dict)


def read_reform(path: Path, policy: Policy) -> Reform:
    """The reform of a file. Raises PolicyErrors: every fault with file, line, reason and suggestion."""
    if path.stat().st_size > MAX_BYTES:
        raise PolicyError("policy.file_too_large", Where(path.name, 1, 1), limit=MAX_BYTES)
    try:
        content = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyError("policy.not_utf8", Where(path.name, 1, 1), byte=error.start) from None
    return parse_reform(content, policy, name=path.name)


def parse_reform(content: str, policy: Policy, *, name: str = "reform.yaml") -> Reform:
    """The reform of a text; `name` is what faults call it."""
    table = mapping(parse(content, name), Where(name, 1, 1))
    only(table, _KEYS)
    area = _area(table)
    period = Period(_day(table, "from", date.min), _day(table, "to", date.max))
    label = bilingual(table, "label") or {}
    reader = _Reader(policy)
    reform = Reform(
        name_in(table, "name"),
        label,
        sha256(content.encode()).hexdigest(),
        period,
        area,
        reader.section(table, "parameters", lambda n, m: change_of(n, m, area, period, label)),
        reader.section(table, "rules", lambda n, m: definitions.rule(n, m, area)),
        reader.section(table, "programmes", lambda n, m: definitions.programme(m, n)),
        reader.section(table, "chains", lambda n, m: definitions.chain(m, n)),
    )
    if reader.errors:
        raise PolicyErrors(reader.errors)
    return reform


def reform_data(content: str) -> Any:
    """A reform that was read before, as plain data: mappings, lists, every scalar as it was written."""
    return _plain(parse(content, "reform.yaml"))


def _plain(value: Value) -> Any:
    if isinstance(value, Table):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [_plain(part) for part in value]
    return None if value is None else str(value)


def reformed(policy: Policy, reform: Reform) -> Policy:
    """The policy as it would be, under a hash of its own; the policy given stays as it is."""
    layers = {"": _copied(policy.base), **{code: _copied(layer) for code, layer in policy.places.items()}}
    if reform.area and reform.area not in layers:
        layers[reform.area] = Layer(reform.area)
    for change in reform.figures.values():
        (scaled if change.factor is not None else set_anew)(layers, change)
    for section in ("rules", "programmes", "chains"):
        for name, entry in getattr(reform, section).items():
            _replace(layers, section, name, entry, reform.area)
    base = layers.pop("")
    key = sha256(f"{policy.hash}\0{reform.hash}".encode()).hexdigest()
    return replace(policy, hash=key, base=base, places=layers)


def _copied(layer: Layer) -> Layer:
    """A layer whose tables can be changed without touching the first one's."""
    return replace(
        layer,
        rules=dict(layer.rules),
        parameters=dict(layer.parameters),
        programmes=dict(layer.programmes),
        chains=dict(layer.chains),
    )


def _replace(layers: Mapping[str, Layer], section: str, name: str, entry: Any, area: str) -> None:
    """In every layer of the area that has it, and for the area itself where only a layer above has it."""
    for code, layer in layers.items():
        table = getattr(layer, section)
        if code == area or (code.startswith(area) and name in table):
            own = replace(entry, set_in=code) if isinstance(entry, RuleDefinition) else entry
            if name in table or area:
                table[name] = own


class _Reader:
    """Reads sections, refusing names the policy does not have; faults are gathered."""

    def __init__(self, policy: Policy) -> None:
        self.errors: list[PolicyError] = []
        self._layers = [policy.base, *policy.places.values()]

    def section(self, table: Table, section: str, reader: Callable[[str, Table], T]) -> dict[str, T]:
        found: dict[str, T] = {}
        if table.get(section) is None:
            return found
        known = {name for layer in self._layers for name in getattr(layer, section)}
        for name, value in mapping(table[section], table.where).items():
            try:
                self._known(section, name, value, known)
                found[str(name)] = reader(name, mapping(value, place(value, table.where)))
            except PolicyErrors as several:
                self.errors += several.errors
            except PolicyError as error:
                self.errors.append(error)
        return found

    def _known(self, section: str, name: str, value: Value, known: Collection[str]) -> None:
        if name not in known:
            where = getattr(name, "where", place(value))
            raise PolicyError(
                f"reform.{section.removesuffix('s')}_unknown", where, suggestion=nearest(name, known), name=str(name)
            )


def _area(table: Table) -> str:
    area = text(table, "area", "nation")
    if area == "nation":
        return ""
    if not (area.isascii() and area.isdigit() and len(area) in LEVELS):
        raise PolicyError("policy.place_malformed", place(table["area"]), place=area)
    return area


def _day(table: Table, key: str, default: date) -> date:
    return date_of(table[key], table.where) if table.get(key) is not None else default
