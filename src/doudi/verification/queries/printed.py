"""The report as data for printing: everything text, masked, in the report's language."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from doudi.core.actor import Actor
from doudi.verification.logic.report import Cell, FoundTable, Report
from doudi.verification.queries.report import LANGUAGES

TEMPLATE = "verification/report"


def printed(report: Report, *, actor: Actor, at: datetime.datetime, authority: str, place: str) -> dict[str, Any]:
    """What the template `verification/report` shows; the foot of every page says who printed it, when and what for."""
    with override(LANGUAGES[report.lang]):
        return {
            "title": _("家庭经济状况核对报告"),
            "authority": authority,
            "number": _number(report),
            "printed": _printed_line(actor, at),
            "opening": report.opening,
            "about": _about(report, place),
            "gaps": [
                {
                    "label": gap.label,
                    "people": _listed(gap.people, report.lang),
                    "reason": gap.reason_label,
                    "next": gap.next_step,
                }
                for gap in report.gaps
            ],
            "compared": [
                {
                    "label": f"{line.label} {line.whose}".strip(),
                    "declared": line.declared,
                    "found": list(line.found) or ["—"],
                    "state": line.state_label,
                }
                for line in report.compared
            ],
            "totals": [{"label": line.label, "value": line.value} for line in report.totals],
            "sources": [
                {
                    "label": line.label,
                    "supplier": line.supplier,
                    "on": _day(line.data_on or line.received_at),
                    "state": line.state_label,
                    "rows": "—" if line.rows is None else str(line.rows),
                }
                for line in report.sources
            ],
            "people": [
                {
                    "name": person.name
                    if person.is_member
                    else _("%(name)s（户主，不在申请内）") % {"name": person.name},
                    "number": person.number_masked,
                    "answered": _cells(person.answered, report.lang),
                    "silent": _cells(person.silent, report.lang),
                }
                for person in report.people
            ],
            "rows": [_rows(table) for table in report.rows],
            "concluded": report.concluded_at is not None,
            "remark": report.remark,
            "officer": report.concluded_by,
            "date": _day(report.concluded_at),
            "proof": _proof(report),
        }


def _number(report: Report) -> str:
    short = str(report.check)[:8].upper()
    return _("核对编号 %(number)s") % {"number": f"{report.as_of:%Y%m%d}-{short}"}


def _printed_line(actor: Actor, at: datetime.datetime) -> str:
    return _("%(who)s 于 %(when)s 打印 · 用途：%(purpose)s · 只供办理救助，不得外传") % {
        "who": actor.name,
        "when": f"{localtime(at):%Y-%m-%d %H:%M}",
        "purpose": actor.purpose or _("社会救助家庭经济状况核对"),
    }


def _about(report: Report, place: str) -> list[list[str]]:
    lines = [
        [_("家庭"), _("%(name)s 户") % {"name": report.family} if report.family else "—"],
        [_("所在地"), place],
        [_("核对基准日"), report.as_of.isoformat()],
        [_("提请"), f"{report.requested_by} {_instant(report.requested_at)}"],
        [_("状态"), report.state_label],
    ]
    if report.application:
        lines.insert(2, [_("申请编号"), report.application])
    return lines


def _rows(table: FoundTable) -> dict[str, Any]:
    on = _("数据截至 %(day)s") % {"day": _day(table.data_on or table.received_at)}
    rows = [list(row) for row in table.rows]
    return {"person": table.person, "label": table.label, "on": on, "heads": list(table.heads), "rows": rows}


def _proof(report: Report) -> str:
    parts = [_("输入校验码 %(digest)s") % {"digest": report.inputs_digest}]
    parts.append(_("规则版本 %(hash)s") % {"hash": report.rulebook_hash})
    if report.conclusion_digest:
        parts.append(_("结论校验码 %(digest)s") % {"digest": report.conclusion_digest})
    return " · ".join(parts)


def _cells(cells: tuple[Cell, ...], lang: str) -> str:
    return _listed(tuple(cell.label for cell in cells), lang) or "—"


def _listed(texts: tuple[str, ...], lang: str) -> str:
    return {"zh": "、", "en": ", "}[lang].join(texts)


def _day(when: datetime.date | datetime.datetime | None) -> str:
    if when is None:
        return "—"
    return (localtime(when).date() if isinstance(when, datetime.datetime) else when).isoformat()


def _instant(when: datetime.datetime) -> str:
    return f"{localtime(when):%Y-%m-%d %H:%M}"
