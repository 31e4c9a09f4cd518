"""Every column of every table says what it holds of people; what is said to be sealed is; none is forgotten."""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.apps import apps
from django.db import connection

from doudi.core.personal import Columns
from doudi.core.sealed import sealed_columns
from doudi.site.columns_of_others import TABLES

pytestmark = pytest.mark.django_db


def declared() -> dict[str, Columns]:
    """Declarations by table: of our models, and of tables that are not ours."""
    found = dict(TABLES)
    for model in apps.get_models(include_auto_created=True):
        own = getattr(model, "personal", None)
        if isinstance(own, Columns):
            found[model._meta.db_table] = own
    return found


def in_database() -> dict[str, set[str]]:
    """All columns of all tables."""
    found: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c "
            "JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
        )
        for table, column in cursor.fetchall():
            found[table].add(column)
    return found


def test_every_column_of_the_database_is_declared_once() -> None:
    known = declared()
    wrong = {}
    for table, there in in_database().items():
        named = known[table].all() if table in known else []
        lacking, twice = sorted(there - set(named)), sorted({name for name in named if named.count(name) > 1})
        gone = sorted(set(named) - there)
        if lacking or twice or gone:
            wrong[table] = {"not declared": lacking, "twice": twice, "no such column": gone}
    assert not wrong, f"say `personal = columns(…)` beside the fields: {wrong}"


def test_what_is_declared_as_sealed_is_what_rotation_finds() -> None:
    there = in_database()
    said = {(table, name) for table, own in declared().items() for name in own.sealed if table in there}
    found = {(one.table, one.column) for one in sealed_columns() if one.table in there}
    apart = {model._meta.db_table for model in apps.get_models() if hasattr(model, "own_key")}
    assert apart == {"gateway_enquiry"}, "a key of one's own needs its own rotation and its own line here"
    found |= {(table, name) for table, name in said if table in apart}
    assert said == found
    assert {
        (table, name) for table, names in there.items() for name in names if name.endswith("_enc") or name == "sealed"
    } == found


def test_every_personal_column_in_clear_text_has_its_reason() -> None:
    assert not [(table, name) for table, own in declared().items() for name, why in own.plain.items() if len(why) < 20]


def test_a_blind_index_is_declared_as_a_digest() -> None:
    known = declared()
    assert not [one for one in sealed_columns() if one.index and one.index not in known[one.table].digest]
