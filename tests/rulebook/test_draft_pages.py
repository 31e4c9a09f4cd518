"""Pages of rules for those who write and approve them: every step works with plain forms."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from html import unescape
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doudi.areas.actions import load_area_rows
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.insight.actions import reckon_impact
from doudi.rulebook import actions, queries
from doudi.rulebook.models import Draft, Published
from tests.cases.signing_in import signed_in
from tests.rulebook.drafting import AT, COUNTY, IMPACT, in_force

pytestmark = pytest.mark.django_db
AREAS = [("99", "虚构省"), ("9901", "虚构市"), ("990101", "云溪县"), ("990101003", "石桥乡")]
VALUE = {
    "area": COUNTY, "from_on": "2027-01-01", "to_on": "", "value_": "30", "document": "云溪县社会救助实施细则（摘要）",
    "number": "云府发〔2026〕9号", "article": "第5条", "sample": "on",
}  # fmt: skip


@pytest.fixture
def place() -> Published:
    load_area_rows(actor=Actor.system(), at=AT, rows=AREAS, from_on=date(2020, 1, 1))
    return in_force()


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def begun(client: Client) -> str:
    answer = client.post("/policy/drafts/new/", {"place": COUNTY, "title": "放宽存款上限"})
    assert answer.status_code == 302
    return answer.headers["Location"]


def hand_in(client: Client, page: str) -> None:
    assert client.post(f"{page}act/submit/").status_code == 400
    client.post(f"{page}act/submit/", {"seen": Draft.objects.get().digest})


def id_of(address: str) -> UUID:
    return UUID(re.findall(r"[0-9a-f-]{36}", address)[0])


def test_from_a_form_to_a_published_version_by_two_people(place: Published) -> None:
    officer, _ = signed_in("county_officer", COUNTY)
    leader, _ = signed_in("county_leader", COUNTY)
    page = begun(officer)
    assert "还没有改什么" in text_of(officer, page)
    assert officer.post(f"{page}values/financial_asset_months/", VALUE).status_code == 302
    shown = text_of(officer, page)
    assert "改了 1 处，检查没有错误" in shown and "30" in shown
    day = {"title": "放宽存款上限", "effective_on": "2027-01-01", "past_reason": ""}
    assert officer.post(f"{page}day/", day).status_code == 302
    hand_in(officer, page)
    assert Draft.objects.get().state == "drafting"
    officer.post(f"{page}impact/")
    actions.record_impact(actor=Actor.system(), draft_id=str(id_of(page)), impact=dict(IMPACT), at=AT)
    assert "1</b> 户的结果会变" in text_of(officer, page)
    hand_in(officer, page)
    assert "批准并发布</button>" not in text_of(officer, page)
    assert officer.post(f"{page}decide/", {"act": "approve"}).status_code == 403
    assert "批准并发布</button>" in text_of(leader, page)
    yes = {"act": "approve", "reason": "同意"}
    assert leader.post(f"{page}decide/", yes).status_code == 400
    assert leader.post(f"{page}decide/", yes | {"seen": Draft.objects.get().digest}).status_code == 302
    assert "已发布，自 2027-01-01 起施行" in text_of(officer, page)
    version = queries.current(COUNTY, date(2027, 1, 1)).hash
    assert "金融资产人均上限" in text_of(leader, f"/policy/versions/{version}/")
    assert version[:12] in text_of(leader, "/policy/versions/")


def test_a_leader_returns_a_draft_and_says_why(place: Published) -> None:
    officer, _ = signed_in("county_officer", COUNTY)
    leader, _ = signed_in("county_leader", COUNTY)
    page = begun(officer)
    officer.post(f"{page}values/financial_asset_months/", VALUE)
    officer.post(f"{page}day/", {"title": "x", "effective_on": "2027-01-01"})
    officer.post(f"{page}impact/")
    actions.record_impact(actor=Actor.system(), draft_id=str(id_of(page)), impact=dict(IMPACT), at=AT)
    hand_in(officer, page)
    assert "规则草稿" in text_of(leader, "/")
    assert leader.post(f"{page}decide/", {"act": "return", "reason": ""}).status_code == 400
    assert leader.post(f"{page}decide/", {"act": "return", "reason": "文号不对"}).status_code == 302
    assert "文号不对" in text_of(officer, page)


def test_a_figure_the_county_may_not_set_says_who_sets_it(place: Published) -> None:
    officer, _ = signed_in("county_officer", COUNTY)
    page = begun(officer)
    assert "由省、设区的市规定，本地不能改" in text_of(officer, f"{page}values/dibao_line/")
    assert "由省、设区的市规定，本地不能改" in text_of(officer, "/policy/standards/dibao_line/")
    assert officer.post(f"{page}values/dibao_line/", VALUE).status_code == 400


def test_what_is_wrong_with_a_value_is_said_beside_it(place: Published) -> None:
    officer, _ = signed_in("county_officer", COUNTY)
    page = begun(officer)
    wrong = VALUE | {"value_": "很多", "document": "", "to_on": "2026-01-01"}
    answer = officer.post(f"{page}values/financial_asset_months/", wrong)
    assert answer.status_code == 400
    for said in ("请写整数", "请写文件名称", "到期日不能早于起始日"):
        assert said in answer.content.decode()


def test_a_rule_is_checked_with_line_and_suggestion_before_it_is_kept(place: Published) -> None:
    officer, _ = signed_in("county_officer", COUNTY)
    page = begun(officer)
    address = f"{page}rules/household.meets_vehicle_test/"
    assert "household.cars &lt;= car_limit" in text_of(officer, address)
    said = {
        "formula": "household.crs <= car_limit", "label_zh": "车辆符合规定", "label_en": "meets the vehicle test",
        "yes_zh": "符合。", "yes_en": "Yes.", "no_zh": "不符合。", "no_en": "No.", "document": "细则",
    }  # fmt: skip
    answer = officer.post(address, said | {"act": "check"})
    assert answer.status_code == 400
    assert "places/990101/rules.yaml" in answer.content.decode() and "household.cars" in answer.content.decode()
    answer = officer.post(address, said | {"act": "check", "formula": "household.cars <= car_limit + 1"})
    assert (
        "没有错误" in answer.content.decode() and "cars <= car_limit + 1" not in Draft.objects.get().files["rules.yaml"]
    )
    assert officer.post(address, said | {"act": "keep", "formula": "household.cars < 3"}).status_code == 302
    assert "household.cars &lt; 3" in text_of(officer, page)
    officer.post(f"{address}remove/")
    assert "meets_vehicle_test" not in Draft.objects.get().files["rules.yaml"].split("meets_relaxed")[0]


def test_a_file_is_checked_as_text_and_examples_are_tried(place: Published) -> None:
    officer, _ = signed_in("county_officer", COUNTY)
    page = begun(officer)
    address = f"{page}files/parameters.yaml/"
    held = Draft.objects.get().files["parameters.yaml"]
    answer = officer.post(address, {"text": held.replace("value: 24", "value: much"), "act": "check"})
    assert answer.status_code == 400 and "parameters.yaml:" in answer.content.decode()
    assert officer.post(address, {"text": held.replace("value: 24", "value: 12"), "act": "keep"}).status_code == 302
    shown = text_of(officer, f"{page}?try=1")
    assert "个例子" in shown and "现在算出" in shown
    assert text_of(officer, f"{page}files/..%2Fx.yaml/", 404)


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(place: Published, lang: str) -> None:
    officer, _ = signed_in("county_officer", COUNTY, language=lang)
    page = begun(officer)
    officer.post(f"{page}values/financial_asset_months/", VALUE)
    more = ["choose/", "values/car_limit/", "rules/household.meets_vehicle_test/", "files/rules.yaml/"]
    addresses = [page, *(page + one for one in more)]
    addresses += [
        "",
        "standards/",
        "standards/car_limit/",
        "rules/household.meets_vehicle_test/",
        "versions/",
        "drafts/",
    ]
    addresses += [f"versions/{place.hash}/", "drafts/import/", "rules/person.born_on/", "drafts/new/"]
    for address in addresses:
        text_of(officer, address if address.startswith("/") else f"/policy/{address}")


def test_those_who_may_not_write_do_not(place: Published) -> None:
    officer, _ = signed_in("county_officer", COUNTY)
    page = begun(officer)
    registrar, _ = signed_in("registrar", "990101003")
    elsewhere, _ = signed_in("county_officer", "990102")
    auditor, _ = signed_in("auditor", COUNTY)
    for client in (registrar, elsewhere):
        text_of(client, page, 403)
    assert "写进草稿" not in text_of(auditor, page)
    assert auditor.post(f"{page}values/financial_asset_months/", VALUE).status_code == 403
    assert "草稿</a>" not in text_of(registrar, "/policy/")


def test_a_version_is_carried_away_and_brought_back_as_a_draft(place: Published) -> None:
    officer, _ = signed_in("county_officer", COUNTY)
    data = officer.get(f"/policy/versions/{place.hash}/download/").content
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "places/990101/rules.yaml" in archive.namelist()
    sent = {"place": COUNTY, "title": "带回来", "file": SimpleUploadedFile("x.zip", data)}
    answer = officer.post("/policy/drafts/import/", sent | {"act": "look"})
    assert "rules.yaml" in answer.content.decode() and not Draft.objects.exists()
    sent["file"] = SimpleUploadedFile("x.zip", data)
    assert officer.post("/policy/drafts/import/", sent | {"act": "take"}).status_code == 302
    draft = Draft.objects.get()
    assert draft.origin == "import" and "还没有改什么" in text_of(officer, f"/policy/drafts/{draft.id}/")


def test_a_sheet_is_exported_changed_previewed_and_becomes_a_draft(place: Published) -> None:
    officer, _ = signed_in("county_officer", COUNTY)
    sheet = officer.get("/policy/standards/table.csv?on=2026-11-02").content.decode("utf-8-sig")
    row = next(line for line in sheet.splitlines() if line.startswith("financial_asset_months"))
    more = row.replace("2025-07-01", "2027-01-01").replace(",24,", ",36,")
    sent = {"place": COUNTY, "title": "2027 年标准", "act": "look"}
    wrong = SimpleUploadedFile("a.csv", (sheet + more.replace(",36,", ",many,")).encode())
    answer = officer.post("/policy/drafts/import/", sent | {"file": wrong}).content.decode()
    assert "请写整数" in answer and f"第 {len(sheet.splitlines()) + 1} 行" in answer and not Draft.objects.exists()
    right = SimpleUploadedFile("a.csv", (sheet + more).encode())
    answer = officer.post("/policy/drafts/import/", sent | {"file": right}).content.decode()
    assert "会写 1 个数" in answer
    rows = re.search(r'name="rows" value="([^"]*)"', answer)
    assert rows
    taken = officer.post("/policy/drafts/import/", sent | {"act": "take", "rows": unescape(rows[1])})
    assert taken.status_code == 302
    assert "36" in Draft.objects.get().files["parameters.yaml"]


def test_an_impact_that_cannot_be_worked_out_says_why(place: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_asked: object) -> date:
        raise Refused("insight.no_data", "还没有数据，没法测算。")

    monkeypatch.setattr("doudi.insight.actions.impacts.usual_day", nothing)
    officer, _ = signed_in("county_officer", COUNTY)
    page = begun(officer)
    officer.post(f"{page}values/financial_asset_months/", VALUE)
    officer.post(f"{page}impact/")
    assert "还没有写施行日期" in text_of(officer, page)
    officer.post(f"{page}day/", {"title": "x", "effective_on": "2027-01-01", "past_reason": ""})
    officer.post(f"{page}impact/")
    reckon_impact(actor=Actor.system(), at=AT, draft=str(id_of(page)), today=AT.date())
    assert "还没有数据，没法测算。" in text_of(officer, page)
