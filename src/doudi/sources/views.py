"""Deliveries on screen: how fresh each feed is, handing a file in, a delivery's report, the sender's file back."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doudi.accounts.access import about, may
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.core.access import permission
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.limits import takes_files
from doudi.exports.access import PERSONAL, Export, Prepared, export
from doudi.exports.logic.marks import Mark
from doudi.sources.access import delivery_for, may_fetch_original, must_say_what_for, original_for
from doudi.sources.actions import fetch_annotated_file, receive_file
from doudi.sources.forms import MOST_BYTES, ReceiveForm
from doudi.sources.models import Delivery
from doudi.sources.places import workshop
from doudi.sources.queries import deliveries, feed_states, feeds, problems
from doudi.sources.queries.returned import annotated_name, can_be_annotated
from doudi.sources.shown import feed_line, problem_groups

A_PAGE = 30
PROBLEMS_A_PAGE = 100


@permission("sources.read", PERMISSIONS["sources.read"])
def overview(request: HttpRequest) -> HttpResponse:
    """Every agreed feed with its freshness, and the deliveries of late."""
    lines = [feed_line(state, today(), _lang()) for state in feed_states()]
    page = Paginator(deliveries().defer("report"), A_PAGE).get_page(request.GET.get("page"))
    named = {name: feed.label[_lang()] for name, feed in feeds().items()}
    for one in page:
        one.feed_label = named.get(one.feed, one.feed)  # type: ignore[attr-defined]
    counts = {
        "held": sum(1 for line in lines if line.current),
        "missing": sum(1 for line in lines if not line.current),
        "refused": sum(1 for line in lines if line.refused),
        "aside": sum(line.current.quarantined + line.current.waiting for line in lines if line.current),
    }
    context = {"lines": lines, "page": page, "counts": counts, "may_receive": may(_actor(request), "sources.receive")}
    return render(request, "sources/overview.html", context)


@permission("sources.receive", PERMISSIONS["sources.receive"])
@takes_files(most=MOST_BYTES + 2**20)
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Hand a file in; its report follows."""
    form = ReceiveForm(request.POST or None, request.FILES or None, initial={"feed": request.GET.get("feed", "")})
    if request.method == "POST" and form.is_valid():
        at = now()
        file: UploadedFile[bytes] = form.cleaned_data["file"]
        with workshop() as folder:
            made = receive_file(
                actor=_actor(request),
                at=at,
                path=_kept(file, folder),
                file_name=Path(file.name or "").name,
                feed=form.cleaned_data["feed"] or None,
                cutoff=form.cleaned_data["cutoff"],
            )
        if made.received_at != at:
            messages.info(request, _("这份文件以前送过，什么也没有改动。下面是那一次的结果。"))
        elif made.state == "accepted":
            messages.success(request, _("收下了。"))
        else:
            messages.error(request, _("没有收下，原来的数据不受影响。"))
        return redirect("sources:report", made.id)
    return render(request, "sources/receive.html", {"form": form}, status=422 if form.is_bound else 200)


@permission("sources.read", PERMISSIONS["sources.read"])
def report(request: HttpRequest, delivery: uuid.UUID) -> HttpResponse:
    """What became of a delivery: counts, and every problem with its row and what to do."""
    found = delivery_for(_actor(request), delivery)
    reader = about(request, found.id)
    feed = feeds().get(found.feed)
    listed = problems(found.id)
    for one in listed:
        one["said"] = one["message"][_lang()]
    context = {
        "delivery": found,
        "feed": feed,
        "label": feed.label[_lang()] if feed else found.feed,
        "supplier": feed.supplier[_lang()] if feed else "",
        "refusal": listed[0] if found.problem else None,
        "groups": [] if found.problem else problem_groups(listed, found.report.get("counts", {})),
        "page": Paginator([] if found.problem else listed, PROBLEMS_A_PAGE).get_page(request.GET.get("page")),
        "unlisted": max(sum(found.report.get("counts", {}).values()) - len(listed), 0) if not found.problem else 0,
        "may_fetch": can_be_annotated(found) and may_fetch_original(reader, found),
        "asks_purpose": can_be_annotated(found) and must_say_what_for(reader, found),
        "may_receive": may(_actor(request), "sources.receive"),
    }
    return render(request, "sources/report.html", context)


@permission("sources.receive", PERMISSIONS["sources.receive"])
@export(Export("sources.fetch_annotated_file", PERSONAL, ("csv", "txt", "xlsx"), offers_full=True))
def returned(request: HttpRequest, delivery: uuid.UUID) -> Prepared:
    """The sender's file with a column of problems; numbers are masked unless whole ones are asked for."""
    actor = about(request, delivery)
    found: Delivery = original_for(actor, delivery)
    full, lang = request.POST.get("full") == "on", _lang()
    feed = feeds().get(found.feed)

    def make(mark: Mark) -> bytes:
        return fetch_annotated_file(actor=actor, at=now(), delivery=found.id, lang=lang, mark=mark.line(), full=full)

    return Prepared(
        label=feed.label[lang] if feed else found.feed,
        file_name=annotated_name(found, lang),
        media="application/octet-stream",
        make=make,
        back=reverse("sources:report", args=[found.id]),
        persons=max(found.rows, 1),
        subjects=(("delivery", found.id),),
        full=full,
        may_be_full=True,
    )


def _kept(file: UploadedFile[bytes], folder: Path) -> Path:
    target = folder / "upload"
    target.touch(mode=0o600)
    with target.open("wb") as out:
        for piece in file.chunks():
            out.write(piece)
    return target


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"
