"""How much a request may bring: a little for everybody, files only to views that take them, within a day's quota.

A view that takes files says so with `@takes_files(most=…)`; one that other systems call, without a session, says how
much they may send by `doudi_body`, and by `doudi_too_large` how they are told. Whatever is too large is refused by its
announced length, before a byte of it is read; a body without a length is empty for Django.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from doudi.core.clock import now
from doudi.core.errors import Refused
from doudi.core.models import Upload

View = Callable[..., HttpResponse]
Handler = Callable[[HttpRequest], HttpResponse]
STRANGER = 64 * 1024
"""Bytes of a request of somebody who is not signed in: a name and a password."""
A_FORM = 5 * 2**20
KEPT = timedelta(days=30)
OWN_IS_USED = _("您今天交的文件已到上限，明天可以再交。着急的，请联系系统管理员。")
ALL_IS_USED = _("全单位今天交的文件已到上限，明天可以再交。着急的，请联系系统管理员。")


def takes_files(*, most: int) -> Callable[[View], View]:
    """For views that take files: `most` bytes a request. Counts them for the quotas; Refused when a day's is used up.

    Stands below `@permission`.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            sizes = [file.size or 0 for name in request.FILES for file in request.FILES.getlist(name)]
            if sizes:
                count_uploads(str(request.user.pk), sizes)
            return view(request, *args, **kwargs)

        counted.doudi_files = most  # type: ignore[attr-defined]
        return counted

    return mark


def count_uploads(account: str, sizes: list[int]) -> None:
    """Notes files of an account; Refused when its quota of the day, or the house's, would be passed."""
    at = now()
    since = at - timedelta(days=1)
    day = Upload.objects.filter(at__gte=since)
    quotas = (
        (day.filter(account_id=account), settings.UPLOADS_A_DAY_EACH, OWN_IS_USED),
        (day, settings.UPLOADS_A_DAY_ALL, ALL_IS_USED),
    )
    for held, (most_files, most_bytes), message in quotas:
        used = held.aggregate(files=Count("id"), size=Sum("size"))
        if used["files"] + len(sizes) > most_files or (used["size"] or 0) + sum(sizes) > most_bytes:
            raise Refused("core.quota", message)
    Upload.objects.filter(at__lt=at - KEPT).delete()
    Upload.objects.bulk_create(Upload(account_id=account, at=at, size=size) for size in sizes)


class BodyLimit:
    """Refuses what is too large for where it is sent, by whom. Behind the middleware that knows who asks."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > self._most(request):
            told = getattr(_view(request), "doudi_too_large", None)
            return told(request) if told is not None else render(request, "413.html", status=413)
        return self._get_response(request)

    def _most(self, request: HttpRequest) -> int:
        view = _view(request)
        if not request.user.is_authenticated:
            return int(getattr(view, "doudi_body", STRANGER))
        return max(int(getattr(view, "doudi_files", 0)), A_FORM)


def _view(request: HttpRequest) -> object:
    """The view of an address; None where there is none."""
    try:
        return resolve(request.path_info).func
    except Resolver404:
        return None
