"""An opinion as the data of its printed document. Numbers of people are masked; wording is the page's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from doudi.cases.logic.reasons import Article, Line
from doudi.cases.queries.pages import ApplicationPage, DecisionPage


def opinion_data(
    page: ApplicationPage, shown: DecisionPage, *, printed_at: datetime, printed_by: str
) -> dict[str, Any]:
    """Data of cases/opinion.typ, in the language that is active."""
    application, opinion, review = page.application, page.opinion, page.review
    assert opinion is not None
    return {
        "number": application.number,
        "applicant": application.applicant.name or application.applicant.number_masked,
        "place": page.place,
        "applied_on": application.applied_on.isoformat(),
        "accepted_on": application.accepted_on.isoformat() if application.accepted_on else "",
        "members": [[line.name, line.number_masked, line.relation] for line in page.people],
        "outcome": opinion.outcome,
        "programme": shown.opinion_programme,
        "amount": f"{opinion.amount:,.2f}" if opinion.amount is not None else "",
        "agrees": opinion.agrees,
        "reason": opinion.reason,
        "proposed_by": opinion.proposed_name,
        "proposed_at": _instant(opinion.proposed_at),
        "reviewed_by": review.reviewed_name if review else "",
        "reviewed_at": _instant(review.reviewed_at) if review else "",
        "review_agrees": review.agrees if review else False,
        "review_reason": review.reason if review else "",
        "headline": shown.reasons.headline,
        "says": [sentence for sentence, _compared in shown.reasons.says],
        "steps": [_step(line) for line in shown.reasons.lines if _has_weight(line)],
        "answers": [[answer.sentence, _answer(answer.state)] for answer in shown.reasons.answers],
        "articles": list(dict.fromkeys(_articles(shown.reasons.lines))),
        "rulebook": shown.proposal["rulebook"],
        "inputs_digest": shown.proposal["inputs_digest"],
        "as_of": shown.proposal["as_of"],
        "printed": _("%(by)s %(at)s 打印") % {"by": printed_by, "at": _instant(printed_at)},
    }


def _instant(at: datetime) -> str:
    return date_format(localtime(at), "Y-m-d H:i")


def _answer(state: str) -> str:
    return {"met": _("符合"), "not_met": _("不符合")}.get(state, _("未知"))


def _has_weight(line: Line) -> bool:
    """Yes-or-no steps stand among the conditions; the ledger holds the numbers."""
    return not line.is_condition


def _step(line: Line) -> list[str]:
    worked = line.worked if line.worked != line.shown else ""
    return [line.label, worked, line.shown, "；".join(_article(one) for one in line.articles)]


def _articles(lines: tuple[Line, ...]) -> Iterator[str]:
    for line in lines:
        yield from (_article(one) for one in line.articles)
        yield from (_article(figure.article) for figure in line.figures)


def _article(article: Article) -> str:
    sample = _("（示例，待核）") if article.sample else ""
    return " ".join(part for part in (article.document, article.number, article.article) if part) + sample
