"""A city's draft: its impact county by county; a county without data is named as not known, never as zero."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from django.conf import settings

from doudi.areas.actions import load_area_rows
from doudi.core.actor import Actor
from doudi.engine.rulebook import Rulebook
from doudi.insight.actions import impacts, problems
from doudi.insight.logic.counties import taken_together
from doudi.insight.subscribers import work_out_impact
from doudi.rulebook import actions, queries
from doudi.rulebook.logic.yaml_text import NewValue
from tests.cases.conftest import County
from tests.cases.signing_in import signed_in
from tests.rulebook.drafting import AT, BASIS, CITY, CITY_OFFICER, COUNTY, DAY, ROOT, drafted

SIDE = {"eligible": 1, "month": "830.00"}
LINE = {"key": "", "label": {"zh": "合计", "en": "in all"}, "households": 2, "undetermined": 1, "after": SIDE}
ONE = {
    "as_of": "2026-11-02", "households": 2, "persons": 5, "changed": 1, "errors": 0, "in_all": LINE,
    "programmes": [LINE | {"key": "dibao"}], "areas": [LINE | {"key": "990101001"}], "left_out": [], "differing": [],
}  # fmt: skip
WHY = {"zh": "没有数据。", "en": "No data."}


def test_counts_and_money_are_added_and_what_is_unknown_is_named() -> None:
    other = ONE | {"in_all": LINE | {"after": SIDE | {"month": None}}}
    unset = {**ONE, "unset": {"gift": {"zh": "礼金", "en": "gift"}}}
    assert taken_together({"990101": ONE, "990102": unset}, {})["unset"] == unset["unset"]
    found = taken_together({"990101": ONE, "990102": ONE}, {"990103": WHY})
    assert (found["households"], found["in_all"]["after"]) == (4, {"eligible": 2, "month": "1660.00"})
    assert [line["key"] for line in found["programmes"]] == ["dibao"] and found["programmes"][0]["undetermined"] == 2
    assert [line.get("problem") for line in found["counties"]] == [None, None, WHY]
    assert taken_together({"990101": ONE, "990102": other}, {})["in_all"]["after"]["month"] is None
    assert taken_together({}, {"990103": WHY})["problem"] == WHY


@pytest.mark.django_db
def test_a_citys_draft_is_worked_out_for_each_county_that_has_data(county: County) -> None:
    areas = [("99", "虚构省"), ("9901", "虚构市"), ("990101", "云溪县"), ("990102", "望江县"), ("990103", "望江县")]
    load_area_rows(actor=Actor.system(), at=AT, rows=areas, from_on=date(2020, 1, 1))
    actions.publish(actor=Actor.system(), at=AT, root=ROOT, place=CITY, effective_on=date(2026, 7, 1))
    value = NewValue(CITY, DAY, None, "", BASIS, {"城镇": "900", "农村": "700"})
    draft = drafted(CITY_OFFICER, CITY, value, "dibao_line")
    assert queries.places_reckoned(draft) == (COUNTY, "990102", "990103")
    actions.ask_impact(actor=CITY_OFFICER, at=AT, draft=draft.id)
    work_out_impact(str(draft.id), "city-officer", AT.isoformat())
    impact = queries.impact_of(draft)
    assert impact is not None and impact.result is not None
    known, *unknown = impact.result["counties"]
    assert known["key"] == COUNTY and known["households"] == impact.result["households"] == 1
    assert [line["key"] for line in unknown] == ["990102", "990103"] and all("households" not in one for one in unknown)
    client, _ = signed_in("county_officer", CITY)
    shown = client.get(f"/policy/drafts/{draft.id}/").content.decode()
    assert "按县逐个测算" in shown and "云溪县" in shown and "这些县的影响不知道" in shown
    assert "望江县 990102" in shown and "望江县 990103" in shown, "two of one name are told apart by their codes"
    assert "每户只算一次：1 户" in shown
    english, _ = signed_in("county_officer", CITY, language="en")
    page = english.get(f"/policy/drafts/{draft.id}/").content.decode()
    assert (
        "the impact is not known" in page and "urban" in page and "城镇" not in page.split("<main")[1].split("<pre")[0]
    )


@pytest.mark.django_db
def test_a_fault_of_ours_at_one_county_is_an_answer_and_keeps_the_others(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    areas = [("99", "虚构省"), ("9901", "虚构市"), ("990101", "云溪县"), ("990102", "望江县")]
    load_area_rows(actor=Actor.system(), at=AT, rows=areas, from_on=date(2020, 1, 1))
    actions.publish(actor=Actor.system(), at=AT, root=ROOT, place=CITY, effective_on=date(2026, 7, 1))
    value = NewValue(CITY, DAY, None, "", BASIS, {"城镇": "900", "农村": "700"})
    draft = drafted(CITY_OFFICER, CITY, value, "dibao_line")
    actions.ask_impact(actor=CITY_OFFICER, at=AT, draft=draft.id)
    folders: list[str] = []

    def simulated(before: Rulebook, after: Rulebook, snapshot: Path, out: Path, **_: object) -> SimpleNamespace:
        folders.append(out.name)
        if before.place == "990102":
            raise pa.ArrowInvalid("马小 broken")
        return SimpleNamespace(to_json=lambda: dict(ONE))

    monkeypatch.setattr(impacts, "screened_households", lambda *_: [1])
    monkeypatch.setattr(impacts, "snapshot_for", lambda **_: settings.HOME)
    monkeypatch.setattr(impacts, "simulate", simulated)
    work_out_impact(str(draft.id), "city-officer", AT.isoformat())
    impact = queries.impact_of(draft)
    assert impact is not None and impact.result is not None and impact.recorded_at == AT
    assert [one.get("problem") for one in impact.result["counties"]] == [None, problems.FAILED]
    assert "ArrowInvalid" in caplog.text and "马小" not in caplog.text
    actions.ask_impact(actor=CITY_OFFICER, at=AT, draft=draft.id)
    work_out_impact(str(draft.id), "city-officer", AT.isoformat())
    assert len(folders) == len(set(folders)) == 4, "each asking has folders of its own"
