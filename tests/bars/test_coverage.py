"""A-06: whatever anybody asks of the house leaves an entry, on every address there is."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from doudi.accounts.logic.roles import ROLES
from doudi.audit.models import Entry
from tests.accounts.conftest import Make, make
from tests.bars.conftest import Bar

__all__ = ["make"]


def addresses(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named address with its name."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}", pattern


def arguments(pattern: URLPattern) -> dict[str, object]:
    """Arguments that fit: the id of a row there is, where the name tells the model, else one of nobody."""
    models = {model.__name__.lower(): model for model in apps.get_models()}
    found: dict[str, object] = {}
    for name, converter in pattern.pattern.converters.items():
        model = models.get(name.removesuffix("_id"))
        row = model.objects.first() if model is not None else None  # type: ignore[attr-defined]
        if isinstance(converter, UUIDConverter):
            found[name] = row.pk if row is not None and isinstance(row.pk, UUID) else uuid4()
        else:
            found[name] = 1 if isinstance(converter, IntConverter) else "csv"
    return found


@pytest.mark.django_db
@pytest.mark.bar("A-06", "every address leaves an entry in the log, whoever opens it and whatever comes of it")
def test_every_address_leaves_an_entry(client: Client, make: Make, bar: Bar) -> None:
    silent, tried, routes, untraced = [], 0, set(), {}
    client.raise_request_exception = False
    for role in ROLES if bar.full else ("handler", "county_officer", "auditor"):
        client.force_login(make(f"walker_{role}", role))
        for name, pattern in addresses(get_resolver().url_patterns):
            if getattr(pattern.callback, "doudi_access", "") == "public":
                continue
            if reason := getattr(pattern.callback, "doudi_untraced", ""):
                untraced[name] = reason
                continue
            routes.add(name)
            for method in ("get", "post"):
                before = Entry.objects.count()
                getattr(client, method)(reverse(name, kwargs=arguments(pattern)))
                tried += 1
                if Entry.objects.count() == before:
                    silent.append(f"{role} {method} {name}")
    said = f"{len(routes)} of {len(routes)} addresses, {tried} tries, {len(silent)} without an entry"
    bar.says(f"{said}; {len(untraced)} untraced with a reason")
    assert not silent, "\n".join(silent)
    assert len(routes) > 60
