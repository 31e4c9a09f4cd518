"""Each of the three administrators has a console of their own, and sees no family, no key and nobody else's part."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from doudi.accounts.logic.roles import ADMINISTRATORS, POLICY
from doudi.accounts.models import Grant
from doudi.core.clock import now, today
from doudi.core.vault import vault
from doudi.exchange.adapters.signing import NAME, fingerprint, make_key
from doudi.exchange.panels import signing_key
from tests.cases.signing_in import signed_in

pytestmark = pytest.mark.django_db
PAGES = {role: f"/console/{role.removesuffix('_administrator')}/" for role in ADMINISTRATORS}


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_the_first_page_is_the_console_and_the_others_are_closed(role: str) -> None:
    client, _actor = signed_in(role, "990101")
    assert client.get("/")["Location"] == PAGES[role]
    assert {page: client.get(page).status_code for page in PAGES.values()} == {
        page: 200 if owner == role else 403 for owner, page in PAGES.items()
    }
    for closed in ("/search/", "/deliveries/", "/cases/"):
        assert client.get(closed).status_code in (403, 404)


def test_what_the_system_administrator_sees() -> None:
    client, _actor = signed_in("system_administrator", "990101")
    text = client.get(PAGES["system_administrator"]).content.decode()
    for words in (
        "PostgreSQL",
        "后台进程",
        "没有动静",
        "field-1",
        "字段加密",
        "痕迹里的摘要",
        "盲索引",
        "写入用",
        "约定的数据来源",
    ):
        assert words in text
    kept = vault()
    for secret in (
        *kept.fields.values(),
        *kept.blinds.values(),
        kept.person,
        kept.audit_salt,
        *kept.fingerprints().values(),
    ):
        assert secret.hex() not in text


def test_what_the_security_administrator_sees() -> None:
    client, _actor = signed_in("security_administrator", "990101")
    text = client.get(PAGES["security_administrator"]).content.decode()
    for words in ("在用的账号", "没有第二种验证", "正在登录", "锁定的地址", "其他系统"):
        assert words in text
    assert _of_reviews(text) == '<span class="tag ok">0</span>'
    for days, state in ((POLICY.grant_review.days - 1, "soon"), (POLICY.grant_review.days, "late")):
        Grant.objects.update(reviewed_on=today() - timedelta(days=days))
        assert _of_reviews(client.get(PAGES["security_administrator"]).content.decode()) == (
            f'<span class="tag {state}">1</span>'
        )


def _of_reviews(text: str) -> str:
    """What stands behind the line that leads to the reviews of grants."""
    found = re.search(r'<dt><a href="/accounts/reviews/">等复核的授权</a></dt><dd class="num">(.*?)</dd>', text)
    assert found
    return found[1]


def test_what_the_audit_administrator_sees() -> None:
    client, _actor = signed_in("audit_administrator", "990101")
    text = client.get(PAGES["audit_administrator"]).content.decode()
    for words in ("24 小时内的痕迹", "阅览室", "检查点与锚定", "最近一个检查点", "系统之外的保存处"):
        assert words in text


def test_nobody_else_has_one() -> None:
    client, _actor = signed_in("county_leader", "990101")
    assert [client.get(page).status_code for page in PAGES.values()] == [403] * 3


def test_the_key_that_signs_answers_is_listed_by_its_fingerprint_and_age(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    assert [line.state for line in signing_key(now())] == ["late"], "it is missed"
    make_key(tmp_path / "keys")
    private, own = (tmp_path / "keys" / NAME).read_text(), fingerprint(tmp_path / "keys")
    assert own is not None and [line.state for line in signing_key(now())] == ["late"], "nobody knows it"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE site_key (name text, fingerprint bytea, added_at timestamptz) ON COMMIT DROP")
        known = [NAME, own, now() - timedelta(days=12, hours=1)]
        cursor.execute("INSERT INTO site_key (name, fingerprint, added_at) VALUES (%s, %s, %s)", known)
    client, _actor = signed_in("system_administrator", "990101")
    text = client.get(PAGES["system_administrator"]).content.decode()
    assert NAME in text and own.hex(" ", 2) in text and "已用 12 天" in text
    assert private.strip() not in text
