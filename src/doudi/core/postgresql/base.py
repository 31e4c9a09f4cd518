"""Tells the database the bounds of `row_context`, for one transaction at a time.

They travel in front of the statement, in the same message: `SELECT set_config(…, true); SELECT …`. Outside a
transaction block PostgreSQL makes one transaction of a message, so the bounds are gone when it is answered: a
connection that goes back to a pool, or that another request takes over, carries none. Inside a block they are said
once, and again after a savepoint was rolled back or when the context changed. (Django looks a backend up by the name of
this module.)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base
from psycopg import ServerCursor
from psycopg.pq import TransactionStatus
from psycopg.sql import SQL, Composable

from doudi.core.row_context import NOTHING, Bounds, bounds_now

OUTSIDE = re.compile(r"\s*(vacuum|create|alter|drop|reindex|set|show|listen)\b", re.IGNORECASE)
"""Statements that read no rows and may not stand in a transaction, or last longer than one."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to PostgreSQL under our row policies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: Bounds = NOTHING
        self.execute_wrappers.append(self._telling)

    def init_connection_state(self) -> None:
        """A superuser passes every policy: no process of ours is one."""
        super().init_connection_state()
        self._told = NOTHING
        if self.connection.info.parameter_status("is_superuser") == "on":
            raise ImproperlyConfigured("Doudi never works as a database superuser: row policies would not hold.")

    def _telling(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        wanted = bounds_now() or NOTHING
        status = self.connection.pgconn.transaction_status
        if status == TransactionStatus.INERROR:  # only a rollback can follow
            return execute(sql, params, many, context)
        cursor = context["cursor"].cursor
        if self.autocommit:
            return self._alone(wanted, execute, sql, params, many, context)
        if status == TransactionStatus.IDLE:
            self._told = NOTHING
        if wanted == self._told:
            return execute(sql, params, many, context)
        if many or isinstance(cursor, ServerCursor):
            self._tell(wanted)
            return execute(sql, params, many, context)
        found = execute(in_front(wanted, sql), params, many, context)
        cursor.nextset()
        self._told = wanted
        return found

    def _alone(
        self, wanted: Bounds, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """A statement that is a transaction of its own."""
        if wanted == NOTHING or (isinstance(sql, str) and OUTSIDE.match(sql)):
            return execute(sql, params, many, context)
        cursor = context["cursor"].cursor
        if many or isinstance(cursor, ServerCursor):
            with self.connection.transaction():
                self._tell(wanted)
                return execute(sql, params, many, context)
        found = execute(in_front(wanted, sql), params, many, context)
        cursor.nextset()
        return found

    def _tell(self, wanted: Bounds) -> None:
        with self.wrap_database_errors:
            self.connection.execute(telling(wanted))
        self._told = wanted

    def _commit(self) -> None:
        self._told = NOTHING
        super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        self._told = NOTHING
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._told = UNKNOWN


UNKNOWN = Bounds("0", "0")
"""What was said may have been taken back: it is said again, whatever it is."""


def telling(wanted: Bounds) -> str:
    """The statement that says the bounds, until the transaction ends. They are digits: nothing to quote."""
    settings = {"lo": wanted.lo, "hi": wanted.hi, "log": "read" if wanted.log else ""}
    return "SELECT " + ", ".join(f"set_config('doudi.{name}', '{said}', true)" for name, said in settings.items())


def in_front(wanted: Bounds, sql: Any) -> Any:
    """A statement with the bounds in front of it."""
    before = f"{telling(wanted)}; "
    if isinstance(sql, Composable):
        return SQL(before) + sql
    return before.encode() + sql if isinstance(sql, bytes) else before + sql
