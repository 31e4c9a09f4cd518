"""The administrators' pages: list, a new account, a fresh password; one more grant, withdrawing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.fixtures import Settings

from doudi.accounts import account_pages
from doudi.accounts.actions import create_account
from doudi.accounts.models import Account, Grant
from doudi.audit.models import Entry
from doudi.core.clock import now
from doudi.core.errors import Refused
from doudi.core.models import Submission
from doudi.core.once import FIELD, shown_at
from tests.accounts.conftest import PASSWORD, Make, holder_of

NEW = {"username": "li", "name": "李新", "password": PASSWORD, "holder": holder_of("li")}


@pytest.fixture
def chief(client: Client, make: Make) -> Account:
    account = make("chief", "security_administrator", area="990101")
    client.force_login(account)
    return account


@pytest.fixture
def keeper(client: Client, make: Make) -> Account:
    account = make("keeper", "system_administrator", area="990101")
    client.force_login(account)
    return account


def test_a_new_account_may_nothing_until_it_is_granted(client: Client, keeper: Account, make: Make) -> None:
    account_page = client.post("/accounts/new/", NEW)["Location"]
    text = client.get(account_page).content.decode()
    assert "李新" in text and "还没有授权" in text and "加一项授权" not in text
    made = Account.objects.get(username="li")
    assert made.must_change_password and made.check_password(PASSWORD) and made.holder_key
    assert not Grant.objects.filter(account=made).exists()
    assert "李新" in client.get("/accounts/list/").content.decode()
    client.force_login(make("chief", "security_administrator"))
    assert "建好了还没有授权" in client.get("/console/security/").content.decode()
    client.post(f"{account_page}grants/", {"role": "handler", "area": "990101003"})
    assert "经办人" in client.get(account_page).content.decode()
    assert {"accounts.create_account", "accounts.give_grant"} <= set(Entry.objects.values_list("verb", flat=True))


def test_the_rule_of_a_first_password_is_said_beforehand(
    client: Client, keeper: Account, make: Make, settings: Settings
) -> None:
    Account.objects.update(password_set_at=now())
    settings.PASSWORD_PROFILE = "dengbao"
    rule = "至少 12 个字符，小写字母、大写字母、数字、符号里至少用三种。"
    new, other = (client.get(f"/accounts/{page}/").content.decode() for page in ("new", make("zhou").id))
    assert rule in new and rule in other
    assert "novalidate" in new and "minlength" not in new + other, "the browser has no words of its own for it"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"username": "keeper"}, "已有人用"),
        ({"password": "alllowercaseletters"}, "至少用三种"),
        ({"password": "Kurz-1"}, "密码至少 12 个字符"),
        ({"holder": "990101"}, "身份证号不对"),
        ({"holder": ""}, "请先改正这几处"),
        ({"holder": holder_of("keeper")}, "已经有账号"),
        ({"name": ""}, "请先改正这几处"),
    ],
)
def test_nothing_is_half_made(client: Client, keeper: Account, wrong: dict[str, str], words: str) -> None:
    answer = client.post("/accounts/new/", NEW | wrong)
    assert answer.status_code == 200 and words in answer.content.decode()
    assert Account.objects.count() == 1 and Grant.objects.count() == 1


def test_what_was_rolled_back_is_no_effect_and_no_entry(
    client: Client, keeper: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account is made, then something is refused, and all is undone: the same may be sent again, and the answer
    has an entry of its own.
    """

    def made_and_refused(**given: Any) -> None:
        with transaction.atomic():
            create_account(**given)
            raise Refused("accounts.holder_number", "区划不对")

    monkeypatch.setattr(account_pages, "create_account", made_and_refused)
    wrong = NEW | {FIELD: shown_at()}
    for _again in range(2):
        before = Entry.objects.count()
        answer = client.post("/accounts/new/", wrong)
        assert "区划不对" in answer.content.decode()
        assert [one.verb for one in Entry.objects.order_by("at")[before:]] == ["page.accounts.new"]
    assert not Submission.objects.exists()


def test_grants_are_given_and_withdrawn_with_a_reason(client: Client, chief: Account, make: Make) -> None:
    account = make("li", "registrar")
    page = f"/accounts/{account.id}/"
    client.post(f"{page}grants/", {"role": "handler", "area": "990101003", "to_on": "2999-01-01"})
    grant = Grant.objects.get(role="handler")
    client.post(f"/accounts/grants/{grant.id}/withdraw/", {"reason": "调走"})
    grant.refresh_from_db()
    assert grant.withdrawn_at and Entry.objects.get(verb="accounts.withdraw_grant").reason == "调走"
    assert "收回" in client.get(page).content.decode()


def test_nobody_changes_their_own_grants(client: Client, chief: Account) -> None:
    own = Grant.objects.get()
    assert client.post(f"/accounts/grants/{own.id}/withdraw/", {"reason": "x"}).status_code == 403
    answer = client.post(f"/accounts/{chief.id}/grants/", {"role": "auditor", "area": "99"})
    assert answer.status_code == 403 or Grant.objects.count() == 1
    assert Grant.objects.get().withdrawn_at is None
    refused = Entry.objects.filter(outcome="refused").values_list("verb", flat=True)
    assert set(refused) == {"accounts.withdraw", "accounts.give"}, "said beside the form, and on record all the same"


def test_a_fresh_password_leaves_the_lock_and_must_be_changed(client: Client, keeper: Account, make: Make) -> None:
    account = make("li", "registrar")
    Account.objects.filter(id=account.id).update(failures=3)
    client.post(f"/accounts/{account.id}/password/", {"password": "Ganz-neu-gesetzt-9"})
    account.refresh_from_db()
    assert account.must_change_password and account.failures == 3 and account.check_password("Ganz-neu-gesetzt-9")
    answer = client.post(f"/accounts/{account.id}/password/", {"password": "short"}, follow=True)
    assert "12" in answer.content.decode()


def test_what_does_not_exist_is_a_page_that_says_so(client: Client, chief: Account) -> None:
    assert client.get(f"/accounts/{uuid4()}/").status_code == 404
    assert client.post(f"/accounts/grants/{uuid4()}/withdraw/", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("role", ["registrar", "auditor", "audit_administrator", "county_leader"])
def test_nobody_else_gets_in(client: Client, make: Make, role: str) -> None:
    account = make("zhou", role)
    client.force_login(account)
    grant = Grant.objects.get(account=account)
    assert client.get("/accounts/list/").status_code == 403
    assert client.get(f"/accounts/{account.id}/").status_code == 403
    assert client.post("/accounts/new/", NEW).status_code == 403
    assert client.post(f"/accounts/grants/{grant.id}/withdraw/", {"reason": "x"}).status_code == 403


def test_the_table_of_roles_is_open_to_everybody_who_is_logged_in(client: Client, make: Make) -> None:
    client.force_login(make("zhou", "registrar"))
    text = client.get("/accounts/roles/").content.decode()
    assert "核对员" in text and "银行和金融" in text and "只看是否超过" in text
