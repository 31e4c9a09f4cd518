"""Lists of interest: references that are nobody's number, proofs that bind a person and a purpose, people counted."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from doudi.core.clock import now, today
from doudi.exchange.logic.references import PATTERN, is_opaque
from doudi.exchange.models import Allowance, Change, Interest, Subscription, Use
from doudi.registry.models import DealtIn, Label, Person
from tests.architecture.project import ROOT
from tests.exchange.calling import BASE, Caller, token_of
from tests.exchange.conftest import IN, OUT, WIFE, Register

pytestmark = pytest.mark.django_db
LISTS, ROLL = "/products/dibao_today/subscriptions", "/products/low_income_recognitions/rows"


def follow(caller: Caller, people: dict[str, str], purpose: str = "medical_assistance") -> HttpResponse:
    return caller.post(LISTS, {"request_id": str(uuid4()), "purpose": purpose, "people": people})


def agree(policy: Path, persons: int, product: str = "dibao_today") -> None:
    path = policy / "products" / f"{product}.yaml"
    text = path.read_text(encoding="utf-8")
    for before in (5000, 20000):
        text = text.replace(f"persons_a_day: {before}", f"persons_a_day: {persons}")
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "reference",
    [
        IN,
        f"ID{IN}",
        f"{IN[:6]}-{IN[6:14]}.{IN[14:]}",
        IN[:17],
        "6222020200112233445",
        "13800138000",
        "tel_138-0013-8000",
    ],
)
def test_a_reference_that_resembles_a_number_of_a_person_is_refused(
    register: Register, medical: Caller, reference: str
) -> None:
    answer = follow(medical, {"case-1": OUT, reference: IN})
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "exchange.reference_is_number")
    assert told["where"] == "/people/1/reference" and "代号" in told["detail"] and reference not in str(told)
    assert not Interest.objects.exists()


@pytest.mark.parametrize(
    "reference",
    [
        "case-17",
        "YB-20260714-0001",
        "a" * 64,
        "035e9529-e646-4632-a0ba-cb622fb1c538",
        "8d982087-1b22-4b21-8039-be1da8f11108",
    ],
)
def test_other_references_are_taken(register: Register, medical: Caller, reference: str) -> None:
    assert follow(medical, {reference: IN}).status_code == 201


def test_the_description_says_which_references_are_taken(db: None) -> None:
    described = Client().get(f"{BASE}/openapi.json").json()["components"]["schemas"]
    people = described["FollowIn"]["properties"]["people"]
    assert list(people["patternProperties"]) == [PATTERN] and "reference_is_number" in people["description"]
    assert "day_not_answered" in described["QuestionIn"]["properties"]["as_of"]["description"]
    assert all(is_opaque(str(uuid4())) for _ in range(5000))


def test_a_change_is_proven_for_its_person_and_purpose_and_no_other(
    register: Register, medical: Caller, tmp_path: Path
) -> None:
    path = f"/subscriptions/{follow(medical, {'a': IN, 'b': OUT}).json()['id']}/changes"
    Label.objects.update(to_on=today())
    moved = Person.objects.filter(pk=register.ids[OUT])
    moved.update(area_code="990102001001")
    DealtIn.objects.filter(person__in=moved).update(area_code="990102001001")
    told = {one["reference"]: one for one in medical.get(path).json()["changes"]}
    (tmp_path / "keys.json").write_text(json.dumps(Client().get(f"{BASE}/keys").json()))

    def verified(change: dict[str, Any], number: str) -> tuple[int, str]:
        (tmp_path / "change.json").write_text(json.dumps(change))
        command = [sys.executable, "-I", str(ROOT / "scripts" / "verify_answer.py"), "change.json", "keys.json"]
        done = subprocess.run(command, cwd=tmp_path, input=number, text=True, capture_output=True, check=False)
        return done.returncode, done.stdout

    code, said = verified(told["a"], IN)
    assert code == 0 and "medical_assistance" in said, said
    assert verified(told["b"], OUT)[0] == 0, "nor is the proof lost when somebody moves away"
    assert verified(told["a"], OUT)[0] == verified(told["b"], IN)[0] == 1
    assert verified(told["a"] | {"reference": "b"}, IN)[0] == 1
    assert verified(told["a"] | {"answer": "yes"}, IN)[0] == 1
    assert verified(told["a"] | {"salt": told["b"]["salt"]}, IN)[0] == 1
    head, payload, _signature = told["a"]["proof"].split(".")
    stated = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["typ"] == "doudi-change"
    assert (stated["version"], stated["purpose"]) == (2, "medical_assistance") and IN not in json.dumps(stated)
    assert list(told.values()) == medical.get(path).json()["changes"], "read again, it is the same proof"


def test_who_is_told_of_counts_and_the_rest_waits_for_another_day(
    register: Register, medical: Caller, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/subscriptions/{follow(medical, {'a': IN, 'b': WIFE, 'c': IN}).json()['id']}/changes"
    agree(policy, 5)  # three are used by the list itself
    assert medical.get(path).json()["changes"] == [] and Allowance.objects.get().persons == 3
    Label.objects.update(to_on=today())
    first = medical.get(path).json()
    assert [one["reference"] for one in first["changes"]] == ["a", "b"] and Allowance.objects.get().persons == 5
    calls = Allowance.objects.get().calls
    for after in (first["next"], 0):
        answer = medical.get(path, after=after)
        assert (answer.status_code, answer.json()["code"]) == (429, "exchange.quota_used_up")
        assert int(answer.headers["Retry-After"]) > 0
    assert Allowance.objects.get().calls == calls + 2, "a call that is refused for its people is a call"
    at = now() + timedelta(days=1)
    monkeypatch.setattr("doudi.exchange.api.now", lambda: at)
    rest = medical.get(path, after=first["next"]).json()
    assert [one["reference"] for one in rest["changes"]] == ["c"]
    assert Allowance.objects.get(day=today() + timedelta(days=1)).persons == 1


def test_no_more_are_followed_than_may_be_asked_about_in_a_day(
    register: Register, medical: Caller, policy: Path
) -> None:
    agree(policy, 4)
    first = follow(medical, {"a": IN, "b": OUT, "c": WIFE})
    assert first.status_code == 201
    Allowance.objects.all().update(persons=0)  # as on another day
    colleague = Caller(token_of("medical_insurance", "dibao_today", area="990101001"))
    for caller in (medical, colleague):
        answer = follow(caller, {"d": IN, "e": OUT})
        assert (answer.status_code, answer.json()["code"]) == (409, "exchange.too_many_followed")
    education = Caller(token_of("education", "dibao_today"))
    assert follow(education, {"a": IN, "b": OUT}, "education_assistance").status_code == 201
    assert medical.delete(f"/subscriptions/{first.json()['id']}").status_code == 204
    assert follow(colleague, {"d": IN, "e": OUT}).status_code == 201, "what has ended does not count"
    assert Subscription.objects.count() == 3 and not Change.objects.exists()


def test_a_roll_gives_as_many_as_the_day_has_left_and_a_refused_call_counts(
    register: Register, medical: Caller, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(policy, 1, "low_income_recognitions")
    first = medical.get(ROLL, purpose="medical_assistance").json()
    assert len(first["rows"]) == 1 and first["next"]

    def never(*_given: object) -> None:
        raise AssertionError("the register was asked without a quota")

    monkeypatch.setattr("doudi.exchange.actions.reading.rows_after", never)
    at = now()
    monkeypatch.setattr("doudi.exchange.api.now", lambda: at)
    codes = [medical.get(ROLL, purpose="medical_assistance", cursor=first["next"]).json()["code"] for _ in range(70)]
    assert set(codes) == {"exchange.quota_used_up", "exchange.too_fast"}
    held = Allowance.objects.get()
    assert held.calls_in_minute == 60 and held.calls >= 60 and held.persons == 1
    assert Use.objects.exclude(outcome="refused").count() == 1
