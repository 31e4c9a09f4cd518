"""Writing many rows at once: INSERT … SELECT FROM unnest(arrays). COPY would stop working under row-level security."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from doudi.registry.logic.batches import chunks


def _typed_columns(model: type[models.Model], names: Sequence[str]) -> list[tuple[str, str]]:
    """(column, array type) of fields by name; attribute names (`person_id`) are allowed."""
    found = []
    for name in names:
        field = model._meta.get_field(name)
        if not isinstance(field, models.Field):
            raise TypeError(f"{name} is no column of {model.__name__}")
        kind = (field.db_type(connection) or "text").split("(")[0]
        found.append((field.column or name, {"varchar": "text"}.get(kind, kind)))
    return found


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows given as tuples in the order of `names`."""
    columns = _typed_columns(model, names)
    quoted = ", ".join(f'"{column}"' for column, _ in columns)
    arrays = ", ".join(f"%s::{kind}[]" for _, kind in columns)
    statement = f'INSERT INTO "{model._meta.db_table}" ({quoted}) SELECT * FROM unnest({arrays})'  # noqa: S608
    with connection.cursor() as cursor:
        for part in chunks(rows):
            cursor.execute(statement, [list(column) for column in zip(*part, strict=True)])


def update_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Update rows by their first column (the key); the others are set."""
    columns = _typed_columns(model, names)
    key, values = columns[0][0], columns[1:]
    named = ", ".join(f'"{column}"' for column, _ in columns)
    arrays = ", ".join(f"%s::{kind}[]" for _, kind in columns)
    settings = ", ".join(f'"{column}" = given."{column}"' for column, _ in values)
    given = f'FROM unnest({arrays}) AS given({named}) WHERE target."{key}" = given."{key}"'
    statement = f'UPDATE "{model._meta.db_table}" AS target SET {settings} {given}'  # noqa: S608
    with connection.cursor() as cursor:
        for part in chunks(rows):
            cursor.execute(statement, [list(column) for column in zip(*part, strict=True)])
