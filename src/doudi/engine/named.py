"""Names that programmes and packages give of others: each must be known at the place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from doudi.engine.errors import PolicyError, PolicyErrors, Where
from doudi.engine.reading import nearest
from doudi.engine.vocabulary import FactDefinition, PackageDefinition, ProgrammeDefinition


def check_named(
    programmes: Mapping[str, ProgrammeDefinition],
    packages: Mapping[str, PackageDefinition],
    facts: Mapping[str, FactDefinition],
) -> None:
    """Raises PolicyErrors: the programmes of packages, and the choices that programmes list."""
    choices = [name for name, fact in facts.items() if fact.source == "discretion"]
    errors: list[PolicyError] = []
    for package in packages.values():
        errors += _unknown("policy.programme_unknown", (*package.when, *package.programmes), programmes, package.at)
    for programme in programmes.values():
        errors += _unknown("policy.choice_unknown", programme.discretion, choices, programme.at)
    if errors:
        raise PolicyErrors(errors)


def _unknown(code: str, names: Iterable[str], known: Iterable[str], at: Where) -> list[PolicyError]:
    there = list(known)
    return [PolicyError(code, at, suggestion=nearest(name, there), name=name) for name in names if name not in there]
