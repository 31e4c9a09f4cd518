"""What the database is told after a load, so that searches keep their indexes."""

from __future__ import annotations

from django.db import connection

MANY = 1_000
"""Rows from which a load changes what the planner should believe; fewer are counted by the database in its own time."""


def refresh_statistics(written: int) -> None:
    """Counts the tables of people and families anew after a load wrote many rows; does nothing after a small one."""
    if written >= MANY:
        with connection.cursor() as cursor:
            cursor.execute("SELECT registry_refresh_statistics()")
