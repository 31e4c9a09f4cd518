"""Calls that come to no action are on record: who, if that is known, and why; a flood of them fills nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from doudi.accounts.models import ServiceAccount, ServiceToken
from doudi.audit.models import Entry, EntrySubject
from doudi.core.clock import now
from doudi.exchange.actions import allowing, refusing
from doudi.exchange.urls import A_LIST
from doudi.lib.per_minute import PerMinute
from tests.exchange.calling import BASE, Caller
from tests.exchange.conftest import IN, Register

pytestmark = pytest.mark.django_db
WHOLE = {"request_id": "x", "purpose": "p", "person": {"number": IN}}


@pytest.fixture(autouse=True)
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was counted before, and the minute does not end amid a test."""
    at = now()
    monkeypatch.setattr("doudi.exchange.urls.now", lambda: at)
    monkeypatch.setattr("doudi.exchange.api.now", lambda: at)
    monkeypatch.setattr(refusing, "_turned_away", PerMinute())
    monkeypatch.setattr(allowing, "_calls", PerMinute())


def entries() -> list[Entry]:
    return list(Entry.objects.filter(verb="exchange.turn_away", outcome="refused").order_by("at"))


def test_each_malformed_call_of_an_account_is_on_record_without_what_it_sent(
    register: Register, medical: Caller
) -> None:
    assert medical.post("/products/dibao_today/answers", WHOLE).status_code == 422
    assert medical.post("/products/dibao_today/answers", {"person": {"number": IN}}).status_code == 422
    assert medical.get("/products/dibao_today/rows", limit=0).status_code == 422
    assert medical.delete("/products").status_code == 405 and medical.get("/nothing").status_code == 404
    assert medical.get("/products/another").status_code == 404
    account = ServiceAccount.objects.get()
    assert {(one.account_id, one.role) for one in entries()} == {(str(account.id), "service")}
    assert Counter(one.reason for one in entries()) == {
        "exchange.malformed": 3, "exchange.no_such_method": 1, "exchange.no_such_address": 1,
        "exchange.no_such_product": 1,
    }  # fmt: skip
    assert not EntrySubject.objects.filter(entry_id__in=[one.id for one in entries()]).exists()
    assert not any(IN.encode() in bytes(one.canonical) for one in entries())


def test_a_token_that_is_over_tells_whose_it_was(medical: Caller) -> None:
    ServiceToken.objects.update(until_at=now() - timedelta(seconds=1))
    assert [medical.get("/products").status_code for _ in range(3)] == [401] * 3
    (entry,) = entries()
    assert (entry.account_id, entry.reason) == (str(ServiceAccount.objects.get().id), "exchange.no_token")


def test_strangers_are_on_record_once_a_minute_and_address(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("10.0.0.1", "10.0.0.2"):
        for head in ({}, {"Authorization": "Bearer ddt_x"}, {"Authorization": "Bearer ddt_y"}):
            assert Client(REMOTE_ADDR=address).get(f"{BASE}/products", headers=head).status_code == 401
    assert [(one.actor_name, one.reason) for one in entries()] == [("visitor", "exchange.no_token")] * 2
    monkeypatch.setattr(refusing, "STRANGERS", 3)
    for last in range(3, 9):
        Client(REMOTE_ADDR=f"10.0.0.{last}").get(f"{BASE}/products")
    assert len(entries()) == 3, "nor can many addresses fill the log"


def test_what_is_too_large_is_on_record_before_it_is_read(medical: Caller) -> None:
    answer = medical.post("/products/dibao_today/subscriptions", {"people": "x" * A_LIST})
    assert answer.status_code == 413 and [one.reason for one in entries()] == ["exchange.too_large"]
    assert entries()[0].account_id == str(ServiceAccount.objects.get().id)


def test_what_has_its_entry_gets_no_second_one(
    register: Register, medical: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert medical.ask(IN, purpose="curiosity").status_code == 403
    monkeypatch.setattr(allowing, "AT_LEAST", 1)
    monkeypatch.setattr("doudi.exchange.api.products_of", lambda actor: [])
    assert [medical.ask(IN).status_code for _ in range(3)] == [429] * 3
    assert not entries()
    assert Entry.objects.filter(verb="exchange.answer", outcome="refused").count() == 1
    assert Entry.objects.filter(verb="exchange.too_fast", outcome="refused").count() == 1
