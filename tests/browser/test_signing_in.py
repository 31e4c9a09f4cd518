"""Signing in with a browser: a passkey, the picture for a code app, and a form that survives the idle end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from doudi.accounts import sessions
from doudi.accounts.actions import give_enrolment_code
from doudi.accounts.logic.totp import code_of, step_of
from doudi.accounts.models import Account, AccountSession
from doudi.core.actor import Actor
from doudi.core.clock import now
from tests.accounts.signing_in import secret_shown
from tests.browser.chromium import Visitor
from tests.browser.county import PASSWORD, County

pytestmark = pytest.mark.browser


def test_a_code_app_then_a_passkey_then_in_by_the_passkey(
    visit: Callable[..., Visitor], county: County, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "required"
    visitor = visit("registrar")
    page = visitor.page
    assert page.url.endswith("/accounts/second-factor/") and not visitor.faults()
    account = Account.objects.get(username="registrar")
    page.fill("[name=code]", give_enrolment_code(actor=Actor.system(), at=now(), account=account, random=b"0123456789"))
    page.click("main form button[type=submit]")
    page.click("a[href$='/app/']")
    assert not visitor.faults()
    page.fill("[name=code]", code_of(secret_shown(page.content()), step_of(now())))
    page.click("main form button[type=submit]")
    page.wait_for_url("**/codes/")
    assert not visitor.faults()
    page.click("main button[name=kept]")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"hasResidentKey": True}})
    page.goto(f"{visitor.site}/accounts/second-factor/passkey/")
    assert not visitor.faults()
    page.fill("[name=name]", "窗口电脑")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/second-factor/")
    assert "窗口电脑" in page.content() and not visitor.faults()
    page.click(".menu .own button")
    visitor.log_in("registrar", PASSWORD)
    assert page.url.endswith("/login/second-factor/") and not visitor.faults()
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{visitor.site}/")
    assert "我的工作" in page.content()


def test_what_was_typed_is_still_there_after_the_idle_end(
    visit: Callable[..., Visitor], county: County, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SESSION_IDLE = timedelta(seconds=12)
    monkeypatch.setattr(sessions, "NOTED_EVERY", timedelta())
    visitor = visit("registrar")
    page = visitor.page
    page.goto(f"{visitor.site}/search/")
    page.fill("#id_q", "陈")
    page.wait_for_selector("#idle-warning[open]", timeout=14_000)
    assert not visitor.faults()
    page.click("[data-stay]")
    page.wait_for_selector("#idle-warning:not([open])", state="attached")
    assert AccountSession.objects.filter(ended_at=None).count() == 1
    page.wait_for_selector("#idle-cover[open]", timeout=20_000)
    assert not visitor.faults()
    page.click("[data-again]")
    page.wait_for_timeout(500)
    assert page.is_visible("#idle-cover"), "nobody has signed in yet"
    settings.SESSION_IDLE = timedelta(minutes=15)
    with page.context.expect_page() as opened:
        page.click("#idle-cover a")
    tab = opened.value
    tab.fill("[name=login]", "registrar")
    tab.fill("[name=password]", PASSWORD)
    tab.click("main button[type=submit]")
    tab.wait_for_url("**/accounts/back/")
    tab.close()
    page.click("[data-again]")
    page.wait_for_selector("#idle-cover:not([open])", state="attached")
    assert page.input_value("#id_q") == "陈"
    page.click("main form.ask button")
    page.wait_for_url("**/search/?t=*")
    assert "陈桂兰" in page.content()


def test_a_page_of_one_account_does_not_go_on_as_another(
    visit: Callable[..., Visitor], county: County, settings: Settings
) -> None:
    visitor = visit("registrar")
    page = visitor.page
    page.goto(f"{visitor.site}/search/")
    page.evaluate("fetch('/accounts/session/')")
    other = page.context.new_page()
    other.goto(f"{visitor.site}/accounts/logout/")
    other.click("main form button")
    other.goto(f"{visitor.site}/accounts/login/")
    other.fill("[name=login]", "handler")
    other.fill("[name=password]", PASSWORD)
    other.click("main button[type=submit]")
    other.wait_for_url(f"{visitor.site}/")
    page.bring_to_front()
    page.evaluate("document.getElementById('idle-warning').showModal()")
    page.click("[data-stay]")
    page.wait_for_selector("#idle-cover[open]")
    page.wait_for_selector("#idle-cover [data-other]:not([hidden])")
