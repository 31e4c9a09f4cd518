"""Making a house ready: cluster, roles, tables, register of keys, translations, static files. Safe to repeat."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import nullcontext
from importlib.util import find_spec

from django.conf import settings
from django.core.management import call_command

from doudi.core.vault import vault
from doudi.site.database import acting_as, is_embedded
from doudi.site.key_register import register_keys
from doudi.site.postgres import Cluster
from doudi.site.roles import ensure_database, ensure_roles

Say = Callable[[str], None]


def make_ready(cluster: Cluster, say: Say) -> None:
    """Everything between a started cluster and a server that may answer."""
    keys = vault()
    if is_embedded():
        say("数据库角色 · database roles")
        ensure_roles(cluster)
        ensure_database(cluster)
    say("数据表 · tables")
    with acting_as("migrate", settings.HOME) if is_embedded() else nullcontext():
        call_command("migrate", verbosity=0, interactive=False)
        register_keys(keys)
    say("界面文字与静态文件 · texts and static files")
    compile_texts()
    call_command("collectstatic", verbosity=0, interactive=False)


def compile_texts() -> None:
    """Translations (.po → .mo)."""
    if find_spec("doudi.core.translation"):
        importlib.import_module("doudi.core.translation").compile_all()
