"""Whoever is refused leaves an entry: wrong role, another area, no grant."""

from __future__ import annotations

import pytest
from django.test import Client

from doudi.audit.models import Entry, EntrySubject
from tests.desk.conftest import Family, Make, family, make, unhurried

__all__ = ["family", "make", "unhurried"]


def refusals() -> list[tuple[str, str, str]]:
    return list(Entry.objects.filter(outcome="refused").values_list("verb", "role", "reason"))


def test_a_family_of_another_township_is_refused_and_the_try_is_on_record(
    client: Client, make: Make, family: Family
) -> None:
    there = family("张三", "990101002001")
    client.force_login(make("zhou", "handler"))
    assert client.get(f"/households/{there.id}/").status_code == 403
    assert refusals() == [("desk.household", "handler", "registry.household_elsewhere")]
    assert list(EntrySubject.objects.filter(kind="household").values_list("subject", flat=True))[-1:] == [str(there.id)]


@pytest.mark.parametrize(
    ("method", "address"), [("get", "/audit/"), ("post", "/search/"), ("get", "/accounts/sessions/")]
)
def test_a_role_that_may_not_is_on_record(client: Client, make: Make, method: str, address: str) -> None:
    client.force_login(make("xitong", "system_administrator"))
    assert getattr(client, method)(address).status_code == 403
    assert [(role, reason) for _verb, role, reason in refusals()] == [("system_administrator", "core.forbidden")]


def test_somebody_without_a_grant_is_on_record_as_the_account(client: Client, make: Make) -> None:
    client.force_login(make("wu"))
    assert client.get("/search/").status_code == 403
    assert refusals() == [("desk.search", "account", "core.forbidden")]


def test_what_is_allowed_leaves_no_refusal(client: Client, make: Make) -> None:
    client.force_login(make("zhou", "handler"))
    client.get("/search/")
    client.get("/nowhere/")
    assert refusals() == []
