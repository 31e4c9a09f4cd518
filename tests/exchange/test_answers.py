"""Yes, no, not known: said truly, proven, once a request, counted, on record, within quotas."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from doudi.audit.models import Entry, EntrySubject
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.vault import vault
from doudi.exchange.actions import allowing
from doudi.exchange.models import Allowance, Use
from doudi.lib.per_minute import PerMinute
from doudi.registry.actions import end_label
from doudi.registry.models import Label, Membership, PersonKey
from doudi.sources.models import Delivery, QuarantinedRow
from tests.architecture.project import ROOT
from tests.exchange.calling import BASE, Caller, token_of
from tests.exchange.conftest import FAR, IN, NOBODY, OUT, WIFE, Register, build, ledger

pytestmark = pytest.mark.django_db


def said(answer: Any) -> tuple[str, str | None]:
    assert answer.status_code == 200, answer.content.decode()
    data = answer.json()
    return data["answer"], data["reason"]


def test_members_are_in_others_are_not_and_strangers_are_not_known(register: Register, medical: Caller) -> None:
    assert said(medical.ask(IN)) == said(medical.ask(WIFE)) == ("yes", None)
    assert said(medical.ask(OUT)) == ("no", None)
    assert said(medical.ask(NOBODY)) == ("unknown", "not_registered")
    assert said(medical.ask(FAR)) == ("unknown", "not_registered"), "nor whether somebody lives elsewhere"
    assert said(medical.ask(IN, person={"number": IN, "name": "李建国"})) == ("yes", None)
    assert said(medical.ask(IN, person={"number": IN, "name": "张三"})) == ("unknown", "name_differs")


def test_without_a_fresh_ledger_nothing_is_a_no(medical: Caller) -> None:
    build(with_ledger=False)
    assert said(medical.ask(OUT)) == ("unknown", "no_ledger")
    held = ledger(days_old=90)
    assert said(medical.ask(OUT)) == ("unknown", "ledger_too_old") == said(medical.ask(IN))
    Delivery.objects.filter(pk=held.id).update(cutoff=today())
    assert said(medical.ask(OUT)) == ("no", None)


def test_a_row_in_doubt_is_not_a_no(register: Register, medical: Caller) -> None:
    key = PersonKey.objects.filter(person=register.ids[OUT]).values_list("key", flat=True).first()
    QuarantinedRow.objects.create(
        delivery=Delivery.objects.get(), row=2, code="row.money", column="x", person_key=key or vault().person_key(OUT),
        cells_enc=b"x",
    )  # fmt: skip
    assert said(medical.ask(OUT)) == ("unknown", "ledger_in_doubt")


def test_who_belongs_to_no_known_household_is_not_a_no(register: Register, medical: Caller) -> None:
    assert said(medical.ask(OUT)) == ("no", None)
    Membership.objects.filter(person=register.ids[OUT]).update(to_on=today() - timedelta(days=1))
    answer = medical.ask(OUT)
    assert said(answer) == ("unknown", "no_household") and "乡镇" in answer.json()["reason_text"]["zh"]


def test_a_day_is_answered_as_of_that_day(register: Register, medical: Caller) -> None:
    row = Label.objects.get()
    end_label(actor=Actor.system(), at=now(), label=row.id, on=today() - timedelta(days=3), reason="x")
    assert said(medical.ask(IN)) == ("no", None)
    assert said(medical.ask(IN, as_of=(today() - timedelta(days=5)).isoformat())) == ("yes", None)


@pytest.mark.parametrize(("days", "status"), [(0, 200), (-45, 200), (-46, 409), (-4000, 409), (1, 409)])
def test_days_long_past_and_days_to_come_are_not_answered(
    register: Register, medical: Caller, days: int, status: int
) -> None:
    """Else halving the past would tell since when somebody is in."""
    answer = medical.ask(IN, as_of=(today() + timedelta(days=days)).isoformat())
    assert answer.status_code == status
    if status == 409:
        told = answer.json()
        assert (told["code"], told["where"]) == ("exchange.day_not_answered", "/as_of") and "45" in told["detail"]
        assert not Use.objects.exclude(outcome="refused").exists()


def test_a_day_that_was_answered_is_answered_again_later(
    register: Register, medical: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    same, day, at = str(uuid4()), today().isoformat(), now() + timedelta(days=60)
    first = medical.ask(IN, request_id=same, as_of=day).json()
    monkeypatch.setattr("doudi.exchange.api.now", lambda: at)
    assert medical.ask(IN, request_id=same, as_of=day).json() == first


def test_the_proof_holds_without_us_for_this_person_and_no_other(
    register: Register, medical: Caller, tmp_path: Path
) -> None:
    answer = medical.ask(IN).json()
    keys = Client().get(f"{BASE}/keys").json()
    assert IN not in json.dumps(answer) and IN not in json.dumps(keys)

    def verified(number: str = IN, **changed: Any) -> int:
        files = {"answer.json": {**answer, **changed}, "keys.json": keys}
        for name, content in files.items():
            (tmp_path / name).write_text(json.dumps(content))
        command = [sys.executable, "-I", str(ROOT / "scripts" / "verify_answer.py"), "answer.json", "keys.json"]
        done = subprocess.run(command, cwd=tmp_path, input=number, text=True, capture_output=True, check=False)
        return done.returncode

    assert verified() == 0
    assert verified(number=OUT) == 1
    assert verified(answer="no") == 1, "what stands beside the proof is compared with it"
    head, payload, signature = answer["proof"].split(".")
    assert verified(proof=f"{head}.{payload[:-2]}AA.{signature}") == 1
    assert verified(proof=f"{head}.{payload}.{signature[:-4]}AAAA") == 1
    assert verified(salt="0" * 32) == 1


def test_the_same_request_gets_the_same_answer_and_another_question_does_not(
    register: Register, medical: Caller
) -> None:
    same = str(uuid4())
    first = medical.ask(IN, request_id=same)
    again = medical.ask(IN, request_id=same)
    assert first.json() == again.json() and Use.objects.count() == 1
    assert Allowance.objects.get().calls == 1
    other = medical.ask(OUT, request_id=same)
    assert other.status_code == 409 and other.json()["code"] == "exchange.request_id_used"
    kept = Use.objects.get(outcome="yes")
    assert b"proof" in vault().decrypt(f"exchange_use|response|{kept.id}", bytes(kept.response_enc or b""))


def test_every_call_is_one_entry_with_opaque_people_and_one_line_of_the_board(
    register: Register, medical: Caller
) -> None:
    medical.ask(IN)
    (entry,) = Entry.objects.filter(verb="exchange.answer")
    subjects = dict(EntrySubject.objects.filter(entry_id=entry.id).values_list("kind", "subject"))
    assert subjects["person"] == str(register.ids[IN]) and (entry.count, entry.reason) == (1, "medical_assistance")
    assert IN.encode() not in bytes(entry.canonical)
    use = Use.objects.get()
    assert (use.department, use.outcome, use.persons) == ("medical_insurance", "yes", 1)
    medical.ask(IN, purpose="curiosity")
    (refused,) = Entry.objects.filter(verb="exchange.answer", outcome="refused")
    assert refused.reason == "exchange.purpose" and Use.objects.filter(outcome="refused").count() == 1


def test_refusals_and_repeats_are_counted_and_refusals_do_not_fill_the_board(
    register: Register, medical: Caller, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {medical.ask(IN, purpose="curiosity").status_code for _ in range(5)} == {403}
    assert Use.objects.filter(outcome="refused").count() == 1
    assert Entry.objects.filter(verb="exchange.answer", outcome="refused").count() == 5, "each is in the log"
    path = policy / "products" / "dibao_today.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("calls_a_minute: 120", "calls_a_minute: 1"), encoding="utf-8")
    other = policy / "products" / "low_income_recognitions.yaml"
    other.unlink()
    monkeypatch.setattr(allowing, "AT_LEAST", 1)
    monkeypatch.setattr(allowing, "_calls", PerMinute())
    at = now()
    monkeypatch.setattr("doudi.exchange.api.now", lambda: at)
    same = str(uuid4())
    assert [medical.ask(IN, request_id=same).status_code for _ in range(4)] == [200, 200, 429, 429]
    assert medical.get("/products").status_code == 429
    assert Entry.objects.filter(verb="exchange.too_fast", outcome="refused").count() == 1


def test_who_may_ask_what_for(register: Register) -> None:
    assert Caller("ddt_x").get("/products").status_code == 401
    assert Client().get(f"{BASE}/products").status_code == 401
    no_scope = Caller(token_of("medical_insurance", "other_product"))
    assert no_scope.ask(IN).status_code == 403
    not_agreed = Caller(token_of("finance", "dibao_today"))
    answer = not_agreed.ask(IN)
    assert answer.status_code == 403 and answer.json()["code"] == "exchange.not_your_product"
    assert not_agreed.get("/products").json() == []
    assert Caller(token_of("education", "dibao_today")).get("/products").json()[0]["name"] == "dibao_today"


def test_what_is_wrong_is_said_with_its_place_and_what_to_do(register: Register, medical: Caller) -> None:
    bad = medical.ask(IN[:17] + ("1" if IN[17] != "1" else "2"))
    assert bad.status_code == 422 and bad.headers["Content-Type"] == "application/problem+json"
    assert bad.json()["where"] == "/person/number" and "校验码" in bad.json()["detail"]
    english = Caller(token_of("medical_insurance", "dibao_today"), language="en").ask("990101195005010019")
    assert "Check it" in english.json()["detail"]
    extra = medical.ask(IN, more="x")
    assert extra.status_code == 422 and extra.json()["where"] == "/more" and IN not in extra.content.decode()
    assert medical.ask(IN, product="nothing").json()["code"] == "exchange.no_such_product"
    assert medical.get("/nowhere").json()["status"] == 404
    assert medical.post("/products", {}).status_code == 405
    assert medical.ask(IN, as_of="2026-02-30").status_code == 422


def test_quotas_by_minute_and_day_and_department(register: Register, policy: Path, medical: Caller) -> None:
    path = policy / "products" / "dibao_today.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("calls_a_minute: 120, calls_a_day: 5000", "calls_a_minute: 2, calls_a_day: 3"))
    assert [medical.ask(IN).status_code for _ in range(3)] == [200, 200, 429]
    answer = medical.ask(IN)
    assert answer.json()["code"] == "exchange.too_fast" and 0 < int(answer.headers["Retry-After"]) <= 60
    Allowance.objects.update(calls_in_minute=0)
    assert [medical.ask(IN).status_code for _ in range(2)] == [200, 429]
    assert medical.ask(IN).json()["code"] == "exchange.quota_used_up"
    assert Caller(token_of("education", "dibao_today")).ask(IN, purpose="education_assistance").status_code == 200
