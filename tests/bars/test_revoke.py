"""S-05: rights taken away in the middle of a session end with the next request, at every address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from doudi.accounts.actions import withdraw_grant
from doudi.accounts.logic.roles import POLICY, ROLES
from doudi.accounts.models import Account, Grant
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from tests.bars.conftest import Bar
from tests.bars.routes import METHODS, NOT_THIS_WAY, Route, refusal, routes
from tests.cases.signing_in import signed_in

pytestmark = pytest.mark.django_db


def withdrawn(grant: Grant) -> None:
    withdraw_grant(actor=Actor.system(), at=now(), grant=grant, reason="moved")


def over(grant: Grant) -> None:
    Grant.objects.filter(pk=grant.pk).update(to_on=today())


def lapsed(grant: Grant) -> None:
    days = POLICY.grant_review.days + POLICY.grant_review.grace_days
    Grant.objects.filter(pk=grant.pk).update(reviewed_on=today() - timedelta(days=days))


def closed(grant: Grant) -> None:
    Account.objects.filter(pk=grant.account_id).update(is_active=False)


WAYS: list[Callable[[Grant], None]] = [withdrawn, over, lapsed, closed]


def goes_through(client: Client, route: Route, method: str) -> bool:
    """Whether a request is let in: answered by the view itself, whatever the view says then."""
    status, code = refusal(client, method, route.address())
    if status == NOT_THIS_WAY:
        return False
    return status not in (302, 403) or (status == 403 and code not in ("core.forbidden", "accounts.no_grant"))


@pytest.mark.bar("S-05", "a role taken away in mid-session is refused at the next request, at every address")
def test_the_next_request_is_refused(bar: Bar) -> None:
    guarded = [route for route in routes() if route.access not in ("public", "signed_in", "")]
    roles = ROLES if bar.full else ROLES[::2]
    before = after = asked = 0
    leaks = []
    for role in roles:
        for way in WAYS if bar.full else WAYS[:1]:
            if way is lapsed and role in POLICY.grant_review.never_lapse:
                continue
            client, actor = signed_in(role, "990101")
            own = [route for route in guarded if POLICY.may(role, route.access)]
            for route in own:
                before += any(goes_through(client, route, method) for method in METHODS)
            way(Grant.objects.get(pk=actor.grant_id))
            for route in own:
                for method in METHODS:
                    asked += 1
                    if goes_through(client, route, method):
                        after += 1
                        leaks.append(f"{role} {way.__name__} {method} {route.name}")
    bar.says(f"{before} requests let in before, {after} of {asked} after")
    assert not leaks
    assert before > 100


@pytest.mark.bar("S-05", "a session is not moved to another grant of its account, nor does an emergency outlive it")
def test_nothing_else_takes_its_place(bar: Bar) -> None:
    client, actor = signed_in("registrar", "990101001")
    account = Account.objects.get(pk=actor.account_id)
    Grant.objects.create(account=account, role="verification_officer", area_code="99", from_on=today())
    assert client.get("/search/").status_code == 302, "two grants: one is chosen"
    client.post("/accounts/grant/", {"grant": actor.grant_id})
    assert client.get("/search/").status_code == 200
    withdrawn(Grant.objects.get(pk=actor.grant_id))
    got = client.get("/search/")
    posted = client.post("/search/", {"q": "x"})
    bar.says(f"GET {got.status_code}, POST {posted.status_code} after the grant in use was withdrawn")
    assert got.status_code == 302 and got["Location"] == "/accounts/grant/"
    assert posted.status_code == 403
