"""What the engine returns: a proposal. A decision is a person's act. Everything here is plain data with one
canonical form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from doudi.engine.feeds import Bilingual
from doudi.engine.missing import Missing
from doudi.engine.subject import Value

__all__ = ["Missing", "ProgrammeResult", "Proposal", "Step", "plain"]


@dataclass(frozen=True, slots=True)
class ProgrammeResult:
    """One programme of the chain: eligible | not_eligible | undetermined, and what is missing if undetermined."""

    name: str
    label: Bilingual
    outcome: str
    missing: tuple[Missing, ...]
    amount: Decimal | None


class Step(NamedTuple):
    """One step of the reasons: a quantity of a subject, opened into its arithmetic, figures, sources and articles."""

    id: str
    name: str
    subject: str
    label: Bilingual
    value: Value
    unit: str
    shown: Bilingual
    sentence: Bilingual
    formula: Bilingual
    worked: Bilingual
    inputs: tuple[str, ...]
    parameters: tuple[dict[str, Any], ...]
    sources: tuple[dict[str, Any], ...]
    basis: tuple[dict[str, Any], ...]
    sensitivity: str
    is_imputed: bool = False
    """Income that is reckoned, not found or declared."""


class Values(Mapping[tuple[str, str], Value]):
    """The values of all rules by (qualified name, subject id), worked out when the first of them is asked for."""

    def __init__(self, work_out: Callable[[], dict[tuple[str, str], Value]]) -> None:
        self._work_out: Callable[[], dict[tuple[str, str], Value]] | None = work_out
        self._found: dict[tuple[str, str], Value] = {}

    def _all(self) -> dict[tuple[str, str], Value]:
        if self._work_out is not None:
            self._found, self._work_out = self._work_out(), None
        return self._found

    def __getitem__(self, key: tuple[str, str]) -> Value:
        return self._all()[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


@dataclass(frozen=True, slots=True)
class Proposal:
    """The result of a chain for one household as of a day."""

    as_of: date
    place: str
    rulebook: str
    inputs_digest: str
    chain: str
    household: str
    outcome: str
    programme: str | None
    pending: str | None
    amount: Decimal | None
    missing: tuple[Missing, ...]
    programmes: tuple[ProgrammeResult, ...]
    headline: Bilingual
    values: Mapping[tuple[str, str], Value]
    """By (qualified name, subject id); unknown and not applicable are None."""
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data; numbers as text, so that the same proposal has the same bytes."""
        data: dict[str, Any] = plain(self)
        data["values"] = {
            f"{name}@{subject}" if not name.startswith("household.") else name: plain(v)
            for (name, subject), v in self.values.items()
        }
        return data


def plain(value: Any) -> Any:
    """Dataclasses, tuples, dates and decimals as JSON data."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _field_names(type(value)) if name != "values"}
    if isinstance(value, Step):
        return {name: plain(part) for name, part in zip(Step._fields, value, strict=True)}
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value


@cache
def _field_names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(spec.name for spec in fields(kind))
