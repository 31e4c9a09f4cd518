"""One demo account a role, two more in the city that sets standards; made once, passwords kept private."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings

from doudi.accounts.logic.roles import ROLES, TOWNSHIP
from doudi.accounts.models import Account, Grant
from doudi.core.vault import create_keys
from doudi.site import demo


@pytest.fixture
def laid_out(own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    create_keys(tmp_path / "keys")
    monkeypatch.setattr(demo, "_county", lambda _say: None)
    return tmp_path


def test_every_role_has_one_account_with_a_grant_where_it_works(laid_out: Path) -> None:
    lines = demo.lay_out(lambda _text: None)
    grants = {grant.role: grant for grant in Grant.objects.exclude(area_code="9901")}
    assert set(grants) == set(ROLES) and len(lines) == len(demo.ACCOUNTS)
    assert {grants[role].area_code for role in TOWNSHIP} == {"990101001"}
    assert {grants[role].area_code for role in set(ROLES) - set(TOWNSHIP)} == {"990101"}
    names = set(Account.objects.values_list("name", flat=True))
    assert len(names) == len(demo.ACCOUNTS) and all(not name.isascii() for name in names)


def test_standards_of_the_city_have_one_who_writes_and_another_who_approves(laid_out: Path) -> None:
    demo.lay_out(lambda _text: None)
    city = set(Grant.objects.filter(area_code="9901").values_list("role", "account__username"))
    assert city == {("county_officer", "city_officer"), ("county_leader", "city_leader")}


def test_the_printed_passwords_work_and_differ(laid_out: Path) -> None:
    lines = demo.lay_out(lambda _text: None)
    passwords = json.loads((laid_out / "demo.json").read_text())["passwords"]
    assert len(set(passwords.values())) == len(demo.ACCOUNTS)
    assert Account.objects.get(username="handler").check_password(passwords["handler"])
    assert any(passwords["handler"] in line and "陈立" in line for line in lines)
    assert (laid_out / "demo.json").stat().st_mode & 0o777 == 0o600


def test_a_second_time_makes_nothing_and_prints_the_same(laid_out: Path) -> None:
    first = demo.lay_out(lambda _text: None)
    assert demo.lay_out(lambda _text: None) == first
    assert Account.objects.count() == Grant.objects.count() == len(demo.ACCOUNTS)


def test_an_interrupted_lay_out_keeps_its_passwords(laid_out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = demo.give_grant
    monkeypatch.setattr(demo, "give_grant", lambda **_given: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        demo.lay_out(lambda _text: None)
    kept = json.loads((laid_out / "demo.json").read_text())
    assert not kept["done"] and not Account.objects.exists()
    monkeypatch.setattr(demo, "give_grant", real)
    demo.lay_out(lambda _text: None)
    assert Account.objects.get(username="auditor").check_password(kept["passwords"]["auditor"])
