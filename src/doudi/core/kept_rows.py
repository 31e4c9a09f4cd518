"""Rows that stay, as SQL for migrations: what is kept of a table whatever an application asks. What stands here once is
never changed. Models say the same as `append_only_but` or `removed_by`; the bar A-07 tries it on every one of them.
"""

from __future__ import annotations


def kept(table: str, columns: str) -> str:
    """No row is removed, and none of these columns is written again: by nobody, the tables' own owner included."""
    return f"""
CREATE TRIGGER {table}_not_removed BEFORE DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_kept();
CREATE TRIGGER {table}_kept_whole BEFORE UPDATE OF {columns} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_kept();
"""


def removed_by(table: str, *roles: str) -> str:
    """Rows are removed by these roles alone: by the worker, which carries out retention, or by nobody."""
    named = ", ".join(f"'{role}'" for role in roles)
    return f"""
CREATE TRIGGER {table}_not_removed BEFORE DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_removed_by({named});
"""


def let_go(table: str) -> str:
    """The way back."""
    return f"""
DROP TRIGGER IF EXISTS {table}_kept_whole ON {table};
DROP TRIGGER {table}_not_removed ON {table};
"""
