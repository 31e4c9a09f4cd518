"""The lines of a report: sources, people, comparisons, missing answers with what to do next."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from doudi.accounts.logic.policy import LIMITS, MEANS, OFFICER
from doudi.engine.rulebook import Rulebook
from doudi.lib.working_days import day_of
from doudi.registry.models import Person
from doudi.verification.logic.answers import SILENT
from doudi.verification.logic.comparing import STRIKING, UNKNOWN, Compared
from doudi.verification.logic.report import Cell, ComparedLine, GapLine, PersonLine, SourceLine
from doudi.verification.models import Answer, Comparison
from doudi.verification.queries.wording import (
    ANSWER_TONES,
    COMPARED_TONES,
    bank_feeds,
    label_of,
    may_show_value,
    value_text,
)

ORDER = ("not_answered", "not_permitted", "answered", "nothing_found")
"""How a source stands for the family: by the first of these that holds for a member."""


def source_lines(
    book: Rulebook, answers: Sequence[Answer], compared: Sequence[Compared], level: str, lang: str
) -> tuple[SourceLine, ...]:
    """Every source, those that need a look first."""
    banks = bank_feeds(book)
    by_feed: dict[str, list[Answer]] = defaultdict(list)
    for row in answers:
        by_feed[row.feed].append(row)
    lines = [
        _source(book, feed, rows, compared, level == OFFICER or feed not in banks, lang)
        for feed, rows in by_feed.items()
    ]
    return tuple(sorted(lines, key=lambda line: (("late", "soon", "info", "ok").index(line.tone), line.feed)))


def _source(
    book: Rulebook, feed: str, rows: Sequence[Answer], compared: Sequence[Compared], counts: bool, lang: str
) -> SourceLine:
    members = [row for row in rows if row.is_member] or list(rows)
    state = min((row.state for row in members), key=ORDER.index)
    striking = [item for item in compared if feed in item.feeds and item.state in STRIKING and _has_rows(rows)]
    tone = ANSWER_TONES[state]
    if striking:
        tone = "late" if any(item.state == "over" for item in striking) else "soon"
    first = rows[0]
    return SourceLine(
        feed=feed,
        label=book.feeds[feed].label[lang],
        supplier=book.feeds[feed].supplier[lang],
        data_on=first.data_on,
        received_at=first.received_at,
        state=state,
        state_label=_source_label(state, members),
        tone=tone,
        striking=bool(striking),
        unclear=any(item.state == UNKNOWN and item.feeds == {feed} for item in compared),
        rows=sum(row.rows for row in rows) if counts else None,
        note=_note(book, [item for item in compared if feed in item.feeds and len(item.feeds) == 1], lang),
    )


def _source_label(state: str, rows: Sequence[Answer]) -> str:
    if state in SILENT and any(row.state not in SILENT for row in rows):
        return _("没有回全")
    return str(Answer.State(state).label)


def _has_rows(rows: Sequence[Answer]) -> bool:
    return any(row.rows for row in rows)


def _note(book: Rulebook, compared: Sequence[Compared], lang: str) -> str:
    """The sentence of the first limit that the source alone answers for."""
    return next((_limit_sentence(book, item, lang) for item in compared if item.declared is None), "")


def people_lines(
    book: Rulebook, answers: Sequence[Answer], people: Mapping[uuid.UUID, Person], level: str, lang: str
) -> tuple[PersonLine, ...]:
    """Every person with every source's answer."""
    cells: dict[uuid.UUID, list[Cell]] = defaultdict(list)
    member: dict[uuid.UUID, bool] = {}
    for row in answers:
        member[row.person_id] = row.is_member
        cells[row.person_id].append(
            Cell(
                feed=row.feed,
                label=book.feeds[row.feed].label[lang],
                state=row.state,
                state_label=str(Answer.State(row.state).label),
                reason_label=str(Answer.Reason(row.reason).label) if row.reason else "",
                tone=ANSWER_TONES[row.state],
                rows=row.rows if level == OFFICER else None,
            )
        )
    return tuple(
        PersonLine(key, people[key].name, people[key].number_masked, member[key], tuple(own))
        for key, own in cells.items()
    )


