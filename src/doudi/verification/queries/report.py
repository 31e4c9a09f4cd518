"""The report of a check, made again from what is stored: answers, comparisons, inputs, the archived rulebook.

Who may see which level is asked in `access`; the caller records the look before the answer.
"""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _
from django.utils.translation import override

from doudi.core.errors import Missing
from doudi.engine.errors import EngineError
from doudi.engine.rulebook import Rulebook
from doudi.registry.models import Person
from doudi.rulebook.queries import by_hash
from doudi.verification.logic.comparing import Worked, comparisons, worked
from doudi.verification.logic.report import Report
from doudi.verification.models import Check
from doudi.verification.queries.checks import inputs_of, newer_than, remark_of
from doudi.verification.queries.lines import compared_lines, gap_lines, people_lines, source_lines
from doudi.verification.queries.opening import opening
from doudi.verification.queries.tables import found_tables, total_lines

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def report(check: uuid.UUID, *, level: str, lang: str, rulebook: Rulebook | None = None) -> Report:
    """The report of a check for the township or the verification officer, in Chinese or English."""
    found = Check.objects.select_related("household__head").filter(pk=check).first()
    if found is None:
        raise Missing("verification.no_such_check", _("没有这次核对。请从核对页重新打开。"))
    book = rulebook or by_hash(found.rulebook_hash)
    with override(LANGUAGES[lang]):
        return _made(found, book, level, lang)


def _made(check: Check, book: Rulebook, level: str, lang: str) -> Report:
    item = _worked(check, book)
    answers = list(check.answers.order_by("seq", "feed"))
    people = Person.objects.in_bulk({row.person_id for row in answers})
    names = {key: person.name for key, person in people.items()}
    stored = list(check.comparisons.order_by("seq"))
    fresh = comparisons(item) if item else []
    newer = newer_than(check)
    sources = source_lines(book, answers, fresh, level, lang)
    return Report(
        check=check.id,
        household=check.household_id,
        application=check.application,
        as_of=check.as_of,
        area_code=check.area_code,
        family=check.household.head.name if check.household.head else "",
        level=level,
        lang=lang,
        state=check.state,
        state_label=str(Check.State(check.state).label),
        opening=opening(sources, lang),
        sources=sources,
        people=people_lines(book, answers, people, level, lang),
        compared=compared_lines(book, stored, fresh, answers, names, level, lang),
        totals=total_lines(item, level, lang) if item else (),
        gaps=gap_lines(book, answers, names, lang),
        rows=found_tables(item, answers, names, lang) if item and level == "officer" else (),
        requested_by=_("系统") if check.requested_by == "system" else check.requested_by_name,
        requested_at=check.requested_at,
        answered_at=check.answered_at,
        concluded_by=check.concluded_by_name,
        concluded_at=check.concluded_at,
        remark=remark_of(check),
        conclusion_digest=check.conclusion_digest,
        inputs_digest=check.inputs_digest,
        rulebook_hash=check.rulebook_hash,
        inputs_kept=check.inputs_enc is not None,
        newer=newer.id if newer else None,
    )


def _worked(check: Check, book: Rulebook) -> Worked | None:
    """The stored case read again; None when retention has deleted it or it does not fit the rulebook."""
    inputs = inputs_of(check)
    if inputs is None:
        return None
    try:
        item = worked(book, inputs)
        comparisons(item)
    except EngineError:
        return None
    return item
