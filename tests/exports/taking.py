"""Taking files as people do: the page that asks, the purpose, the file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

PURPOSE = "casework"


def take(client: Client, address: str, **more: Any) -> HttpResponse:
    """The answer to the door's form."""
    return client.post(address, {"purpose": PURPOSE} | more)  # type: ignore[return-value]


def is_file(answer: Any) -> bool:
    """Whether it is a file and not a page."""
    return "Content-Disposition" in answer.headers
