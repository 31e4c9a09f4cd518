"""The reading room: for its two roles only; looking in is itself an entry."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from doudi.audit.actions import record_act
from doudi.audit.models import Entry
from doudi.audit.queries import entries
from doudi.audit.queries.reasons import reason_said, words_of_reasons
from doudi.audit.queries.words import NAMED
from doudi.cases.models import Application
from doudi.core.actor import Actor
from tests.accounts.conftest import AT, Make, make
from tests.cases.conftest import County, county, entered, registrar

__all__ = ["County", "county", "entered", "make", "registrar"]


@pytest.mark.parametrize("role", ["auditor", "audit_administrator"])
def test_its_readers_see_the_log_and_leave_an_entry(client: Client, make: Make, role: str) -> None:
    client.force_login(make("shen", role))
    record_act(actor=Actor.system(), verb="test.act", subjects=[], at=AT, reason="为什么")
    text = client.get("/audit/").content.decode()
    assert "test.act" in text and "为什么" in text and "系统" in text
    assert Entry.objects.filter(verb="audit.read_log", outcome="seen").count() == 1
    assert "test.act" not in client.get("/audit/?verb=other.").content.decode()


@pytest.mark.parametrize("role", ["registrar", "county_leader", "system_administrator", "security_administrator"])
def test_nobody_else_gets_in(client: Client, make: Make, role: str) -> None:
    client.force_login(make("zhou", role))
    assert client.get("/audit/").status_code == 403


@pytest.mark.parametrize(
    "query", ["day=yesterday", "day=2026-13-40", "page=zero", "verb=%00", "account_id=" + "x" * 500]
)
def test_a_filter_that_makes_no_sense_is_no_failure(client: Client, make: Make, query: str) -> None:
    client.force_login(make("shen", "auditor"))
    assert client.get(f"/audit/?{query}").status_code == 200


def test_a_long_log_has_pages(client: Client, make: Make) -> None:
    client.force_login(make("shen", "auditor"))
    for number in range(60):
        record_act(actor=Actor.system(), verb=f"test.act{number}", subjects=[], at=AT)
    assert 'rel="next"' in client.get("/audit/?verb=test.").content.decode()
    assert 'rel="prev"' in client.get("/audit/?verb=test.&page=2").content.decode()


def test_what_was_done_is_asked_for_in_the_words_of_the_page(client: Client, make: Make) -> None:
    client.force_login(make("audit", "auditor"))
    client.get("/audit/")
    text = client.get("/audit/", {"verb": NAMED["audit.read_log"]}).content.decode()
    assert "audit.read_log" in text and "没有符合条件的痕迹" not in text
    assert "page.accounts.grant" not in text
    client.get("/accounts/grant/")
    assert "page.accounts.grant" in client.get("/audit/", {"verb": "打开了页面"}).content.decode()
    client.cookies["django_language"] = "en"
    for words in ("Read the log", "read the LOG"):
        assert "audit.read_log" in client.get("/audit/", {"verb": words}).content.decode()
    client.cookies["django_language"] = "zh-hans"
    assert "没有符合条件的痕迹" in client.get("/audit/", {"verb": "做了没有人做过的事"}).content.decode()


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("core.forbidden", "没有这项权限"), ("password+totp", "密码、验证码应用"), ("newer", "同类设备上有新的登录"),
        ("cases.facts_missing", "系统没有接受（cases.facts_missing）"), ("medical_assistance", "医疗救助"),
        ("verify_means 补材料", "家庭经济状况核对：补材料"), ("家属来电", "家属来电"), ("gongan_huji", "户籍人口"),
        ("agreement ended", "agreement ended"), ("", ""),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_codes_in_reasons_have_words_and_what_people_wrote_stays(reason: str, said: str) -> None:
    assert reason_said(reason, words_of_reasons()) == said


def test_an_application_is_asked_for_by_its_number(entered: Callable[..., Application]) -> None:
    made = entered()
    found = set(entries(subject=made.number).values_list("verb", flat=True))
    assert found == set(entries(subject=str(made.id)).values_list("verb", flat=True)) != set()
