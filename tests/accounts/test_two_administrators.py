"""What no administrator does alone: act as somebody else, or as somebody who is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connections, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from doudi.accounts.actions import begin_emergency, give_enrolment_code
from doudi.accounts.logic.roles import POLICY
from doudi.accounts.models import Account, EmergencyLook, Grant, ServiceAccount, ServiceSecret
from doudi.areas.actions import load_area_rows
from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Forbidden, Refused
from tests.accounts.conftest import PASSWORD, Make, holder_of
from tests.accounts.signing_in import APP, CODE, ENROL, OPEN, PASSKEY, enrol_app, give_password

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
@pytest.mark.parametrize("holder", ["victim", "second_chief"])
def test_who_has_no_second_factor_yet_is_nobody_elses_either(
    make: Make, settings: Settings, role: str, holder: str
) -> None:
    """A first password alone, and an enrolment code alone, lead nowhere: they come from two persons."""
    settings.SECOND_FACTOR = "required"
    victim = make(holder, "handler" if holder == "victim" else "security_administrator")
    make("chief", role, area="990101")
    give_password(chief := Client(), "chief")
    enrol_app(chief)
    page = f"/accounts/{victim.id}/"
    chief.post(f"{page}password/", {"password": FRESH})
    shown = chief.post(f"{page}enrolment-code/")
    victim.refresh_from_db()
    knows = victim.check_password(FRESH)
    told = shown.status_code == 200 and re.search(r"([a-z2-7]{4}-){3}[a-z2-7]{4}", shown.content.decode())
    assert (knows, bool(told)) == (role == "system_administrator", role == "security_administrator")
    thief = Client()
    assert give_password(thief, holder, FRESH if knows else PASSWORD) == "/"
    for address in (APP, PASSKEY):
        assert thief.get(address)["Location"] == ENROL
        assert thief.post(address, {"code": "000000", "credential": "{}"})["Location"] == ENROL
    for guess in ("", "aaaa-aaaa-aaaa-aaaa"):
        assert thief.post(OPEN, {"code": guess}).status_code == 400
    assert thief.get("/")["Location"] == ENROL and not Authenticator.objects.filter(user=victim).exists()


def test_an_enrolment_code_is_good_once_for_one_account_and_a_week(make: Make, settings: Settings) -> None:
    settings.SECOND_FACTOR = "required"
    chief, keeper = Actor("chief", "chief", "security_administrator", "99"), "system_administrator"
    zhou, li = make("zhou", "handler"), make("li", "handler")
    with pytest.raises(Forbidden):
        give_enrolment_code(actor=Actor("k", "k", keeper, "99"), at=now(), account=zhou, random=b"0" * 10)
    first = give_enrolment_code(actor=chief, at=now(), account=zhou, random=b"1" * 10)
    second = give_enrolment_code(actor=chief, at=now(), account=zhou, random=b"2" * 10)
    late = give_enrolment_code(actor=chief, at=now() - timedelta(days=7), account=li, random=b"3" * 10)
    give_password(client := Client(), "zhou")
    give_password(other := Client(), "li")
    assert [client.post(OPEN, {"code": code}).status_code for code in (first, second, second)] == [400, 302, 400]
    assert [other.post(OPEN, {"code": code}).status_code for code in (second, late)] == [400, 400]
    enrol_app(client)
    with pytest.raises(Refused):
        give_enrolment_code(actor=chief, at=now(), account=zhou, random=b"4" * 10)
    assert Entry.objects.filter(verb="accounts.use_enrolment_code").count() == 1


@pytest.mark.parametrize(
    ("role", "said", "not_said"),
    [
        ("security_administrator", ["您是安全管理员", "服务器给的一串"], ["当面给的一串"]),
        ("audit_administrator", ["安全管理员不在时", "当面给的一串"], ["您是安全管理员"]),
        ("handler", ["当面给的一串"], ["let-in"]),
    ],
)
def test_an_administrator_without_a_code_is_told_of_the_command(
    make: Make, settings: Settings, role: str, said: list[str], not_said: list[str]
) -> None:
    """The security administrator cannot be given a code in person by the security administrator."""
    settings.SECOND_FACTOR = "required"
    make("somebody", role, area="990101")
    give_password(client := Client(), "somebody")
    for page in (client.get(ENROL), client.post(OPEN, {"code": "nonsense"})):
        text = page.content.decode()
        assert [word for word in said if word not in text] == [] and not [word for word in not_said if word in text]
        assert ("doudi let-in somebody" in text) == (role != "handler")


def test_own_password_is_not_set_without_the_present_one(make: Make) -> None:
    keeper = make("keeper", "system_administrator", area="990101")
    client = _signed_in(keeper)
    assert client.post(f"/accounts/{keeper.id}/password/", {"password": FRESH}).status_code == 403
    keeper.refresh_from_db()
    assert keeper.check_password(PASSWORD)


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
