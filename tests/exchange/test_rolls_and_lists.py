"""Rolls by page with the agreed columns only; lists of interest with signed changes by cursor; the board."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse

from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import Missing
from doudi.engine.errors import PolicyError
from doudi.engine.reading import mapping
from doudi.engine.strict_yaml import parse
from doudi.exchange.actions import end_subscription, read_changes
from doudi.exchange.logic.products import read_product
from doudi.exchange.models import Allowance, Change, Interest, Subscription, Use
from doudi.exchange.queries import products
from doudi.registry.actions import end_label
from doudi.registry.models import DealtIn, Label, Person
from doudi.sources.models import Delivery
from tests.cases.signing_in import signed_in
from tests.exchange.calling import Caller, token_of
from tests.exchange.conftest import FAR, IN, NOBODY, OUT, WIFE, Register

pytestmark = pytest.mark.django_db
ROLL = "/products/low_income_recognitions/rows"


def test_a_roll_comes_by_page_with_the_agreed_columns(register: Register, medical: Caller) -> None:
    first = medical.get(ROLL, purpose="medical_assistance", limit=1).json()
    assert "rows" in first, first
    second = medical.get(ROLL, purpose="medical_assistance", limit=1, cursor=first["next"]).json()
    rows = first["rows"] + second["rows"]
    assert first["next"] not in {str(one) for one in register.ids.values()}, "the inner id is nobody else's"
    assert {row["name"] for row in rows} == {"李建国", "王秀英"} and second["next"] is None
    for row in rows:
        assert set(row) == {"reference", "name", "number_masked", "area", "recognition", "from_on", "to_on"}
        assert "********" in row["number_masked"] and row["recognition"] == "dibao"
    assert IN not in str(rows) and "650" not in str(rows), "never a number, never an amount"
    other = Caller(token_of("education", "low_income_recognitions"))
    theirs = other.get(ROLL, purpose="education_assistance").json()["rows"]
    assert not {row["reference"] for row in theirs} & {row["reference"] for row in rows}


def test_a_cursor_is_of_one_department_and_a_roll_without_quota_is_not_worked_out(
    register: Register, medical: Caller, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    education = Caller(token_of("education", "low_income_recognitions"))
    first = medical.get(ROLL, purpose="medical_assistance", limit=1).json()
    theirs = education.get(ROLL, purpose="education_assistance", limit=1).json()
    assert first["next"] != theirs["next"]
    Allowance.objects.update(persons=10**8)

    def never(*_given: object) -> None:
        raise AssertionError("the register was asked without a quota")

    monkeypatch.setattr("doudi.exchange.actions.reading.rows_after", never)
    assert medical.get(ROLL, purpose="medical_assistance").status_code == 429


def test_tries_at_lists_of_others_are_on_record(register: Register, medical: Caller) -> None:
    path = f"/subscriptions/{uuid4()}"
    assert medical.delete(path).status_code == medical.get(path).status_code == 404
    assert {row.kind for row in Use.objects.filter(outcome="refused", reason="no_such_subscription")} == {
        "end", "changes",
    }  # fmt: skip


def test_a_list_of_a_thousand_under_long_names_is_taken_and_a_larger_one_told_as_a_problem(
    register: Register, medical: Caller
) -> None:
    people = {f"{at:x>64}": IN for at in range(1000)}
    body = {"request_id": str(uuid4()), "purpose": "medical_assistance", "people": people}
    made = medical.post("/products/dibao_today/subscriptions", body)
    assert made.status_code == 201 and made.json()["followed"] == 1000
    body["people"] = {"x" * 300_000: IN}
    large = medical.post("/products/dibao_today/subscriptions", body)
    assert large.status_code == 413 and large.headers["Content-Type"] == "application/problem+json"


def test_an_old_roll_is_not_given_as_a_new_one(register: Register, medical: Caller) -> None:
    Delivery.objects.update(cutoff=today() - timedelta(days=90))
    assert medical.get(ROLL, purpose="medical_assistance").status_code == 503


def test_a_roll_is_of_the_area_of_its_asker(register: Register) -> None:
    elsewhere = Caller(token_of("medical_insurance", "low_income_recognitions", area="990102"))
    assert elsewhere.get(ROLL, purpose="medical_assistance").json()["rows"] == []


def test_changes_of_a_list_come_signed_by_cursor_once(register: Register, medical: Caller) -> None:
    people = {"a": IN, "b": OUT, "c": NOBODY, "d": FAR, "e": WIFE}
    body = {"request_id": str(uuid4()), "purpose": "medical_assistance", "people": people}
    made = medical.post("/products/dibao_today/subscriptions", body)
    assert made.status_code == 201 and made.json()["followed"] == 3
    assert sorted(made.json()["not_followed"]) == ["c", "d"]
    assert medical.post("/products/dibao_today/subscriptions", body).json()["id"] == made.json()["id"]
    assert Entry.objects.filter(verb="exchange.subscribe_again").count() == 1
    path = f"/subscriptions/{made.json()['id']}"
    assert medical.get(path).status_code == 200 and len(medical.get("/subscriptions").json()) == 1
    assert medical.get(f"{path}/changes").json()["changes"] == []
    end_label(actor=Actor.system(), at=now(), label=Label.objects.get().id, on=today(), reason="x")
    found = medical.get(f"{path}/changes").json()
    assert [(one["reference"], one["was"], one["answer"]) for one in found["changes"]] == [
        ("a", "yes", "no"), ("e", "yes", "no"),
    ]  # fmt: skip
    assert all(one["proof"].count(".") == 2 for one in found["changes"])
    assert medical.get(f"{path}/changes", after=found["next"]).json()["changes"] == []
    assert medical.get(f"{path}/changes").json()["changes"] == found["changes"], "an old cursor reads again"
    stranger = Caller(token_of("education", "dibao_today"))
    assert stranger.get(path).status_code == stranger.delete(path).status_code == 404
    assert medical.delete(path).status_code == 204 and medical.get(path).status_code == 404
    assert medical.get(f"{path}/changes").status_code == medical.delete(path).status_code == 404
    assert Interest.objects.count() == 3 and Change.objects.count() == 2, "who was followed and told stays on record"
    assert Subscription.objects.get().ended_at is not None


def test_a_list_that_ends_while_its_changes_are_asked_for_tells_nothing_more(register: Register) -> None:
    actor, product = Actor("x", "x", "service", "990101", "medical_insurance"), products()["dibao_today"]
    made = Subscription.objects.create(
        product=product.name, department=actor.department, account_id="x", area_code="990101",
        purpose="medical_assistance", begun_at=now(),
    )  # fmt: skip
    end_subscription(actor=actor, at=now(), product=product, subscription=made)
    with pytest.raises(Missing):
        read_changes(actor=actor, at=now(), product=product, subscription=made, after=0, limit=1)


def test_who_moves_out_of_the_area_is_told_as_not_known(register: Register, medical: Caller) -> None:
    people = {"a": IN, "b": OUT}
    body = {"request_id": str(uuid4()), "purpose": "medical_assistance", "people": people}
    path = f"/subscriptions/{medical.post('/products/dibao_today/subscriptions', body).json()['id']}/changes"
    moved = Person.objects.filter(pk=register.ids[OUT])
    moved.update(area_code="990102001001")
    DealtIn.objects.filter(person__in=moved).update(area_code="990102001001")
    told = medical.get(path).json()["changes"]
    assert [(one["reference"], one["was"], one["answer"]) for one in told] == [("b", "no", "unknown")]
    assert medical.get(path, after=told[0]["cursor"]).json()["changes"] == [], "once"


def test_only_products_that_say_so_can_be_followed(register: Register, medical: Caller) -> None:
    body = {"request_id": str(uuid4()), "purpose": "medical_assistance", "people": {"a": IN}}
    answer = medical.post("/products/low_income_recognitions/subscriptions", body)
    assert answer.status_code == 409 and answer.json()["code"] == "exchange.no_subscription"


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "医疗保障"), ("en", "medical insurance")])
def test_the_board_says_who_used_what_for_which_purpose(
    register: Register, medical: Caller, language: str, words: str
) -> None:
    for number in (IN, OUT, NOBODY):
        medical.ask(number)
    client, _ = signed_in("county_officer", "990101", language=language, department="civil_affairs")
    page = client.get(reverse("exchange:products")).content.decode()
    assert words in page.lower() and "1 ／ 1 ／ 1" in page
    assert words in client.get(reverse("exchange:uses")).content.decode().lower()
    assert client.get(reverse("exchange:product", args=["dibao_today"])).status_code == 200
    assert client.get(reverse("exchange:product", args=["nothing"])).status_code == 404
    nobody, _ = signed_in("county_officer", "990101", language=language)
    assert "1 ／ 1 ／ 1" not in nobody.get(reverse("exchange:products")).content.decode(), (
        "no department is not the owner"
    )
    handler, _ = signed_in("handler")
    assert handler.get(reverse("exchange:products")).status_code == 403


@pytest.mark.parametrize(
    "change",
    [("fields: [reference,", "fields: [income,"), ("answers: rows", "answers: all"), ("keep_days: 90", ""),
     ("label: {zh: '低收入人口认定名册', en: 'recognitions of the low-income population'}", "label: {zh: 甲}")],
)  # fmt: skip
def test_a_product_that_says_too_much_or_too_little_is_refused(policy: Path, change: tuple[str, str]) -> None:
    text = (policy / "products" / "low_income_recognitions.yaml").read_text(encoding="utf-8").replace(*change)
    with pytest.raises(PolicyError):
        read_product(mapping(parse(text)))
