"""The reading room: for its two roles only; looking in is itself an entry."""

from __future__ import annotations

import pytest
from django.test import Client

from doudi.audit.actions import record_act
from doudi.audit.models import Entry
from doudi.core.actor import Actor
from tests.accounts.conftest import AT, Make, make

__all__ = ["make"]


@pytest.mark.parametrize("role", ["auditor", "audit_administrator"])
def test_its_readers_see_the_log_and_leave_an_entry(client: Client, make: Make, role: str) -> None:
    client.force_login(make("shen", role))
    record_act(actor=Actor.system(), verb="test.act", subjects=[], at=AT, reason="为什么")
    text = client.get("/audit/").content.decode()
    assert "test.act" in text and "为什么" in text and "系统" in text
    assert Entry.objects.filter(verb="audit.read_log", outcome="seen").count() == 1
    assert "test.act" not in client.get("/audit/?verb=other.").content.decode()


@pytest.mark.parametrize("role", ["registrar", "county_leader", "system_administrator", "security_administrator"])
def test_nobody_else_gets_in(client: Client, make: Make, role: str) -> None:
    client.force_login(make("zhou", role))
    assert client.get("/audit/").status_code == 403


@pytest.mark.parametrize(
    "query", ["day=yesterday", "day=2026-13-40", "page=zero", "verb=%00", "account_id=" + "x" * 500]
)
def test_a_filter_that_makes_no_sense_is_no_failure(client: Client, make: Make, query: str) -> None:
    client.force_login(make("shen", "auditor"))
    assert client.get(f"/audit/?{query}").status_code == 200


def test_a_long_log_has_pages(client: Client, make: Make) -> None:
    client.force_login(make("shen", "auditor"))
    for number in range(60):
        record_act(actor=Actor.system(), verb=f"test.act{number}", subjects=[], at=AT)
    assert 'rel="next"' in client.get("/audit/?verb=test.").content.decode()
    assert 'rel="prev"' in client.get("/audit/?verb=test.&page=2").content.decode()
