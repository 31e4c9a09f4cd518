"""The opinion with its review and its reasons, on screen and as a PDF in Chinese or English."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from doudi.accounts.access import about, asks_purpose
from doudi.accounts.logic.policy import OFFICER
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.cases.access import application_for
from doudi.cases.queries.pages import application_page, decision_page
from doudi.cases.queries.printing import opinion_data
from doudi.cases.views.application import looked
from doudi.cases.views.asking import actor_of, language
from doudi.core.access import permission
from doudi.core.clock import now, today
from doudi.core.errors import Missing
from doudi.documents.queries import pdf
from doudi.exports.access import PERSONAL, Export, Prepared, export
from doudi.exports.logic.marks import Mark

READ = PERMISSIONS["cases.read"]
TAGS = {"zh": "zh-hans", "en": "en"}


@permission("cases.read", READ)
def opinion(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The opinion that stands."""
    actor = actor_of(request)
    found = application_for(actor, application_id)
    looked(request, found, "cases.open_opinion")
    actor = about(request, found.household_id)
    page = application_page(found, actor, today(), language())
    if page.opinion is None:
        raise Missing("cases.no_opinion", _("还没有拟办意见。请从申请页看进展。"))
    shown = decision_page(page, page.opinion.assessment, actor, language())
    context = {
        "page": page,
        "shown": shown,
        "reasons": shown.reasons,
        "programme": shown.opinion_programme,
        "officer": shown.level == OFFICER,
        "asks_purpose": asks_purpose(actor),
    }
    return render(request, "cases/opinion.html", context)


@permission("cases.read", READ)
@export(Export("cases.print_opinion", PERSONAL, ("pdf",)))
def opinion_pdf(request: HttpRequest, application_id: UUID, lang: str) -> Prepared:
    """The opinion as a document."""
    actor = actor_of(request)
    if lang not in TAGS:
        raise Missing("cases.no_such_language", _("文书只有中文和英文两种。"))
    found = application_for(actor, application_id)
    actor = about(request, found.household_id)
    page = application_page(found, actor, today(), lang)
    if page.opinion is None:
        raise Missing("cases.no_opinion", _("还没有拟办意见。请从申请页看进展。"))

    def make(mark: Mark) -> bytes:
        with override(TAGS[lang]):
            own = application_page(found, actor, today(), lang)
            assert own.opinion is not None
            shown = decision_page(own, own.opinion.assessment, actor, lang)
            data = opinion_data(own, shown, printed_at=now(), printed_by=actor.name)
        return pdf("cases/opinion", data, lang, mark=mark.line())

    return Prepared(
        label=_("拟办意见书"), file_name=f"{found.number}-{lang}.pdf", media="application/pdf", make=make,
        back=reverse("cases:opinion", args=[found.id]), persons=max(len(page.people), 1),
        subjects=(("application", found.id), ("household", found.household_id)), inline=True,
    )  # fmt: skip
