"""Errors as other systems get them: problem+json with what, where and what to do, in the language they ask for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from doudi.core.errors import DoudiError
from doudi.core.middleware import STATUS
from doudi.exchange.actions.allowing import Exhausted

MEDIA = "application/problem+json"
BASE = "urn:doudi:problem:"
MOST_ERRORS = 20


def language_of(request: HttpRequest) -> str:
    """English for who asks for it, else Chinese."""
    wanted = request.headers.get("Accept-Language", "").strip().lower()
    return "en" if wanted.startswith("en") else "zh-hans"


def of_error(request: HttpRequest, error: DoudiError) -> HttpResponse:
    """One of our errors."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    status = 429 if isinstance(error, Exhausted) else 422 if status == 400 else status
    with override(language_of(request)):
        answer = problem(status, error.code, _title(status), str(error.message), where=error.context.get("where"))
    if isinstance(error, Exhausted):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def of_status(request: HttpRequest, status: int, code: str) -> HttpResponse:
    """What has no error of its own: no token, no such address, a method that is not there."""
    with override(language_of(request)):
        return problem(status, code, _title(status), _next(status))


def too_large(request: HttpRequest) -> HttpResponse:
    """More than a call may bring."""
    return of_status(request, 413, "exchange.too_large")


def of_validation(request: HttpRequest, errors: Sequence[dict[str, Any]]) -> HttpResponse:
    """What does not fit its shape, place by place. Values are not repeated: they may be people's."""
    listed = [{"where": _pointer(one.get("loc", ())), "why": str(one.get("type", ""))} for one in errors[:MOST_ERRORS]]
    with override(language_of(request)):
        detail = _("请求的内容不合格式。请按 where 指出的地方改正，格式见 openapi.json。")
        first = listed[0]["where"] if listed else None
        return problem(422, "exchange.malformed", _title(422), detail, where=first, errors=listed)


def problem(status: int, code: str, title: str, detail: str, **more: object) -> HttpResponse:
    """The answer itself."""
    content = {"type": BASE + code, "title": title, "status": status, "code": code, "detail": detail}
    content |= {name: value for name, value in more.items() if value is not None}
    answer = HttpResponse(json.dumps(content, ensure_ascii=False), status=status, content_type=MEDIA)
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _pointer(place: Sequence[object]) -> str:
    """Where in what was sent, as a JSON pointer; the wrapper names of the framework are left out."""
    parts = [str(part) for part in place if str(part) not in ("body", "query", "path", "payload")]
    return "/" + "/".join("".join(c for c in part if c.isprintable())[:40] for part in parts)


def _title(status: int) -> str:
    titles = {
        400: _("看不懂这个请求"), 401: _("没有令牌或令牌无效"), 403: _("不能这样查询"), 404: _("没有找到"),
        405: _("没有这种操作"), 409: _("没有办成"), 413: _("内容太大"), 422: _("内容不对"),
        429: _("超过额度"), 503: _("暂时答不了"),
    }  # fmt: skip
    return titles.get(status, _("没有办成"))


def _next(status: int) -> str:
    said = {
        401: _("请先用系统账号和密钥换令牌，再带着令牌来问。"),
        404: _("没有这个地址。可用的地址见 openapi.json。"),
        405: _("这个地址没有这种操作。可用的操作见 openapi.json。"),
        400: _("请求的内容不是可以读的 JSON。"),
        413: _("请求的内容太大。请分几次发，一次最多 1000 人。"),
    }
    return said.get(status, _("请联系民政部门。"))
