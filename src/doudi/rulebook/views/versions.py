"""Published versions: the list, one with what it changed and who uses it, its files to carry away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from doudi.accounts.logic.roles import PERMISSIONS
from doudi.core.access import permission
from doudi.core.clock import today
from doudi.exports.access import RULES, Export, Prepared, export
from doudi.rulebook.logic.parcel import packed
from doudi.rulebook.panels import version_uses
from doudi.rulebook.queries import files_of
from doudi.rulebook.queries.versions import published, version_page, versions_of
from doudi.rulebook.views.asking import actor_of, area_name, language, sees_drafts

READ = PERMISSIONS["rulebook.read"]


@permission("rulebook.read", READ)
def listing(request: HttpRequest) -> HttpResponse:
    """Versions of the reader's area, of those above and below."""
    actor = actor_of(request)
    lines = [(line, area_name(line.published.place)) for line in versions_of(actor.area, today())]
    return render(request, "rulebook/versions.html", {"lines": lines, "sees_drafts": sees_drafts(request)})


@permission("rulebook.read", READ)
def version(request: HttpRequest, version: str) -> HttpResponse:
    """One version: since when, by whom, what it changed, what was decided by it."""
    page = version_page(version, today(), language(), area_name)
    context = {
        "page": page,
        "published": page.line.published,
        "place_name": area_name(page.line.published.place),
        "uses": list(version_uses.collect(actor_of(request), page.line.published.hash)),
        "opens_draft": sees_drafts(request) and actor_of(request).covers(page.line.published.place),
        "lang": language(),
    }
    return render(request, "rulebook/version.html", context)


@permission("rulebook.read", READ)
@export(Export("rulebook.download_version", RULES, ("zip",)))
def parcel(request: HttpRequest, version: str) -> Prepared:
    """Its policy files as one ZIP."""
    row = published(version)
    about = {"rulebook": row.hash, "place": row.place, "effective_on": row.effective_on.isoformat()}
    return Prepared(
        label=_("规则包"),
        file_name=f"rulebook-{row.place}-{row.hash[:12]}.zip",
        media="application/zip",
        make=lambda mark: packed(files_of(row.hash), about | {"handed_out": mark.line()}),
        subjects=(("rulebook", row.hash),),
    )
