"""How Django reaches the database: by DATABASE_URL, else the embedded cluster, always under one of our roles.

The alias `audit` is a second connection of the same role that commits each statement by itself: looks and refusals are
written there, whatever becomes of the request.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import connections

from doudi.core.row_context import EVERYWHERE
from doudi.site.postgres import Cluster

ROLES = ("web", "work", "migrate", "read")
DATABASE = "doudi"
STATEMENT_SECONDS = 120


def databases(role: str, home: Path) -> dict[str, dict[str, Any]]:
    """DATABASES for a role. DATABASE_URL_<ROLE> wins over DATABASE_URL, both over the embedded cluster."""
    if role not in ROLES:
        raise ValueError(f"DOUDI_ROLE must be one of {', '.join(ROLES)}, not {role!r}")
    return {"default": connection_settings(role, home), "audit": connection_settings(role, home)}


def connection_settings(role: str, home: Path) -> dict[str, Any]:
    """One connection's settings; `migrate` acts as `owner` from the first statement on."""
    url = os.environ.get(f"DATABASE_URL_{role.upper()}") or os.environ.get("DATABASE_URL")
    settings = from_url(url) if url else _embedded(role, home)
    options = settings["OPTIONS"]
    if role == "web":  # nobody waits longer for a page, and no statement holds a connection for ever
        options["options"] = f"{options.get('options', '')} -c statement_timeout={STATEMENT_SECONDS}s".strip()
    if role == "migrate":
        # what changes tables must see all rows of them: said for this role's connections, which nobody shares
        everything = f"-c doudi.lo={EVERYWHERE.lo} -c doudi.hi={EVERYWHERE.hi}"
        options["options"] = f"{options.get('options', '')} -c role=owner {everything}".strip()
    return settings | {"ENGINE": "doudi.core.postgresql", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def from_url(url: str) -> dict[str, Any]:
    """postgresql://user:password@host:port/name?sslmode=require → Django's settings."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ValueError("DATABASE_URL must look like postgresql://user:password@host:port/name")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def is_embedded() -> bool:
    """Whether the embedded cluster is used at all."""
    return not any(os.environ.get(name) for name in ("DATABASE_URL", *(f"DATABASE_URL_{r.upper()}" for r in ROLES)))


@contextmanager
def acting_as(role: str, home: Path, *, name: str | None = None) -> Iterator[None]:
    """Every connection of this process under another role (and another database) for a while."""
    kept = {alias: dict(connections.databases[alias]) for alias in ("default", "audit")}
    try:
        for alias in kept:
            connections[alias].close()
            wanted = connection_settings(role, home)
            connections.databases[alias].update(wanted | {"NAME": name or kept[alias]["NAME"]})
        yield
    finally:
        for alias, settings in kept.items():
            connections[alias].close()
            connections.databases[alias].update(settings)


def _embedded(role: str, home: Path) -> dict[str, Any]:
    cluster = Cluster(home)
    return {
        "NAME": DATABASE,
        "USER": role,
        "PASSWORD": cluster.password(role),
        "HOST": str(cluster.socket_folder()),
        "PORT": "",
        "OPTIONS": {},
    }
