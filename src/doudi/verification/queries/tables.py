"""Figures of the family, and the rows themselves for the verification officer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from doudi.accounts.logic.policy import OFFICER
from doudi.engine.quantities import Record
from doudi.engine.subject import Subject
from doudi.verification.logic.comparing import Worked
from doudi.verification.logic.materiality import totals
from doudi.verification.logic.report import FoundTable, TotalLine
from doudi.verification.models import Answer
from doudi.verification.queries.wording import bank_feeds, may_show_value, value_text


def total_lines(item: Worked, level: str, lang: str) -> tuple[TotalLine, ...]:
    """Household figures a level may see; the officer also sees each person's sums of bank data."""
    lines = [
        TotalLine(quantity.label[lang], value_text(item.rulebook, value, quantity.kind, lang), value is not None)
        for quantity in totals(item.rulebook)
        if may_show_value(item.rulebook, quantity.qualified, level)
        for value in (item.value(quantity.qualified),)
    ]
    return (*lines, *_bank_lines(item, lang)) if level == OFFICER else tuple(lines)


def _bank_lines(item: Worked, lang: str) -> list[TotalLine]:
    banks = bank_feeds(item.rulebook)
    facts = [
        f for f in item.rulebook.facts.values() if f.entity == "person" and f.from_rows and f.from_rows.feed in banks
    ]
    lines = []
    for fact in facts:
        values = [item.value(fact.qualified, person) for person in item.case.household.members]
        numbers = [value for value in values if isinstance(value, Decimal)]
        label = _("%(what)s（已知 %(known)d 人，共 %(all)d 人）") % {
            "what": fact.label[lang],
            "known": len(numbers),
            "all": len(values),
        }
        total = sum(numbers, Decimal(0)) if numbers else None
        lines.append(TotalLine(label, value_text(item.rulebook, total, fact.kind, lang), len(numbers) == len(values)))
    return lines


def found_tables(
    item: Worked, answers: Sequence[Answer], names: Mapping[uuid.UUID, str], lang: str
) -> tuple[FoundTable, ...]:
    """The rows of every person and source with their row number in the delivery."""
    dated = {(str(row.person_id), row.feed): row for row in answers}
    records = {record.name: record for record in item.rulebook.records.values()}
    tables = []
    for person in item.case.household.persons:
        for name, rows in person.rows.items():
            record = records[name]
            if rows and rows[0].phantom is None:
                answer = dated.get((person.id, record.feed.name))
                tables.append(_table(item, names.get(uuid.UUID(person.id), ""), record, rows, answer, lang))
    return tuple(tables)


def _table(
    item: Worked, name: str, record: Record, rows: Sequence[Subject], answer: Answer | None, lang: str
) -> FoundTable:
    columns = list(record.columns.values())
    lines = []
    for row in rows:
        cells = [value_text(item.rulebook, row.facts.get(column.name), column.kind, lang) for column in columns]
        lines.append((_("第 %(row)s 行") % {"row": row.why.get("_row", "")}, *cells))
    return FoundTable(
        person=name,
        label=record.feed.label[lang],
        data_on=answer.data_on if answer else None,
        received_at=answer.received_at if answer else None,
        heads=(_("交付中的行"), *(column.label[lang] for column in columns)),
        rows=tuple(lines),
    )
