"""Whether the second wall stands: every table declared, policies forced on it, no role of ours above them.

A model without a policy says why beside itself: `open_rows = "…"`. Tables of other people's apps are named here.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connection

BOUND = ("web", "work", "read")
"""Roles that answer people, do jobs and read: policies bind them."""
FOREIGN = {
    "django_": "Django's own records of types, migrations and sessions: found by a secret key, sealed where personal",
    "auth_": "names of Django's groups and permissions",
    "accounts_account_": "Django's groups and permissions of accounts: none are used",
    "account_": "allauth's addresses of mail: none are used",
    "mfa_": "allauth's second factors: asked for before anybody acts under a grant",
    "socialaccount_": "subjects at the identity provider: asked for before anybody acts under a grant",
    "usersessions_": "allauth's list of sessions: asked for before anybody acts under a grant",
    "procrastinate_": "the queue: ids and instants, no personal data",
    "site_key": "names and fingerprints of keys",
}
NOT_FORCED = """
SELECT class.relname FROM pg_class AS class JOIN pg_namespace AS place ON place.oid = class.relnamespace
WHERE place.nspname = 'public' AND class.relkind IN ('r', 'p') AND NOT (
    class.relrowsecurity AND class.relforcerowsecurity
    AND EXISTS (SELECT 1 FROM pg_policy AS policy WHERE policy.polrelid = class.oid)
) ORDER BY 1
"""
TOO_STRONG = """
SELECT role.rolname FROM pg_roles AS role WHERE (role.rolname = ANY (%(bound)s) OR role.rolname = current_user) AND (
    role.rolsuper OR role.rolbypassrls
    OR (role.rolname <> 'owner' AND EXISTS (
        SELECT 1 FROM pg_class AS class JOIN pg_namespace AS place ON place.oid = class.relnamespace
        WHERE place.nspname = 'public' AND class.relkind IN ('r', 'p')
        AND pg_has_role(role.oid, class.relowner, 'MEMBER')
    ))
) ORDER BY 1
"""


class WallDown(RuntimeError):
    """Rows of other areas could be read; nothing is started."""

    code = "core.wall_down"


def reasons_to_be_open() -> dict[str, str]:
    """Tables of ours without a policy, by the reason their model gives."""
    return {
        model._meta.db_table: str(getattr(model, "open_rows", ""))
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "open_rows", "")
    }


def reason_of(table: str) -> str:
    """Why a table needs no policy; empty if nobody has said so."""
    foreign = (why for name, why in FOREIGN.items() if table.startswith(name))
    return reasons_to_be_open().get(table) or next(foreign, "")


def tables_without_force() -> list[str]:
    """Tables with no forced policy, of those that need one."""
    with connection.cursor() as cursor:
        cursor.execute(NOT_FORCED)
        return [table for (table,) in cursor.fetchall() if not reason_of(table)]


def roles_too_strong() -> list[str]:
    """Roles that policies do not bind: superusers, those with BYPASSRLS, owners of tables and members of owners."""
    with connection.cursor() as cursor:
        cursor.execute(TOO_STRONG, {"bound": list(BOUND)})
        return [role for (role,) in cursor.fetchall()]


def faults() -> list[str]:
    """What is wrong, in sentences that name it; empty where the wall stands."""
    tables, roles = tables_without_force(), roles_too_strong()
    said = []
    if tables:
        said.append(f"表没有强制行级安全 · tables without forced row-level security: {', '.join(tables)}")
    if roles:
        said.append(f"数据库角色不受行级安全约束 · database roles that row policies do not bind: {', '.join(roles)}")
    return said


def refuse_open_walls() -> None:
    """WallDown, naming everything, when a table lies open or a role stands above the policies."""
    found = faults()
    if found:
        raise WallDown("; ".join(found))


def check_walls(app_configs: object, databases: Iterable[str] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Django's check of the database (`check --database default`); `migrate` is only about to make the policies."""
    if settings.ROLE == "migrate" or not databases or "default" not in databases:
        return []
    return [Error(fault, id=f"doudi.W{number:03}") for number, fault in enumerate(faults(), 1)]
