"""Accounts of other systems on pages: made, given a secret that is shown once, changed while serving, withdrawn."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from doudi.accounts.access import actor_of_token, scopes_of_token
from doudi.accounts.logic.scopes import is_scope
from doudi.accounts.models import ServiceAccount, ServiceSecret, ServiceToken
from doudi.audit.models import Entry, EntrySubject
from doudi.core.clock import now
from doudi.core.errors import Forbidden
from tests.accounts.conftest import Make

NEW = {
    "name": "医保局结算系统", "department": "medical_insurance", "area": "990101", "purpose": "医疗救助一站式结算",
    "scopes": ["products.dibao_today", "products.low_income_recognitions"], "to_on": "2999-01-01",
}  # fmt: skip


@pytest.fixture
def chief(client: Client, make: Make) -> Client:
    client.force_login(make("chief", "security_administrator", area="990101"))
    return client


@pytest.fixture
def keeper(make: Make) -> Client:
    client = Client()
    client.force_login(make("keeper", "system_administrator", area="990101"))
    return client


def token_of(service: ServiceAccount, secret: str, scope: str = "") -> dict[str, str]:
    given = {"grant_type": "client_credentials", "client_id": str(service.id), "client_secret": secret, "scope": scope}
    told: dict[str, str] = Client().post("/accounts/token/", given).json()
    return told


def secret_of(keeper: Client, page: str) -> str:
    shown = re.search(r"dds_[\w-]{43}", keeper.post(f"{page}secret/").content.decode())
    return shown[0] if shown else ""


def test_a_secret_is_made_once_each_time_it_is_asked_for(chief: Client, keeper: Client) -> None:
    """Neither alone: one asks, the other makes; a secret that nobody asked for cannot be made."""
    page = chief.post("/accounts/services/new/", NEW)["Location"]
    assert "等做的系统密钥" in keeper.get("/console/system/").content.decode()
    assert secret_of(keeper, page) and not secret_of(keeper, page)
    assert "没有请做密钥" in keeper.post(f"{page}secret/").content.decode()
    assert chief.post(f"{page}ask/").status_code == 302 and chief.post(f"{page}ask/").status_code == 409
    assert not secret_of(chief, page) and keeper.post(f"{page}ask/").status_code == 403
    assert secret_of(keeper, page) and ServiceSecret.objects.count() == 2
    held = ServiceSecret.objects.latest("made_at")
    assert keeper.post(f"/accounts/services/secrets/{held.id}/withdraw/").status_code == 302, "leaked: at once"


def test_names_of_scopes() -> None:
    assert not [name for name in ("", "A", "a b", "a..b", "1a", "a" * 81, "a.b\n") if is_scope(name)]


def test_a_system_gets_its_secret_once_and_tokens_that_the_log_tells_apart(chief: Client, keeper: Client) -> None:
    page = chief.post("/accounts/services/new/", NEW)["Location"]
    service = ServiceAccount.objects.get()
    assert service.scopes == ["products.dibao_today", "products.low_income_recognitions"]
    shown = re.search(r"dds_[\w-]{43}", keeper.post(f"{page}secret/").content.decode())
    assert shown and shown[0] not in chief.get(page).content.decode()
    tokens = [token_of(service, shown[0])["access_token"] for _ in range(2)]
    actors = [actor_of_token(token, "products.low_income_recognitions") for token in tokens]
    assert len({actor.grant_id for actor in actors}) == 2 and {actor.account_id for actor in actors} == {
        str(service.id)
    }
    assert scopes_of_token(tokens[0]) == set(service.scopes)
    assert EntrySubject.objects.filter(kind="token", subject__in=[actor.grant_id for actor in actors]).count() == 2
    narrow = token_of(service, shown[0], "products.low_income_recognitions")
    assert narrow["scope"] == "products.low_income_recognitions" and narrow["token_type"] == "Bearer"
    with pytest.raises(Forbidden):
        actor_of_token(narrow["access_token"], "products.dibao_today")


def test_a_secret_is_changed_while_serving(chief: Client, keeper: Client) -> None:
    page = chief.post("/accounts/services/new/", NEW)["Location"]
    service = ServiceAccount.objects.get()
    shown = []
    for _one in range(2):
        shown.append(keeper.post(f"{page}secret/").content.decode())
        chief.post(f"{page}ask/")
    assert ["旧密钥照常能用" in text for text in shown] == [False, True], "the first has no older one beside it"
    old, new = (re.findall(r"dds_[\w-]{43}", text)[0] for text in shown)
    assert new and "最多有两个" in keeper.post(f"{page}secret/").content.decode()
    assert "access_token" in token_of(service, old) and "access_token" in token_of(service, new)
    held = ServiceSecret.objects.order_by("made_at").first()
    assert held is not None
    chief.post(f"/accounts/services/secrets/{held.id}/withdraw/")
    assert token_of(service, old) == {"error": "invalid_client"} and "access_token" in token_of(service, new)
    chief.post(f"/accounts/services/{service.id}/withdraw/", {"reason": "agreement ended"})
    assert token_of(service, new) == {"error": "invalid_client"}
    assert "已收回" in chief.get("/accounts/services/").content.decode()
    assert Entry.objects.get(verb="accounts.withdraw_service").reason == "agreement ended"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"scopes": ["products.nonsense"]}, "products.nonsense"),
        ({"scopes": []}, "请先改正"),
        ({"department": "no_such_department"}, "请先改正"),
        ({"department": "housing"}, "与这个部门没有约定"),
        ({"area": "9901x"}, "区划不对"),
        ({"to_on": ""}, "请先改正"),
    ],
)  # fmt: skip
def test_what_a_system_account_cannot_be(chief: Client, wrong: dict[str, object], words: str) -> None:
    assert words in chief.post("/accounts/services/new/", NEW | wrong).content.decode()
    assert not ServiceAccount.objects.exists()


def test_a_token_from_the_future_is_not_accepted(chief: Client, keeper: Client) -> None:
    """A clock set back gives a token no longer life."""
    page = chief.post("/accounts/services/new/", NEW)["Location"]
    shown = re.search(r"dds_[\w-]{43}", keeper.post(f"{page}secret/").content.decode())
    assert shown
    token = token_of(ServiceAccount.objects.get(), shown[0])["access_token"]
    ServiceToken.objects.update(made_at=now() + timedelta(minutes=5))
    with pytest.raises(Forbidden):
        actor_of_token(token, "products.low_income_recognitions")


def test_nobody_else_sees_them(client: Client, make: Make) -> None:
    client.force_login(make("zhou", "registrar"))
    for page in ("/accounts/services/", "/accounts/services/new/"):
        assert client.get(page).status_code == 403
