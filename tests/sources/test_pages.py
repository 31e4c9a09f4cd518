"""The screens of deliveries: who may see them, what they say, and that no person's number is on them."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from doudi.accounts.models import Account, Grant
from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.worklist import worklist
from doudi.sources.actions import receive_file
from doudi.sources.models import Delivery
from doudi.sources.reading.running import Reader
from tests.sources.conftest import ANNA, AT, BERT

pytestmark = pytest.mark.django_db
WAGES = "所属期|证件号码|姓名|扣缴义务人|收入额\n"
WAGE = f"202507|{ANNA}|甲|某厂|100.00\n"
WRONG = BERT[:17] + ("1" if BERT[17] != "1" else "2")


def signed_in(role: str, area: str = "990101") -> Client:
    account = Account.objects.create_user(username=role + area, name="核对员", holder_key=uuid4())
    Grant.objects.create(account=account, role=role, area_code=area, from_on="2026-01-01")
    client = Client()
    client.force_login(account)
    return client


def upload(name: str = "shuiwu_gongzi_7月.txt", text: str = WAGES + WAGE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def test_the_overview_says_what_is_held_and_what_is_not(actor: Actor, reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "shuiwu_gongzi.txt"
    path.write_text(WAGES + WAGE, encoding="utf-8")
    receive_file(actor=actor, at=AT, path=path, reader=reader)
    page = signed_in("county_officer").get(reverse("sources:overview")).content.decode()
    assert "工资薪金申报" in page
    assert "还没收到" in page
    assert "接收文件" in page


def test_township_roles_do_not_see_deliveries() -> None:
    assert signed_in("registrar").get(reverse("sources:overview")).status_code == 403


def test_an_auditor_reads_but_does_not_take_in(actor: Actor, reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "shuiwu_gongzi.txt"
    path.write_text(WAGES + WAGE, encoding="utf-8")
    made = receive_file(actor=actor, at=AT, path=path, reader=reader)
    client = signed_in("auditor")
    page = client.get(reverse("sources:report", args=[made.id])).content.decode()
    assert reverse("sources:returned", args=[made.id]) not in page
    assert client.get(reverse("sources:receive")).status_code == 403
    assert client.post(reverse("sources:returned", args=[made.id])).status_code == 403


def test_a_file_handed_in_leads_to_its_report_without_personal_data() -> None:
    client = signed_in("verification_officer")
    text = WAGES + WAGE + WAGE.replace(ANNA, WRONG) + WAGE.replace("100.00", "一百")
    answer = client.post(reverse("sources:receive"), {"file": upload(text=text), "feed": "", "cutoff": "2026-06-30"})
    made = Delivery.objects.get()
    assert answer.headers["Location"] == reverse("sources:report", args=[made.id])
    assert (made.state, made.cutoff.isoformat() if made.cutoff else "") == ("accepted", "2026-06-30")
    page = client.get(reverse("sources:report", args=[made.id])).content.decode()
    assert "证号校验位不对" in page
    assert "B3" in page
    assert not [number for number in (ANNA, WRONG, BERT) if number in page]
    client.cookies["django_language"] = "en"
    english = client.get(reverse("sources:report", args=[made.id]))
    assert "What is wrong and what to do" in english.content.decode()


def test_a_file_that_came_before_is_said_to_have_changed_nothing() -> None:
    client = signed_in("verification_officer")
    first = client.post(reverse("sources:receive"), {"file": upload()}, follow=True).content.decode()
    again = client.post(reverse("sources:receive"), {"file": upload()}, follow=True).content.decode()
    assert "收下了。" in first and "以前送过" not in first
    assert "以前送过，什么也没有改动" in again and "收下了。" not in again
    assert Delivery.objects.count() == 1


def test_a_refused_file_says_what_where_and_what_to_do_and_becomes_work() -> None:
    client = signed_in("county_officer")
    client.post(reverse("sources:receive"), {"file": upload(text=WAGES + WAGE[:-5])})
    made = Delivery.objects.get()
    page = client.get(reverse("sources:report", args=[made.id])).content.decode()
    assert "文件在第 2 行中断" in page
    assert "重新接收" in page
    officer = Actor("1", "甲", "county_officer", "990101")
    assert [item.matter for item in worklist.collect(officer, AT.date()) if item.key.startswith("delivery")]


def test_a_file_of_no_known_name_is_asked_about_before_it_is_read() -> None:
    answer = signed_in("county_officer").post(reverse("sources:receive"), {"file": upload("表.txt")})
    assert answer.status_code == 422
    assert "文件名对不上任何一项" in answer.content.decode()
    assert not Delivery.objects.exists()


def test_an_empty_file_is_refused_like_any_other() -> None:
    client = signed_in("county_officer")
    client.post(reverse("sources:receive"), {"file": upload(text="")})
    made = Delivery.objects.get()
    assert made.problem is not None
    assert made.problem["code"] == "file.empty"


def test_the_senders_file_comes_back_with_a_column_and_the_look_is_logged() -> None:
    client = signed_in("verification_officer")
    client.post(reverse("sources:receive"), {"file": upload(text=WAGES + WAGE + WAGE.replace(ANNA, WRONG))})
    made = Delivery.objects.get()
    address = reverse("sources:returned", args=[made.id])
    assert "作什么用" in client.get(address).content.decode()
    masked = client.post(address, {"purpose": "correction"}).content.decode()
    assert ANNA not in masked and WRONG not in masked and ANNA[:6] in masked
    answer = client.post(address, {"purpose": "correction", "full": "on"})
    lines = io.StringIO(answer.content.decode()).read().splitlines()
    assert lines[0].endswith("|问题")
    assert lines[1] == WAGE.strip() + "|"
    assert "证号校验位不对" in lines[2]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert lines[-1].startswith("# 兜底导出") and "核对员" in lines[-1]
    reasons = Entry.objects.filter(verb="sources.fetch_annotated_file").order_by("at").values_list("reason", flat=True)
    assert list(reasons) == ["correction", "correction full"]
    made.refresh_from_db()
    assert made.fetched_at is not None


BANK = f"证件号码,截止日,存款余额,理财余额\n{ANNA},2026-06-30,88888.88,0.00\n"


def test_raw_bank_values_come_back_to_the_countys_verification_officer_alone() -> None:
    officer, county = signed_in("verification_officer"), signed_in("county_officer")
    below = signed_in("verification_officer", "990101001")
    officer.post(reverse("sources:receive"), {"file": upload("yinhang_jinrong.csv", BANK)})
    made = Delivery.objects.get()
    assert made.state == "accepted", made.problem
    address, report = reverse("sources:returned", args=[made.id]), reverse("sources:report", args=[made.id])
    for refused in (county, below):
        assert address not in refused.get(report).content.decode()
        answer = refused.post(address)
        assert answer.status_code == 403
        assert "88888.88" not in answer.content.decode()
    assert Entry.objects.filter(verb="sources.returned", outcome="refused", reason="sources.raw_values").count() == 2
    assert officer.post(address).status_code == 403, "what for is said first"
    assert "说明用途，看明细" in officer.get(report).content.decode()
    officer.post(f"/accounts/purpose/?about={made.id}", {"purpose": "verify_means"})
    assert address in officer.get(report).content.decode()
    assert "88888.88" in officer.post(address, {"purpose": "correction"}).content.decode()
