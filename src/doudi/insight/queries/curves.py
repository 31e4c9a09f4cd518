"""The curves of one family: as the rules are, and under reforms, from the inputs its proposal was made from."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from doudi.cases.models import Application, Assessment
from doudi.cases.queries.applications import open_assessment
from doudi.cases.queries.proposals import stored_case
from doudi.core.errors import Refused
from doudi.engine.case import read_case
from doudi.engine.cliff import Cliff, cliff
from doudi.engine.errors import EngineError
from doudi.engine.rulebook import Rulebook
from doudi.insight.queries.starting import Shipped, start_of
from doudi.registry.queries import members
from doudi.rulebook.queries import by_hash

WORKING_AGE = 16


@dataclass(frozen=True, slots=True)
class Earner:
    """A member whose earned income may be turned: a number in the address, a name to show."""

    number: int
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of the chart: what it is called, and the cliff."""

    name: str
    label: dict[str, str]
    cliff: Cliff


@dataclass(frozen=True, slots=True)
class Curves:
    """The lines of one chart, today's rules first. Reforms that cannot be laid over these rules are named."""

    lines: tuple[Curve, ...]
    refused: tuple[dict[str, str], ...]


def curve_people(application: Application, lang: str) -> list[Earner]:
    """Members of 16 and over as of the application, in the order of the family."""
    found: list[Earner] = []
    for row in members(application.household_id, application.applied_on):
        person = row.person
        if person.born_on is None or _age(person.born_on, application.applied_on) >= WORKING_AGE:
            found.append(Earner(len(found), str(person.id), person.name or person.number_masked))
    return found


def curves_of(application: Application, person: str, reforms: Sequence[Shipped], limit: Decimal) -> Curves:
    """Today's curve and one a reform. Refused while there is no proposal. The caller records the look."""
    assessment = _assessed(application)
    data = stored_case(assessment)
    rulebook = by_hash(assessment.rulebook_hash)
    today = {"zh": "现行规则", "en": "the rules as they are"}
    lines, refused = [Curve("now", today, _curve(rulebook, data, person, limit))], []
    start = start_of(rulebook.place, assessment.as_of) if reforms else None
    for reform in reforms:
        assert start is not None
        try:
            lines.append(Curve(reform.name, reform.label, _curve(start.with_reform(reform.text), data, person, limit)))
        except EngineError:
            refused.append(reform.label)
    return Curves(tuple(lines), tuple(refused))


def _assessed(application: Application) -> Assessment:
    found = open_assessment(application.id)
    if found is None:
        raise Refused("insight.not_assessed", _("这份申请还没有系统建议，画不出曲线。请先核对、计算系统建议。"))
    return found


def _curve(rulebook: Rulebook, data: dict[str, Any], person: str, limit: Decimal) -> Cliff:
    return cliff(rulebook, read_case(deepcopy(data), rulebook), person, limit=limit)


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
