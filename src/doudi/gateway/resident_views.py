"""The internet zone's pages. They run in a process without database and keys, and ask the gateway for everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.core.access import public
from doudi.core.errors import Refused
from doudi.gateway.adapters.client import ask
from doudi.gateway.forms import AskForm, EnquiryForm


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
        given = _ask("submit", area=form.cleaned_data["area"], text=form.cleaned_data["text"])
        return render(request, "gateway/received.html", {"receipt": given["receipt"], "code": given["code"]})
    return render(request, "gateway/write.html", {"form": form})


@public
def answer(request: HttpRequest) -> HttpResponse:
    """The answer, for who has receipt and code; posted, so that neither stands in an address."""
    form = AskForm(request.POST or None)
    told = None
    if request.method == "POST" and form.is_valid():
        try:
            told = _ask("answer", receipt=form.cleaned_data["receipt"], code=form.cleaned_data["code"])
        except Refused as error:
            form.add_error(None, str(error.message))
    return render(request, "gateway/answer.html", {"form": form, "told": told})


def _ask(do: str, **given: str) -> dict[str, Any]:
    return ask(Path(_setting("GATEWAY_SOCKET")), do, **given)


def _setting(name: str) -> str:
    """A setting that only the internet zone's process has."""
    return str(getattr(settings, name))
