"""Nothing that is saved as a file leaves the house but through the door: what was not stamped there is not answered."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Unavailable

LOG = logging.getLogger(__name__)
FILES = ("text/csv", "text/tab", "application/pdf", "application/zip", "application/octet-stream", "application/vnd.",
         "application/x-", "application/ofd", "application/gzip")  # fmt: skip


def is_file(answer: HttpResponse) -> bool:
    """Whether a browser would save it."""
    kind = answer.headers.get("Content-Type", "").lower()
    return "Content-Disposition" in answer.headers or kind.startswith(FILES)


class OneDoor:
    """Closes every other door: a view that answers with a file by itself is a fault, and nobody gets the file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self._get_response(request)
        if not is_file(answer) or hasattr(answer, "doudi_export") or request.path.startswith("/static/"):
            return answer
        match = request.resolver_match
        LOG.error("a file did not go through the door: %s", match.view_name if match else "?")
        error = Unavailable("exports.not_through_the_door", _("这份文件没有经过导出登记，不能给出。请联系系统管理员。"))
        return render(request, "doudi/error.html", {"error": error, "status": 503}, status=503)
