"""Other systems for tests: a service account with its token, and how it calls."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from doudi.core.actor import Actor
from doudi.core.clock import now, today

BASE = "/api/exchange/v1"


def token_of(department: str, *products: str, area: str = "990101", name: str = "") -> str:
    """A token of a new service account of a department, good for some products."""
    from doudi.accounts.actions import create_service, issue_token, new_service_secret

    guard, at = Actor.system(), now()
    scopes = [f"products.{product}" for product in products]
    service = create_service(
        actor=guard, at=at, name=name or f"{department} {uuid4().hex[:6]}", department=department, area=area,
        purpose="sharing", scopes=scopes, to_on=today() + timedelta(days=30),
    )  # fmt: skip
    secret = new_service_secret(actor=guard, at=at, service=service, random=secrets.token_urlsafe(32))
    issued = issue_token(
        at=at, today=today(), client_id=service.id, secret=secret.text, scopes=[], random=secrets.token_urlsafe(32),
        actor=Actor("", "", "visitor", ""),
    )  # fmt: skip
    return issued.text


class Caller:
    """A system that calls with a token."""

    def __init__(self, token: str, language: str = "zh-CN") -> None:
        self._client, self._head = Client(), {"Authorization": f"Bearer {token}", "Accept-Language": language}

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self._client.get(BASE + path, query, headers=self._head)  # type: ignore[return-value]

    def post(self, path: str, body: dict[str, Any]) -> HttpResponse:
        content = json.dumps(body)
        return self._client.post(BASE + path, content, content_type="application/json", headers=self._head)  # type: ignore[return-value]

    def delete(self, path: str) -> HttpResponse:
        return self._client.delete(BASE + path, headers=self._head)  # type: ignore[return-value]

    def ask(self, number: str, *, product: str = "dibao_today", **more: Any) -> HttpResponse:
        """One question about a person."""
        body = {"request_id": str(uuid4()), "purpose": "medical_assistance", "person": {"number": number}, **more}
        return self.post(f"/products/{product}/answers", body)
