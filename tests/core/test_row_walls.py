"""Every table is under forced policies or says why not; a role that stands above them keeps the house from starting."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.db import connection

from doudi.core import row_walls
from doudi.core.row_walls import WallDown, reason_of, refuse_open_walls, roles_too_strong, tables_without_force
from doudi.site.database import acting_as
from doudi.site.postgres import Cluster


@pytest.mark.django_db
def test_every_table_of_the_database_is_protected_or_says_why_not() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tablename FROM pg_policies WHERE schemaname = 'public'")
        under_policy = {name for (name,) in cursor.fetchall()}
    assert tables_without_force() == [], "add a policy by a migration (core.row_policies), or `open_rows` to the model"
    assert not [name for name in under_policy if reason_of(name)], "a policy and a reason to have none"
    assert not [name for name in row_walls.reasons_to_be_open() if name not in tables]
    assert {"registry_person", "cases_application", "verification_check", "sources_permit"} <= under_policy


@pytest.mark.django_db
def test_the_wall_stands() -> None:
    refuse_open_walls()
    assert not [found for found in run_checks(databases=["default"]) if str(found.id).startswith("doudi.W")]


def _as_superuser(cluster: Cluster, database: str, statement: str) -> None:
    with cluster.connect(database) as other:
        other.execute(statement)  # type: ignore[arg-type]


def test_a_table_that_lies_open_is_named_and_nothing_starts(own_database: str, cluster: Cluster) -> None:
    _as_superuser(cluster, own_database, "ALTER TABLE registry_person NO FORCE ROW LEVEL SECURITY")
    _as_superuser(cluster, own_database, "DROP POLICY cases_draft_rows ON cases_draft")
    _as_superuser(cluster, own_database, 'CREATE TABLE brand_new (id int); ALTER TABLE brand_new OWNER TO "owner"')
    assert tables_without_force() == ["brand_new", "cases_draft", "registry_person"]
    with pytest.raises(WallDown, match="brand_new, cases_draft, registry_person"):
        refuse_open_walls()
    assert [found.id for found in run_checks(databases=["default"]) if str(found.id).startswith("doudi.W")]


@pytest.mark.parametrize(
    ("strong", "weak"),
    [
        ("ALTER ROLE work BYPASSRLS", "ALTER ROLE work NOBYPASSRLS"),
        ("ALTER ROLE work SUPERUSER", "ALTER ROLE work NOSUPERUSER"),
        ('GRANT "owner" TO work', 'REVOKE "owner" FROM work'),
        ("GRANT audit_owner TO work", "REVOKE audit_owner FROM work"),
    ],
)
def test_a_role_that_policies_do_not_bind_is_named(own_database: str, cluster: Cluster, strong: str, weak: str) -> None:
    assert roles_too_strong() == []
    _as_superuser(cluster, own_database, strong)
    try:
        assert roles_too_strong() == ["work"]
        with pytest.raises(WallDown, match="work"):
            refuse_open_walls()
    finally:
        _as_superuser(cluster, own_database, weak)


def test_a_superuser_is_not_let_in(own_database: str, cluster: Cluster) -> None:
    from django.core.exceptions import ImproperlyConfigured

    _as_superuser(cluster, own_database, "ALTER ROLE work SUPERUSER")
    try:
        with (
            acting_as("work", cluster.home, name=own_database),
            pytest.raises(ImproperlyConfigured),
            connection.cursor(),
        ):
            pass
    finally:
        _as_superuser(cluster, own_database, "ALTER ROLE work NOSUPERUSER")
