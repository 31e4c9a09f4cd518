"""Django, set up for a command under a database role."""

from __future__ import annotations

import os

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
    django.setup()
    return cluster