def compared_lines(
    book: Rulebook,
    stored: Sequence[Comparison],
    fresh: Sequence[Compared],
    answers: Sequence[Answer],
    names: Mapping[uuid.UUID, str],
    level: str,
    lang: str,
) -> tuple[ComparedLine, ...]:
    """Declared against found, as stored; values come from the inputs and are missing once those are deleted."""
    worked = {(item.subject, item.person): item for item in fresh}
    banks = bank_feeds(book)
    lines = []
    for row in stored:
        item = worked.get((row.subject, str(row.person_id) if row.person_id else None))
        lines.append(
            ComparedLine(
                subject=row.subject,
                label=label_of(book, row.subject, lang),
                whose=names.get(row.person_id, "") if row.person_id else "",
                declared=_declared(book, row, item, level, lang),
                found=_found(book, item, answers, banks, level, lang) if item else (),
                state=row.state,
                state_label=str(Comparison.State(row.state).label),
                tone=COMPARED_TONES[row.state],
            )
        )
    return tuple(lines)


def _declared(book: Rulebook, row: Comparison, item: Compared | None, level: str, lang: str) -> str:
    if row.declared is None:
        return _("不用申报")
    if not row.declared:
        return _("没有申报")
    if level == LIMITS and book.facts[row.subject].sensitivity in MEANS:
        return _("已申报")
    return value_text(book, item.said, book.facts[row.subject].kind, lang) if item else _("已申报")


def _found(
    book: Rulebook, item: Compared, answers: Sequence[Answer], banks: frozenset[str], level: str, lang: str
) -> tuple[str, ...]:
    if item.declared is None:
        count = sum(row.rows for row in answers if row.feed in item.feeds)
        sentence = _limit_sentence(book, item, lang)
        if item.feeds & banks and level != OFFICER:
            return (sentence,)
        return (sentence, _("查到 %(count)d 条记录") % {"count": count}) if count else (sentence,)
    return tuple(
        f"{label_of(book, name, lang)} {value_text(book, value, book.quantities[name].kind, lang)}"
        for name, value in item.found
        if may_show_value(book, name, level)
    )


def _limit_sentence(book: Rulebook, item: Compared, lang: str) -> str:
    (name, value), *_rest = item.found
    quantity = book.quantities[name]
    if value is None or quantity.yes is None or quantity.no is None:
        return _("还不清楚：有的来源没有反馈，或者没有授权。")
    return quantity.yes[lang] if value else quantity.no[lang]


def gap_lines(
    book: Rulebook, answers: Sequence[Answer], names: Mapping[uuid.UUID, str], lang: str
) -> tuple[GapLine, ...]:
    """Missing answers about members, those of one source for one reason together."""
    grouped: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for row in answers:
        if row.state in SILENT and row.is_member:
            grouped[row.feed, row.reason].append(row)
    lines = []
    for (feed, reason), rows in sorted(grouped.items(), key=lambda pair: (ORDER.index(pair[1][0].state), pair[0])):
        people = tuple(names.get(row.person_id, "") for row in rows)
        lines.append(
            GapLine(
                feed=feed,
                label=book.feeds[feed].label[lang],
                people=people,
                state=rows[0].state,
                reason=reason,
                reason_label=str(Answer.Reason(reason).label),
                next_step=_next_step(book, feed, rows[0], lang),
            )
        )
    return tuple(lines)


def _next_step(book: Rulebook, feed: str, row: Answer, lang: str) -> str:
    said = {
        "supplier": book.feeds[feed].supplier[lang],
        "source": book.feeds[feed].label[lang],
        "day": row.data_on or (day_of(row.received_at) if row.received_at else ""),
    }
    steps = {
        "no_delivery": _("请核对中心催%(supplier)s交付“%(source)s”，收到后再核对一次。"),
        "not_covered": _("“%(source)s”的数据只到 %(day)s。等%(supplier)s交付新的一期后再核对一次。"),
        "quarantined": _("请%(supplier)s改正有问题的行后重新交付，再核对一次。"),
        "no_row": _("请核对中心向%(supplier)s专门查询；在回复之前不能当作没有。"),
        "no_number": _("请先补全证件号码，再核对一次。"),
        "not_signed": _("请本人签核对授权书，登记后再核对一次。"),
    }
    return steps[row.reason] % said
