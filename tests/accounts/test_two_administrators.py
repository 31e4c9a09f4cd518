"""What no administrator does alone: act as somebody else, or as somebody who is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from doudi.accounts.actions import begin_emergency
from doudi.accounts.logic.roles import POLICY
from doudi.accounts.models import Account, EmergencyLook, Grant, ServiceAccount, ServiceSecret
from doudi.areas.actions import load_area_rows
from doudi.core.actor import Actor
from doudi.core.clock import now
from tests.accounts.conftest import PASSWORD, Make, holder_of
from tests.accounts.signing_in import CODE, enrol_app, give_password

FRESH = "Ganz-neu-gesetzt-9"
AREA = {"role": "handler", "area": "990101003"}


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "audit_administrator"])
def test_no_administrator_alone_acts_as_somebody_else(make: Make, settings: Settings, role: str) -> None:
    """Whatever one of them asks for about an account with a second factor, they do not get in as its holder."""
    victim = make("victim", "handler")
    give_password(own := Client(), "victim")
    enrol_app(own)
    chief = _signed_in(make("chief", role, area="990101"))
    page = f"/accounts/{victim.id}/"
    chief.post(f"{page}password/", {"password": FRESH})
    chief.post(f"{page}second-factor/", {"reason": "lost, they say"})
    chief.post(f"{page}lock/")
    settings.SECOND_FACTOR = "required"
    got = [give_password(client := Client(), "victim", password) for password in (FRESH, PASSWORD)]
    victim.refresh_from_db()
    knows, bare = victim.check_password(FRESH), CODE not in got
    assert not (knows and bare), "the password is set anew and nothing stands behind it"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "audit_administrator"])
def test_no_administrator_alone_makes_somebody_up(make: Make, role: str) -> None:
    """An account of nobody, or of a system, with something it may: it takes two."""
    chief = _signed_in(make("chief", role, area="990101"))
    given = {"username": "ghost", "name": "影子", "password": FRESH, "holder": holder_of("ghost")}
    chief.post("/accounts/new/", given)
    for ghost in Account.objects.filter(username="ghost"):
        chief.post(f"/accounts/{ghost.id}/grants/", AREA)
    assert not Grant.objects.filter(account__username="ghost").exists()
    service = {
        "name": "影子系统", "department": "medical_insurance", "area": "990101", "purpose": "none",
        "scopes": "products.dibao_today", "to_on": "2999-01-01",
    }  # fmt: skip
    chief.post("/accounts/services/new/", service)
    for made in ServiceAccount.objects.all():
        chief.post(f"/accounts/services/{made.id}/secret/")
    assert not ServiceSecret.objects.exists()


def test_an_account_of_nobody_known_gets_no_grant(make: Make) -> None:
    """One person, one account: a second account of an administrator would be one without a holder."""
    nobody = Account.objects.create(username="nobody")
    chief = _signed_in(make("chief", "security_administrator", area="990101"))
    text = chief.post(f"/accounts/{nobody.id}/grants/", AREA).content.decode()
    assert "先由系统管理员登记持有人" in text
    with pytest.raises(IntegrityError, match="accounts_holder_unknown"), transaction.atomic():
        Grant.objects.create(account=nobody, role="handler", area_code="990101003", from_on=date(2026, 1, 1))
    keeper = _signed_in(make("keeper", "system_administrator", area="990101"))
    keeper.post(f"/accounts/{nobody.id}/holder/", {"holder": holder_of("keeper")})
    nobody.refresh_from_db()
    assert nobody.holder_key is None, "the administrator has an account already"


def test_emergency_looks_at_once_are_counted_one_after_the_other(own_database: str) -> None:
    """The limit of looks nobody has reviewed holds however many are asked for at the same moment."""
    rows = [("99", "某省"), ("9901", "某市"), ("990101", "某县"), ("990101003", "某镇"), ("990101004", "另镇")]
    load_area_rows(actor=Actor.system(), at=now(), rows=rows, from_on=date(2020, 1, 1))
    account = Account.objects.create(username="zhou", holder_key=uuid4())
    grant = Grant.objects.create(account=account, role="registrar", area_code="990101003", from_on=date(2026, 1, 1))
    actor = Actor(str(grant.account_id), "zhou", "registrar", "990101003", "", "", str(grant.id))
    asked = POLICY.emergency.most_unreviewed + 3
    together = Barrier(asked)

    def ask() -> None:
        together.wait()
        try:
            begin_emergency(
                actor=actor, at=now(), area="990101004", fields=[], reason="洪水转移安置，当地停电没有人能查"
            )
        except Exception as error:  # told below by the count
            refused.append(error)
        finally:
            connections.close_all()

    refused: list[Exception] = []
    _all_at_once([ask] * asked)
    assert EmergencyLook.objects.count() == POLICY.emergency.most_unreviewed
    assert {getattr(error, "code", str(error)) for error in refused} == {"accounts.emergency_too_many"}


def _all_at_once(acts: list[Callable[[], None]]) -> None:
    threads = [Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def _signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client
