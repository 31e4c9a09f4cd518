"""Browse the divisions, one level at a time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from doudi.areas.queries import children, path
from doudi.core.access import signed_in
from doudi.core.errors import Missing


@signed_in
def browse(request: HttpRequest, code: str = "") -> HttpResponse:
    """An area with those above and below it."""
    above = path(code) if code else []
    if code and not above:
        raise Missing("areas.unknown", _("没有区划 %(code)s。") % {"code": code}, area=code)
    return render(
        request,
        "areas/browse.html",
        {"above": above, "here": above[-1] if above else None, "below": list(children(code))},
    )
