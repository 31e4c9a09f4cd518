"""A new shipped policy changes nothing in force: places' rules are checked on it and wait for a person."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.rulebook import actions, queries
from doudi.rulebook.logic.upgrade import upgraded
from doudi.rulebook.models import Draft, Published
from tests.rulebook.drafting import AT, COUNTY, DAY, LEADER, OFFICER, ROOT, in_force, seen, submitted

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def laid_out(root: Path) -> list[Draft]:
    return actions.lay_out_upgrades(actor=Actor.system(), at=AT, today=TODAY, root=root, title="升级")


def newer(tmp_path: Path, name: str, old: str, new: str) -> Path:
    root = tmp_path / f"policy-{len(list(tmp_path.iterdir()))}"
    shutil.copytree(ROOT, root)
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), encoding="utf-8")
    return root


SHARED = "programmes/shared/parameters.yaml"


def test_the_same_policy_asks_for_nothing() -> None:
    in_force()
    assert laid_out(ROOT) == []


def test_what_checks_waits_for_approval_once_and_keeps_what_was_edited_here(tmp_path: Path) -> None:
    in_force()
    own = submitted()
    actions.approve_draft(actor=LEADER, at=AT, draft=own.id, seen=seen(own))
    before = queries.current(COUNTY, TODAY).hash
    root = newer(tmp_path, SHARED, "低保标准", "最低生活保障标准")
    (draft,) = laid_out(root)
    assert (draft.state, draft.problems, draft.effective_on) == ("submitted", [], DAY)
    assert "2027-01-01" in draft.files["parameters.yaml"]
    assert laid_out(root) == [] and queries.current(COUNTY, TODAY).hash == before
    actions.record_impact(actor=Actor.system(), draft_id=str(draft.id), impact={"changed": 0}, at=AT)
    actions.approve_draft(actor=LEADER, at=AT + timedelta(hours=1), draft=draft.id, seen=seen(draft))
    assert queries.current(COUNTY, DAY).parameters["dibao_line"].label["zh"] == "最低生活保障标准"


def test_what_does_not_check_is_listed_with_its_faults_and_taken_over(tmp_path: Path) -> None:
    in_force()
    own = submitted()
    actions.approve_draft(actor=LEADER, at=AT, draft=own.id, seen=seen(own))
    root = newer(tmp_path, SHARED, "  financial_asset_months:\n", "  savings_months:\n")
    (draft,) = laid_out(root)
    assert draft.state == "drafting" and draft.problems and draft.problems[0]["message"]["zh"]
    assert Published.objects.filter(place=COUNTY).count() == 2
    with pytest.raises(Refused):
        actions.take_over_draft(actor=OFFICER, at=AT, draft=own.id)
    actions.take_over_draft(actor=OFFICER, at=AT, draft=draft.id)
    assert Draft.objects.get(pk=draft.id).author_id == OFFICER.account_id


def test_a_newer_upgrade_ends_what_nobody_took(tmp_path: Path) -> None:
    in_force()
    (first,) = laid_out(newer(tmp_path, SHARED, "低保标准", "最低生活保障标准"))
    (second,) = laid_out(newer(tmp_path, SHARED, "低保标准", "低保线"))
    assert Draft.objects.get(pk=first.id).state == "discarded" and second.state == "submitted"


def test_a_place_that_took_an_upgrade_gets_the_next_one_too(tmp_path: Path) -> None:
    in_force()
    own = f"places/{COUNTY}/parameters.yaml"
    (first,) = laid_out(newer(tmp_path, own, "value: 24,", "value: 25,"))
    actions.record_impact(actor=Actor.system(), draft_id=str(first.id), impact={"changed": 0}, at=AT)
    actions.approve_draft(actor=LEADER, at=AT, draft=first.id, seen=seen(first))
    (second,) = laid_out(newer(tmp_path, own, "value: 24,", "value: 26,"))
    assert "value: 26," in second.files["parameters.yaml"]


def test_an_upgrade_approved_later_holds_from_the_day_of_its_approval(tmp_path: Path) -> None:
    in_force()
    before = queries.current(COUNTY, TODAY).hash
    (draft,) = laid_out(newer(tmp_path, SHARED, "低保标准", "最低生活保障标准"))
    actions.record_impact(actor=Actor.system(), draft_id=str(draft.id), impact={"changed": 0}, at=AT)
    actions.approve_draft(actor=LEADER, at=AT + timedelta(days=1), draft=draft.id, seen=seen(draft))
    after = queries.current_edition(COUNTY, TODAY + timedelta(days=1))
    assert after.effective_on == TODAY + timedelta(days=1) and after.hash != before
    assert queries.current(COUNTY, TODAY).hash == before


def test_folders_that_were_not_edited_here_come_new() -> None:
    shipped = {"facts/a.yaml": "2", "places/11/rules.yaml": "2", "places/12/rules.yaml": "2"}
    held = {"facts/a.yaml": "1", "places/11/rules.yaml": "1", "places/12/rules.yaml": "1", "places/13/rules.yaml": "1"}
    assert upgraded(shipped, held, {"12"}) == {
        "facts/a.yaml": "2", "places/11/rules.yaml": "2", "places/12/rules.yaml": "1", "places/13/rules.yaml": "1"
    }  # fmt: skip
