"""Every place that holds ciphertext: found by itself among the models, or told by the app that keeps sealed files.

A column `<name>_enc` (or `sealed`) holds ciphertext bound to `<table>|<name>|<row id>`; a column `<name>_index` beside
it is the blind index `<table>.<name>` of the same content. Key rotation and the bars go by this and list nothing.
A model whose cells are under a key of their own says so: `own_key = "which"`; rotation leaves them alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models

from doudi.core.sockets import Socket

ENDING, INDEX, WHOLE = "_enc", "_index", "sealed"


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One encrypted column and the blind index beside it, if there is one."""

    table: str
    column: str
    key: str
    key_type: str
    index: str = ""

    @property
    def name(self) -> str:
        """The column without its ending, as contexts and indexes name it."""
        return self.column.removesuffix(ENDING)

    def context(self, row: object) -> str:
        """What the ciphertext of a row is bound to."""
        return f"{self.table}|{self.name}|{row}"

    @property
    def index_name(self) -> str:
        """The name its blind index is made under."""
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class SealedPlace:
    """Sealed things outside the database's columns: how many lie under each key, and how they are sealed anew.

    `reseal` yields how many it has done, one by one; it may be broken off anywhere and begun again.
    """

    name: str
    uses: Callable[[], Mapping[int, int]]
    reseal: Callable[[int], Iterator[int]]


sealed_places: Socket[SealedPlace] = Socket("sealed_places")
"""Filled by callables () -> SealedPlaces, by apps that keep sealed files."""


def sealed_columns() -> list[SealedColumn]:
    """Every column of every model that is encrypted under the house's keys, by table."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        names = {field.name for field in meta.local_fields}
        for field in meta.local_fields:
            if meta.proxy or meta.pk is None or not isinstance(field, models.BinaryField) or hasattr(model, "own_key"):
                continue
            if field.name.endswith(ENDING) or field.name == WHOLE:
                index = field.name.removesuffix(ENDING) + INDEX
                kind = str(meta.pk.rel_db_type(connection))
                found.append(
                    SealedColumn(
                        meta.db_table, str(field.column), str(meta.pk.column), kind, index if index in names else ""
                    )
                )
    return sorted(found, key=lambda one: (one.table, one.column))
