"""Sessions on pages: what the frame asks, who is seen signed in, ending one, locked addresses, after idling."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from django.conf import settings
from django.test import Client

from doudi.accounts.actions import MOST_FROM_ADDRESS
from doudi.accounts.logic.sessions import SessionRules, device_kind
from doudi.accounts.models import AccountSession, AddressFailures, Grant
from doudi.audit.models import Entry
from doudi.core.clock import now
from tests.accounts.conftest import AT, PASSWORD, Make
from tests.accounts.signing_in import LOGIN, give_password

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Mobile/15E148 Safari/604.1"


def test_what_is_left_is_the_shorter_of_idling_and_the_day() -> None:
    rules = SessionRules()
    assert rules.left(AT, AT, AT) == timedelta(minutes=15)
    assert rules.left(AT, AT - timedelta(hours=11, minutes=55), AT) == timedelta(minutes=5)
    assert rules.left(AT - timedelta(hours=1), AT, AT) == timedelta()
    assert [rules.ended(AT, AT, AT + timedelta(minutes=m)) for m in (14, 15)] == ["", "idle"]
    assert [rules.ended(AT, AT, AT - timedelta(seconds=s)) for s in (30, 61)] == ["", "clock"]
    assert device_kind(PHONE) == "phone" and device_kind("Mozilla/5.0 (X11; Linux x86_64)") == "window"


def test_the_frame_knows_when_it_warns_and_whose_page_it_is(client: Client, make: Make) -> None:
    account = make("zhou", "registrar")
    give_password(client, "zhou")
    text = client.get("/").content.decode()
    assert 'data-seconds="900"' in text and 'data-warning="150"' in text and str(account.id) in text
    told = client.get("/accounts/session/").json()
    assert 890 <= told["left"] <= 900 and told["who"] == str(account.id) and told["token"]
    assert Client().get("/accounts/session/").json() == {"left": 0, "who": "", "why": ""}


def test_staying_is_a_request_with_the_pages_token(make: Make) -> None:
    make("zhou", "registrar")
    client = Client(enforce_csrf_checks=True)
    client.get(LOGIN)
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    client.post(LOGIN, {"login": "zhou", "password": PASSWORD, "csrfmiddlewaretoken": token})
    AccountSession.objects.update(seen_at=now() - timedelta(minutes=13))
    assert client.post("/accounts/session/").status_code == 403
    fresh = client.get("/accounts/session/").json()
    assert fresh["left"] <= 120
    told = client.post("/accounts/session/", headers={"x-csrftoken": fresh["token"]}).json()
    assert told["left"] >= 890


def test_after_idling_the_same_grant_goes_on_and_elsewhere_it_is_chosen(client: Client, make: Make) -> None:
    account = make("zhou", "registrar", "auditor")
    give_password(client, "zhou")
    wanted = Grant.objects.get(account=account, role="auditor")
    client.post("/accounts/grant/", {"grant": str(wanted.id)})
    AccountSession.objects.update(seen_at=now() - timedelta(minutes=16))
    answer = client.get("/audit/")
    assert answer["Location"].startswith(LOGIN) and "ended=idle" in answer["Location"]
    assert "太久没有操作" in client.get(answer["Location"]).content.decode()
    assert give_password(client, "zhou") == "/" and client.get("/audit/").status_code == 200
    assert client.get("/accounts/back/").status_code == 200
    client.post("/accounts/logout/")
    give_password(client, "zhou")
    assert client.get("/")["Location"] == "/accounts/grant/", "who left by themselves chooses again"


def test_a_clock_set_back_ends_the_session(client: Client, make: Make) -> None:
    make("zhou", "registrar")
    give_password(client, "zhou")
    AccountSession.objects.update(seen_at=now() + timedelta(minutes=10))
    answer = client.get("/")
    assert "ended=clock" in answer["Location"] and "调回去了" in client.get(answer["Location"]).content.decode()
    assert AccountSession.objects.get().ended_why == "clock"


def test_a_made_up_reason_is_not_shown(client: Client, db: None) -> None:
    text = client.get(f"{LOGIN}?ended=call+0571-12345").content.decode()
    assert text.count('role="status"') == 1, "the banner of a demo"
    assert client.get(f"{LOGIN}?ended=idle").content.decode().count('role="status"') == 2


def test_the_security_administrator_sees_and_ends_sessions(client: Client, make: Make) -> None:
    make("chief", "security_administrator", area="990101")
    make("zhou", "registrar")
    give_password(client, "chief")
    give_password(other := Client(HTTP_USER_AGENT=PHONE), "zhou", REMOTE_ADDR="10.1.2.3")
    text = client.get("/accounts/sessions/").content.decode()
    assert "周zhou" in text and "10.1.2.3" in text and "手机" in text
    held = AccountSession.objects.get(account__username="zhou")
    client.post(f"/accounts/sessions/{held.id}/end/")
    assert "安全管理员结束了" in other.get("/", follow=True).content.decode()
    assert client.post(f"/accounts/sessions/{held.id}/end/").status_code == 409, "once"
    assert other.get("/accounts/sessions/").status_code == 302


def test_an_address_is_locked_and_let_go(client: Client, make: Make) -> None:
    make("chief", "security_administrator", area="990101")
    make("zhou", "registrar")
    for n in range(MOST_FROM_ADDRESS):
        give_password(Client(), f"nobody{n}", REMOTE_ADDR="10.1.2.9")
    assert "登录得太频繁" in (text := give_password(Client(), "zhou", REMOTE_ADDR="10.1.2.9")) or "锁定" in text
    entries, failures = Entry.objects.count(), list(AddressFailures.objects.values())
    with mock.patch("doudi.accounts.adapter.make_password") as hashed:
        for n in range(6):
            give_password(Client(), f"nobody{n}", REMOTE_ADDR="10.1.2.9")
    assert not hashed.called and Entry.objects.count() - entries <= 2, "a flood costs neither hashes nor writes"
    assert list(AddressFailures.objects.values()) == failures
    give_password(client, "chief")
    assert "10.1.2.9" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/addresses/", {"address": "10.1.2.9"})
    assert give_password(Client(), "zhou", REMOTE_ADDR="10.1.2.9") == "/"
    assert not AddressFailures.objects.filter(locked_until__gt=now()).exists()
