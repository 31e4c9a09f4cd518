"""Django, set up for a command under a database role."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django

from doudi.site.places import home
from doudi.site.postgres import Cluster


def set_up(role: str = "work", *, start: bool = True) -> Cluster:
    """Sets Django up as `role`; starts the embedded cluster when it is used and does not run yet."""
    os.environ["DOUDI_HOME"] = str(home())
    os.environ["DOUDI_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.site.settings")
    cluster = Cluster(home())
    if start and not any(name.startswith("DATABASE_URL") for name in os.environ):
        cluster.start()
    with _quiet():
        django.setup()
    return cluster


@contextmanager
def _quiet() -> Iterator[None]:
    """A command says what it does itself: its log begins at warnings. Servers it starts keep their own level."""
    if "DOUDI_LOG_LEVEL" in os.environ:
        yield
        return
    os.environ["DOUDI_LOG_LEVEL"] = "WARNING"
    try:
        yield
    finally:
        del os.environ["DOUDI_LOG_LEVEL"]


@contextmanager
def opened(role: str = "work") -> Iterator[Cluster]:
    """Django for one command, which acts as the machine itself: everywhere. Its tables are up to date; a cluster that
    was started for it is stopped afterwards.
    """
    from doudi.core.actor import Actor
    from doudi.core.key_adapters import store_of
    from doudi.core.row_context import acting
    from doudi.core.vault import open_vault

    open_vault(store_of(home()))
    was_running = Cluster(home()).is_running()
    cluster = set_up(role)
    try:
        from doudi.site.house import prepare_tables

        prepare_tables(cluster)
        with acting(Actor.system()):
            yield cluster
    finally:
        from django.db import connections

        connections.close_all()
        if not was_running:
            cluster.stop()
