"""Making a house ready: cluster, roles, tables, register of keys, translations, static files, rules of an upgrade.

Safe to repeat.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.conf import settings
from django.core.management import call_command

from doudi.audit.adapters.signing import make_log_key
from doudi.audit.queries.tree import last_checkpoint
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.row_walls import refuse_open_walls
from doudi.core.translation import compile_all
from doudi.core.vault import vault
from doudi.rulebook.actions import lay_out_upgrades
from doudi.site.database import acting_as, is_embedded
from doudi.site.key_register import register_keys, register_signing_key
from doudi.site.postgres import Cluster
from doudi.site.roles import ensure_database, ensure_roles
from doudi.site.zones import prepare_gateway

Say = Callable[[str], None]


def make_ready(cluster: Cluster, say: Say) -> None:
    """Everything between a started cluster and a server that may answer."""
    say("数据表 · tables")
    prepare_tables(cluster)
    say("界面文字与静态文件 · texts and static files")
    compile_all()
    call_command("collectstatic", verbosity=0, interactive=False)
    prepare_gateway(settings.HOME)
    laid_out = lay_out_upgrades(
        actor=Actor.system(), at=now(), today=today(), root=settings.POLICY, title="随系统升级的规则 · upgrade"
    )
    if laid_out:
        say(f"规则升级，等待批准 · upgraded rules await approval: {len(laid_out)}")


def prepare_tables(cluster: Cluster) -> None:
    """Roles, database, migrations and the register of keys: what a command needs, without what only pages need."""
    if is_embedded():
        ensure_roles(cluster)
        ensure_database(cluster)
    with acting_as("migrate", settings.HOME) if is_embedded() else nullcontext():
        call_command("migrate", verbosity=0, interactive=False)
        register_keys(vault())
        register_signing_key(settings.HOME / "keys")
    refuse_open_walls()
    if last_checkpoint() is None:  # a new log, or a house from before there was one
        make_log_key(settings.HOME / "keys", vault().crypto)
