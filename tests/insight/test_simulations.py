"""Simulations in the browser: asked for, worked out, shown; who may, what stays, what a draft would change."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from doudi.audit.models import Entry
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.insight.actions import carry_out
from doudi.insight.models import SimulationRun
from doudi.insight.subscribers import work_out_impact, work_out_simulation
from doudi.insight.views import simulations
from doudi.rulebook import queries
from tests.cases.conftest import APPLIED, AT, COUNTY, County
from tests.cases.signing_in import signed_in
from tests.exports.taking import take
from tests.rulebook import drafting

pytestmark = pytest.mark.django_db
FILE = (
    "name: mine\nlabel: {zh: 我的改革, en: my reform}\n"
    "parameters: {car_limit: {values: [{area: '990101', value: 1}]}}\n"
)


def ask(client: Client, **more: object) -> object:
    return client.post(reverse("insight:new"), {"as_of": APPLIED.isoformat(), **more})


def newest() -> SimulationRun:
    return SimulationRun.objects.order_by("-asked_at").first()  # type: ignore[return-value]


@pytest.fixture
def done(assessed: Callable[..., Application]) -> SimulationRun:
    """A simulation asked for by a county officer; without a worker it is worked out in the request."""
    assessed()
    client, _ = signed_in("county_officer", COUNTY, name="林晓燕")
    answer = ask(client, kind="percent", percent="10")
    run = newest()
    assert answer["Location"] == reverse("insight:simulation", args=[run.id])  # type: ignore[index]
    return run


def test_a_line_up_by_percent_is_simulated_shown_and_kept_as_totals(done: SimulationRun) -> None:
    assert (done.state, done.label_zh, done.place) == ("done", "低保标准提高 10 %", COUNTY)
    assert done.result is not None and done.result["households"] == 1
    client, _ = signed_in("county_leader", COUNTY)
    page = client.get(reverse("insight:simulation", args=[done.id])).content.decode()
    assert "低保标准提高 10 %" in page and "户说不准" in page and "离低保标准还差多少" in page
    assert "830.00" in page and "913.00" in page
    assert "style=" not in page.split("<main")[1]
    english, _ = signed_in("auditor", COUNTY, language="en")
    assert "The Dibao line up by 10 %" in english.get(reverse("insight:simulation", args=[done.id])).content.decode()
    assert done.label_zh in client.get(reverse("insight:simulations")).content.decode()
    only_one_entry_with_count_and_digest(done)
    files_hold_the_same_totals(done, client)
    others_may_not(done)
    a_running_one_shows_its_progress(done, client)


def only_one_entry_with_count_and_digest(done: SimulationRun) -> None:
    """Carried out again nothing happens; no household is kept."""
    work_out_simulation(str(done.id), AT.isoformat())
    carry_out(actor=Actor.system(), at=AT, simulation=done.id)
    (entry,) = Entry.objects.filter(verb="insight.simulate")
    assert (entry.count, entry.outcome, len(entry.content_digest)) == (1, "done", 64)
    assert Entry.objects.filter(verb="insight.ask_simulation").count() == 1
    assert not list((settings.HOME / "simulations").glob("*"))
    assert "李建国" not in json.dumps(done.result, ensure_ascii=False)


def files_hold_the_same_totals(done: SimulationRun, client: Client) -> None:
    told = json.loads(client.get(reverse("insight:result", args=[done.id])).content)
    assert told["in_all"]["households"] is None and told["in_all"]["before"]["eligible"] == 0, "one family is too few"
    exact = reverse("insight:result", args=[done.id]) + "?exact=1"
    assert "只供本辖区内部使用" in client.get(exact).content.decode()
    data = json.loads(take(client, exact).content)
    assert data["in_all"] == done.result["in_all"]  # type: ignore[index]
    assert data["reform"]["parameters"] == {"dibao_line": {"scale": "1.1"}}
    for address, whole in ((reverse("insight:table", args=[done.id]), "少于 5，不公开"), ("?exact=1", "1")):
        full = address if address[0] == "/" else reverse("insight:table", args=[done.id]) + address
        text = (take if whole == "1" else Client.get)(client, full).content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert rows[0][:3] == ["代码", "名称", "户数"] and rows[1][1:3] == ["合计", whole]
        assert all(len(row) == len(rows[0]) for row in rows[:-1]) and rows[-1][0].startswith("# 兜底导出")


def others_may_not(done: SimulationRun) -> None:
    handler, _ = signed_in("handler")
    assert handler.get(reverse("insight:simulations")).status_code == 403
    auditor, _ = signed_in("auditor", COUNTY)
    assert auditor.get(reverse("insight:simulations")).status_code == 200
    assert ask(auditor, kind="percent", percent="5").status_code == 403  # type: ignore[attr-defined]
    stranger, _ = signed_in("county_officer", "990102")
    assert stranger.get(reverse("insight:simulation", args=[done.id])).status_code == 403
    assert done.label_zh not in stranger.get(reverse("insight:simulations")).content.decode()
    assert auditor.get(reverse("insight:simulation", args=[UUID(int=7)])).status_code == 403


def a_running_one_shows_its_progress(done: SimulationRun, client: Client) -> None:
    SimulationRun.objects.filter(pk=done.id).update(state="running", done=1, of=4, result=None)
    page = client.get(reverse("insight:simulation", args=[done.id]))
    assert page["Refresh"] == "3" and "共 4 段，已算完 1 段" in page.content.decode()
    assert client.get(reverse("insight:table", args=[done.id])).status_code == 400


@pytest.mark.parametrize(
    ("more", "label"),
    [
        ({"kind": "figure", "parameter": "dibao_line", "value": "900"}, "低保标准改为 900"),
        ({"kind": "shipped", "shipped": "gradual_exit"}, "渐退期内（不超过 6 个月；新申请的也算进来，是上限）"),
        ({"kind": "file", "file": SimpleUploadedFile("r.yaml", FILE.encode())}, "我的改革"),
    ],
)
def test_every_way_of_saying_a_reform_is_read_and_waits_for_the_worker(
    county: County, monkeypatch: pytest.MonkeyPatch, more: dict[str, object], label: str
) -> None:
    monkeypatch.setattr(simulations, "a_worker_is_alive", lambda at: True)
    client, _ = signed_in("county_officer", COUNTY)
    ask(client, **more)
    assert newest().label_zh == label and newest().state == "waiting"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"kind": "percent"}, "这一项要填。"),
        ({"kind": "figure", "parameter": "car_limit", "value": "many"}, "many"),
        ({"kind": "file", "file": SimpleUploadedFile("r.yaml", FILE.replace("car_limit", "car_limits").encode())},
         "是不是 car_limit？"),
        ({"kind": "file", "file": SimpleUploadedFile("r.yaml", "名".encode("gb18030"))}, "UTF-8"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_field(county: County, more: dict[str, object], said: str) -> None:
    client, _ = signed_in("county_officer", COUNTY)
    answer = ask(client, **more)
    assert said in answer.content.decode() and not SimulationRun.objects.exists()  # type: ignore[attr-defined]


def test_a_draft_is_tried_on_everyone_and_keeps_what_came_out(assessed: Callable[..., Application]) -> None:
    assessed()
    draft = drafting.drafted()
    drafting.actions.ask_impact(actor=drafting.OFFICER, at=drafting.AT, draft=draft.id)
    work_out_impact(str(draft.id), "officer", drafting.AT.isoformat())
    impact = queries.impact_of(draft)
    assert impact is not None and impact.result["households"] == 1
    assert impact.result["differing"] == ["parameter.financial_asset_months"]
    assert Entry.objects.filter(verb="rulebook.record_impact").count() == 1
