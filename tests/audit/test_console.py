"""What the audit administrator's console says of anchoring: as it is, behind, overdue, and with nobody outside."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from doudi.audit.actions.checkpoints import hand_out
from doudi.audit.adapters.holders import VARIABLE, FolderHolder
from doudi.audit.console import _ago, anchor_box
from doudi.audit.queries import anchoring as anchorings
from doudi.core.actor import Actor
from doudi.core.clock import now
from tests.audit.keeping import AT, kept, signer, written
from tests.cases.signing_in import signed_in

ADMINISTRATOR = Actor("account-9", "何静", "audit_administrator", "990101", "", "", "grant-9")


def lines() -> dict[str, tuple[str, str]]:
    [box] = anchor_box(ADMINISTRATOR, now())
    assert len({str(line.label) for line in box.lines}) == len(box.lines)
    return {str(line.label): (str(line.value), line.state) for line in box.lines} | {"note": (str(box.note), "")}


def test_nobody_else_gets_the_box() -> None:
    for role in ("system_administrator", "security_administrator", "auditor", "handler"):
        assert list(anchor_box(Actor("a", "甲", role, "990101", "", "", "g"), AT)) == []


def test_the_state_is_told_as_it_is(as_keeper: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = lines()
    assert fresh["最近一个检查点"] == ("还没有签名的检查点", "soon") and fresh["锚定"] == ("全部已锚定", "ok")
    assert fresh["系统之外的保存处"] == ("没有", "soon") and "改了也看不出来" in fresh["note"][0]

    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    monkeypatch.setenv(VARIABLE, f"{one}:{two}")
    kept(5, holders=(FolderHolder(one),))
    there = lines()
    assert there["锚定"][1] == "ok" and there["检查点包括"][0] == "5 / 5 条" and there["note"][0] == ""
    assert there["最近一个检查点"][0].startswith(f"{AT.astimezone():%Y-%m-%d}") and there["离现在"][0].endswith(" 天前")
    assert there["系统之外的保存处 1"][0].endswith(" 天前") and there["系统之外的保存处 1"][1] == "ok"
    assert there["系统之外的保存处 2"] == ("还没有收到", "late")
    assert str(tmp_path) not in str(there)

    kept(2, first=5, minutes=2)
    written(1, first=7)
    behind = lines()
    assert behind["系统之外的保存处 1"] == ("5 / 7 条", "soon") and behind["检查点包括"][0] == "7 / 7 条"
    assert behind["锚定"] == ("按时", "ok") and behind["最早一条没有锚定的"][1] == ""

    monkeypatch.setattr(anchorings, "LIMIT", timedelta(seconds=-1))
    assert lines()["锚定"] == ("超时", "late") and "批准和发放暂停" in lines()["note"][0]
    assert lines()["最早一条没有锚定的"] == ("不到一分钟前", "late")
    two.mkdir()
    assert hand_out(at=now(), holders=[FolderHolder(one), FolderHolder(two)], signer=signer()) == []
    assert [lines()[f"系统之外的保存处 {n}"][1] for n in (1, 2)] == ["ok", "ok"]


def test_the_audit_administrator_sees_on_every_page_that_the_log_vouches_for_itself(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    told = "痕迹只为自己作证"
    client, _actor = signed_in("audit_administrator", "990101")
    assert told in client.get(reverse("audit:log")).content.decode()
    assert told in client.get(reverse("desk:console_audit")).content.decode()
    other, _actor = signed_in("auditor", "990101")
    assert told not in other.get(reverse("audit:log")).content.decode()
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert told not in client.get(reverse("audit:log")).content.decode()


def test_how_long_ago_in_both_languages() -> None:
    spans = [timedelta(minutes=-9), timedelta(seconds=59), timedelta(minutes=1), timedelta(minutes=119),
             timedelta(hours=2), timedelta(hours=47), timedelta(days=2)]  # fmt: skip
    assert [_ago(AT - span, AT) for span in spans] == [
        "不到一分钟前", "不到一分钟前", "1 分钟前", "119 分钟前", "2 小时前", "47 小时前", "2 天前",
    ]  # fmt: skip
    with translation.override("en"):
        assert [_ago(AT - span, AT) for span in spans[1:]] == [
            "less than a minute ago", "1 minute ago", "119 minutes ago", "2 hours ago", "47 hours ago", "2 days ago",
        ]  # fmt: skip
