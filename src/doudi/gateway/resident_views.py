"""The internet zone's pages. They run in a process without database and keys, and ask the gateway for everything."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from doudi.core.access import public
from doudi.core.errors import Refused, Unavailable
from doudi.gateway.adapters.client import ask
from doudi.gateway.forms import AskForm, EnquiryForm
from doudi.keeping.logic.rules import Rule, RulesError, rules_in, told, told_to_residents
from doudi.lib.per_minute import PerMinute

A_MINUTE = 10
"""Enquiries of one address in a minute; the gateway takes 120 of all together."""
ASKED_A_MINUTE = 20
"""Answers one address asks for in a minute, right or wrong."""
RULES = "retention.yaml"
_written, _asked = PerMinute(), PerMinute()


@public
def begin(request: HttpRequest) -> HttpResponse:
    """What can be done here."""
    return render(request, "gateway/begin.html")


@public
def write(request: HttpRequest) -> HttpResponse:
    """An enquiry: the form, then receipt and code, shown once."""
    areas = [(str(code), str(name)) for code, name in _ask("areas", within=_setting("OUTER_AREA"))["areas"]]
    form = EnquiryForm(request.POST or None, areas)
    if request.method == "POST" and form.is_valid():
        _not_too_many(request, _written, A_MINUTE)
        given = _ask("submit", area=form.cleaned_data["area"], text=form.cleaned_data["text"])
        context = {"receipt": given["receipt"], "code": given["code"], "kept": _how_long_kept()}
        return render(request, "gateway/received.html", context | {"place": dict(areas)[form.cleaned_data["area"]]})
    return render(request, "gateway/write.html", {"form": form})


@public
def answer(request: HttpRequest) -> HttpResponse:
    """The answer, for who has receipt and code; posted, so that neither stands in an address."""
    form = AskForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        _not_too_many(request, _asked, ASKED_A_MINUTE)
        try:
            found = _ask("answer", receipt=form.cleaned_data["receipt"], code=form.cleaned_data["code"])
        except Refused as error:
            form.add_error(None, str(error.message))
    return render(request, "gateway/answer.html", {"form": form, "told": found})


@public
def kept(request: HttpRequest) -> HttpResponse:
    """What the house keeps of people and how long, as its own page says it, read from the same file of rules."""
    rules = _rules()
    if rules is None:
        raise Unavailable("gateway.no_rules", _("这一页暂时打不开，请稍后再试，或到乡镇（街道）窗口询问。"))
    return render(request, "keeping/kept.html", told_to_residents(rules, get_language() or ""))


def _rules() -> tuple[Rule, ...] | None:
    """The rules of keeping; None where their file cannot be read."""
    try:
        return rules_in((Path(_setting("POLICY")) / RULES).read_text(encoding="utf-8"))
    except (OSError, RulesError):
        return None


def _how_long_kept() -> dict[str, object] | None:
    """How long an enquiry is kept, as the public page says it; None where that is not known."""
    lines = told(_rules() or (), get_language() or "")
    return next((line for line in lines if line["name"] == "enquiries"), None)


def _not_too_many(request: HttpRequest, counted: PerMinute, most: int) -> None:
    """One address alone cannot use up what all may ask. Nothing of it is kept beyond the minute."""
    if counted.count(address_of(request, int(getattr(settings, "PROXIES", 0))), time.monotonic()) > most:
        raise Refused("gateway.busy", _("您这里来信太多，请过一分钟再试，或拨打 12345。"))


def address_of(request: HttpRequest, proxies: int) -> str:
    """The visitor's address: the one the outermost of our own proxies saw; what is said further out is not believed."""
    told = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    return told[-proxies] if 0 < proxies <= len(told) else str(request.META.get("REMOTE_ADDR", ""))


def _ask(do: str, **given: str) -> dict[str, Any]:
    return ask(Path(_setting("GATEWAY_SOCKET")), do, **given)


def _setting(name: str) -> str:
    """A setting that only the internet zone's process has."""
    return str(getattr(settings, name))
