"""A data product: what may be asked, by whom, what for, how often, on whose word. policy/products/<name>.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from doudi.engine.definitions import basis_of
from doudi.engine.errors import PolicyError
from doudi.engine.reading import (
    bilingual,
    bilingual_of,
    boolean,
    decimal_of,
    expected,
    mapping,
    name_in,
    only,
    sequence,
    text,
    texts,
)
from doudi.engine.strict_yaml import Mapping
from doudi.engine.vocabulary import Basis

RECOGNITION, ROWS = "recognition", "rows"
FIELDS = ("reference", "name", "number_masked", "area", "recognition", "from_on", "to_on")
"""What a row may say. Income, health and bank data are not among them, and no product can add them."""
KEYS = (
    "product", "answers", "label", "meaning", "recognition", "evidence", "max_age_days", "fields", "departments",
    "purposes", "quota", "page", "keep_days", "subscribe", "basis",
)  # fmt: skip
QUOTA_KEYS = ("calls_a_minute", "calls_a_day", "persons_a_day")
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Quota:
    """How much a department may ask."""

    calls_a_minute: int
    calls_a_day: int
    persons_a_day: int


@dataclass(frozen=True, slots=True)
class Product:
    """One data product. `answers`: a yes or no about one person, or rows of many. `keep_days`: at the receiver."""

    name: str
    answers: str
    label: dict[str, str]
    meaning: dict[str, str]
    recognition: str
    evidence: str
    max_age_days: int
    fields: tuple[str, ...]
    departments: tuple[str, ...]
    purposes: dict[str, dict[str, str]]
    quota: Quota
    page: int
    keep_days: int
    subscribe: bool
    basis: tuple[Basis, ...]

    def speaks_of(self, on: date, today: date) -> bool:
        """Whether a day is asked about at all: with every past day it would be told since when somebody is in."""
        return timedelta(0) <= today - on <= timedelta(days=self.max_age_days)

    @property
    def scope(self) -> str:
        """What a token must be good for."""
        return f"products.{self.name}"


def read_product(table: Mapping) -> Product:
    """A product as written; PolicyError with file, line and what to do."""
    only(table, KEYS)
    answers = text(table, "answers")
    if answers not in (RECOGNITION, ROWS):
        raise expected(table.get("answers"), "recognition 或 rows", "recognition or rows", table.where)
    fields = texts(table.get("fields"), table.where)
    for name in fields:
        if name not in FIELDS:
            raise PolicyError("policy.key_unknown", table.where, suggestion=None, key=name, known=", ".join(FIELDS))
    if (answers == ROWS) != bool(fields):
        raise expected(table.get("fields"), "只给名册用的列", "the columns of rows, and of rows only", table.where)
    purposes = mapping(table.get("purposes"), table.where)
    return Product(
        name=name_in(table, "product"), answers=answers, label=bilingual(table, "label") or {},
        meaning=bilingual(table, "meaning") or {}, recognition=name_in(table, "recognition"),
        evidence=name_in(table, "evidence"), max_age_days=_whole(table, "max_age_days"), fields=fields,
        departments=texts(table.get("departments"), table.where),
        purposes={str(code): bilingual_of(label) for code, label in purposes.items()},
        quota=_quota(mapping(table.get("quota"), table.where)),
        page=min(_whole(table, "page") if table.get("page") is not None else MOST_ROWS, MOST_ROWS),
        keep_days=_whole(table, "keep_days"), subscribe=boolean(table, "subscribe", False),
        basis=tuple(basis_of(item, table.where) for item in sequence(table.get("basis"), table.where)),
    )  # fmt: skip


def _quota(table: Mapping) -> Quota:
    only(table, QUOTA_KEYS)
    return Quota(*(_whole(table, key) for key in QUOTA_KEYS))


def _whole(table: Mapping, key: str) -> int:
    if table.get(key) is None:
        raise PolicyError("policy.key_missing", table.where, key=key)
    return int(decimal_of(table[key], table.where))
