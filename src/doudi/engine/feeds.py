"""What a feed is: the definitions under policy/sources/<dept>/<feed>/ as frozen dataclasses. Reading them is in
`feed_reader`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

Bilingual = dict[str, str]
"""{'zh': …, 'en': …}; both are always there."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a feed under its own name; `headers` are the names it may have in a delivery (merged headers
    joined by '/').
    """

    name: str
    headers: tuple[str, ...]
    type: str
    """identity_number | person_name | text | code | money | number | integer | date | month | boolean | area."""
    label: Bilingual
    meaning: Bilingual
    role: str | None = None
    """`person` (identity number the row belongs to) | `name` (that person's name) | `people` (one cell to many
    persons) | None.
    """
    unit: str = "none"
    multiply: Decimal = Decimal(1)
    """Factor from the sender's unit to ours (万元: 10000)."""
    codes: dict[str, Bilingual] | None = None
    required: bool = False
    key: bool = False
    part_of: str | None = None
    """Cut out of another column: its name; `pattern` is a regular expression with one group."""
    pattern: str | None = None
    sensitivity: str = "ordinary"
    """ordinary | income | health | bank."""
    minimum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A check of a delivery or a row. severity: stop | quarantine | warn."""

    name: str
    severity: str
    kind: str
    message: Bilingual
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """One department's delivery of one thing."""

    name: str
    """<dept>_<feed>: the name in the lake."""
    record: str
    """The entity its rows are in rules (`wage`, `vehicle` …)."""
    department: str
    label: Bilingual
    supplier: Bilingual
    scope: str
    """authorised | recipients | low_income_register | department_list."""
    file_patterns: tuple[str, ...]
    format: str
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    encodings: tuple[str, ...] = ("utf-8-sig",)
    delimiter: str = ","
    sheet: str = "first_visible"
    header_rows: int = 1
    totals: tuple[str, str] | None = None
    """(column name, text) that marks a totals row to leave out."""
    ends_with_newline: bool = True
    mode: str = "replace"
    coverage: str = "declared"
    """How a delivery shows the months it covers: `declared` (by the sender's cut-off) or `measured` (from the window
    column).
    """
    period_column: str | None = None
    duplicates: str = "drop_identical"
    """drop_identical | keep | conflicting: what to do with rows of one key."""
    retention_months: int = 36
    cadence: str = "monthly"
    wire: str = "file"
    basis: tuple[dict[str, str], ...] = field(default_factory=tuple)
