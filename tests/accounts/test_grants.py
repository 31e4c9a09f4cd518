"""A session acts under one grant: chosen among several, checked anew on every request, never replaced silently."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from doudi.accounts.actions import confirm_grant, give_grant, withdraw_grant
from doudi.accounts.labels import PERMISSION_LABELS
from doudi.accounts.logic.roles import PERMISSIONS, ROLES
from doudi.accounts.models import ROLE_LABELS, Grant
from doudi.audit.queries import entries
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Refused, Stale
from tests.accounts.conftest import AT, Make


def test_one_grant_is_used_without_asking(client: Client, make: Make) -> None:
    client.force_login(make("zhou", "registrar"))
    text = client.get("/").content.decode()
    assert "登记员" in text and "我的工作" in text


def test_among_several_one_is_chosen_first(client: Client, make: Make) -> None:
    account = make("zhou", "registrar", "auditor")
    client.force_login(account)
    assert client.get("/")["Location"] == "/accounts/grant/"
    assert client.get("/accounts/grant/").status_code == 200
    wanted = Grant.objects.get(account=account, role="auditor")
    assert client.post("/accounts/grant/", {"grant": str(wanted.id)})["Location"] == "/"
    assert client.get("/audit/").status_code == 200
    other = Grant.objects.get(account=account, role="registrar")
    client.post("/accounts/grant/", {"grant": str(other.id)})
    assert client.get("/audit/").status_code == 403, "one grant at a time"


def test_somebody_elses_grant_cannot_be_chosen(client: Client, make: Make) -> None:
    make("wang", "auditor")
    client.force_login(make("zhou", "registrar"))
    wanted = Grant.objects.get(role="auditor")
    assert client.post("/accounts/grant/", {"grant": str(wanted.id)}).status_code == 403


def test_a_withdrawn_grant_is_refused_at_the_next_request(client: Client, make: Make) -> None:
    account = make("zhou", "registrar")
    client.force_login(account)
    assert client.get("/search/").status_code == 200
    withdraw_grant(actor=Actor.system(), at=AT, grant=Grant.objects.get(account=account), reason="moved")
    assert client.get("/search/").status_code == 403
    assert client.post("/search/", {"q": "x"}).status_code == 403


def test_a_withdrawn_grant_is_not_replaced_silently(client: Client, make: Make) -> None:
    account = make("zhou", "registrar", "handler")
    client.force_login(account)
    used = Grant.objects.get(account=account, role="handler")
    client.post("/accounts/grant/", {"grant": str(used.id)})
    withdraw_grant(actor=Actor.system(), at=AT, grant=used, reason="moved")
    assert client.post("/search/", {"q": "x"}).status_code == 403
    answer = client.get("/", follow=True)
    assert answer.redirect_chain == [("/accounts/grant/", 302)] and "已到期或收回" in answer.content.decode()


def test_an_account_without_grants_gets_a_page_that_says_so(client: Client, make: Make) -> None:
    client.force_login(make("zhou"))
    answer = client.get("/")
    assert answer.status_code == 403 and "没有授权" in answer.content.decode()
    assert client.get("/search/").status_code == 403
    assert client.get("/accounts/password/").status_code == 200


def test_grants_hold_only_in_their_dates(client: Client, make: Make) -> None:
    account = make("zhou")
    for from_on, to_on in ((date(2020, 1, 1), date(2021, 1, 1)), (date(2999, 1, 1), None)):
        give_grant(
            actor=Actor.system(), at=AT, account=account, role="registrar", area="99", from_on=from_on, to_on=to_on
        )
    client.force_login(account)
    assert client.get("/search/").status_code == 403


def test_an_account_is_one_of_the_three_administrators_at_most(make: Make) -> None:
    account = make("zhou", "system_administrator")
    with pytest.raises(Refused) as refused:
        give_grant(
            actor=Actor.system(),
            at=AT,
            account=account,
            role="audit_administrator",
            area="99",
            from_on=date(2026, 1, 1),
        )
    assert refused.value.code == "accounts.three_administrators"
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(account=account, role="security_administrator", area_code="99", from_on=date(2026, 1, 1))


def test_what_a_grant_cannot_be(make: Make) -> None:
    account, system = make("zhou"), Actor.system()
    for role, area in (("emperor", "99"), ("registrar", "9"), ("registrar", "９９"), ("registrar", "99010100x")):
        with pytest.raises(Malformed):
            give_grant(actor=system, at=AT, account=account, role=role, area=area, from_on=date(2026, 1, 1))
    own = Actor(str(account.id), "zhou", "security_administrator", "99")
    with pytest.raises(Forbidden):
        give_grant(actor=own, at=AT, account=account, role="registrar", area="99", from_on=date(2026, 1, 1))


def test_a_grant_is_withdrawn_once(make: Make) -> None:
    make("zhou", "registrar")
    grant = Grant.objects.get()
    withdraw_grant(actor=Actor.system(), at=datetime(2026, 7, 2, tzinfo=UTC), grant=grant, reason="moved")
    with pytest.raises(Stale):
        withdraw_grant(actor=Actor.system(), at=datetime(2026, 7, 3, tzinfo=UTC), grant=grant, reason="again")


def test_every_role_and_permission_has_a_name_and_known_holders() -> None:
    assert set(ROLE_LABELS) == set(ROLES)
    assert set(PERMISSION_LABELS) == set(PERMISSIONS)
    assert {role for holders in PERMISSIONS.values() for role in holders} <= set(ROLES)


def test_whose_grant_was_confirmed_or_withdrawn_is_found_by_the_account(make: Make) -> None:
    grant = Grant.objects.get(account=make("zhou", "registrar"))
    confirm_grant(actor=Actor.system(), at=AT, grant=grant, on=AT.date())
    withdraw_grant(actor=Actor.system(), at=AT, grant=grant, reason="left")
    found = set(entries(subject=str(grant.account_id)).values_list("verb", flat=True))
    assert found >= {"accounts.give_grant", "accounts.confirm_grant", "accounts.withdraw_grant"}
