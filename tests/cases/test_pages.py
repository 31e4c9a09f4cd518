"""Pages of an application: its course, the reasons down to the article, the opinion; who sees what of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse

from doudi.audit.models import Entry
from doudi.cases.actions import propose_opinion, review_opinion
from doudi.cases.models import Application, Opinion, Review
from doudi.cases.queries import open_assessment
from doudi.cases.queries.alternatives import alternatives_page
from doudi.core.actor import Actor
from tests.cases.conftest import AT, ELSEWHERE, HEAD, SON, WIFE, County
from tests.cases.signing_in import signed_in
from tests.exports.taking import take

pytestmark = pytest.mark.django_db
FULL_NUMBER = re.compile(r"99\d{15}[\dX]")


def address(name: str, made: Application, *more: str) -> str:
    return reverse(f"cases:{name}", args=[made.id, *more])


def test_the_list_shows_the_area_and_filters(entered: Callable[..., Application]) -> None:
    made = entered()
    client, _actor = signed_in("handler")
    page = client.get(reverse("cases:list"))
    assert made.number in page.content.decode() and "李建国" in page.content.decode()
    assert made.number not in client.get(reverse("cases:list") + "?state=reviewed").content.decode()
    assert made.number in client.get(reverse("cases:list") + "?number=SQ2026").content.decode()
    assert made.number not in client.get(reverse("cases:list") + "?mine=1").content.decode()
    stranger, _actor = signed_in("handler", ELSEWHERE)
    assert made.number not in stranger.get(reverse("cases:list")).content.decode()


def test_a_filter_that_makes_no_sense_is_no_failure(county: County) -> None:
    client, _actor = signed_in("registrar")
    for query in ("number=%00", "number=SQ%001", "state=%00", "page=%00", "mine=%00"):
        assert client.get(f"/cases/?{query}").status_code == 200


def test_an_identity_number_typed_into_the_search_does_not_reach_the_address(county: County) -> None:
    client, _actor = signed_in("handler")
    mistyped = (WIFE[:17] + ("1" if WIFE[17] != "1" else "2"), WIFE[:17], WIFE + "0", WIFE[:6] + WIFE[8:17])
    for typed in (WIFE, *mistyped):
        answer = client.post(reverse("cases:list"), {"number": typed})
        assert answer.status_code == 302 and typed not in answer["Location"]
    assert client.post(reverse("cases:list"), {"number": "SQ2"})["Location"].endswith("?number=SQ2")


def test_an_application_opens_with_its_course_and_next_step(entered: Callable[..., Application]) -> None:
    made = entered()
    client, _actor = signed_in("registrar")
    text = client.get(address("application", made)).content.decode()
    assert "申请登记" in text and address("accept", made) in text and "受理" in text
    assert not FULL_NUMBER.search(text)
    assert Entry.objects.filter(verb="cases.open_application").count() == 1


def test_the_whole_way_by_buttons(county: County, entered: Callable[..., Application]) -> None:
    made = entered()
    handler, acting = signed_in("handler", name="陈立")
    reviewer, _other = signed_in("reviewer", name="何静")
    for act in ("accept", "verify"):
        assert handler.post(address(act, made)).status_code == 302
    assert handler.post(address("calculate", made))["Location"] == address("decision", made)
    assert handler.post(address("propose", made), {"act": "agree", "reason": ""})["Location"] == address(
        "opinion", made
    )
    opinion = Opinion.objects.get(application=made)
    assert opinion.proposed_by == acting.account_id
    assert reviewer.post(address("review", made), {"act": "agree", "reason": ""}).status_code == 302
    assert Review.objects.get(opinion=opinion).agrees
    text = reviewer.get(address("opinion", made)).content.decode()
    assert "陈立" in text and "何静" in text and "1,930.00" in text


def test_the_decision_opens_from_the_sentence_down_to_the_article(
    county: County, assessed: Callable[..., Application]
) -> None:
    made = assessed()
    client, _actor = signed_in("handler")
    text = client.get(address("decision", made)).content.decode()
    assert "系统建议：符合最低生活保障" in text and "1,930.00" in text
    assert "人均月收入 50.00 低于低保标准 650.00" in text
    assert "云溪市社会救助规定" in text and "第1条" in text, "where the line is set"
    assert "社会救助暂行办法" in text and "第九条" in text
    assert "同意建议，提交复核" in text
    assert not FULL_NUMBER.search(text)
    assert Entry.objects.filter(verb="cases.open_decision").count() == 1


def test_the_officer_sees_rows_and_the_township_does_not(county: County, assessed: Callable[..., Application]) -> None:
    county.deliver(WIFE, "shuiwu_gongzi", month=datetime.date(2026, 1, 1), amount=Decimal("1234.56"))
    made = assessed()
    officer, _actor = signed_in("verification_officer", "990101")
    silent, _other = signed_in("verification_officer", "990101")
    officer.post(f"/accounts/purpose/?about={made.household_id}", {"purpose": "verify_means"})
    township, _actor = signed_in("handler")
    full, short = (client.get(address("decision", made)).content.decode() for client in (officer, township))
    assert "1,234.56" in full and "第 2 行" in full and "银行存款理财" in full
    assert "1,234.56" not in short and "第 2 行" not in short
    before = silent.get(address("decision", made)).content.decode()
    assert "1,234.56" not in before and "第 2 行" not in before and "说明用途，看明细" in before
    assert "说明用途，看明细" not in full and "说明用途，看明细" not in short
    assert Entry.objects.filter(verb="cases.open_decision", purpose="verify_means").count() == 1
    assert "同意建议，提交复核" not in full


def test_missing_facts_are_named_with_what_to_do(assessed: Callable[..., Application]) -> None:
    made = assessed(signed=(HEAD,))
    client, _actor = signed_in("handler")
    text = client.get(address("decision", made)).content.decode()
    assert "还缺这些" in text and "王秀英" in text and "请本人签授权书" in text
    assert "同意建议，提交复核" not in text
    answer = client.post(address("propose", made), {"act": "agree"})
    assert answer.status_code == 400 and "不能同意" in answer.content.decode()
    assert not Opinion.objects.exists()


def test_departing_without_a_reason_keeps_what_was_typed(assessed: Callable[..., Application]) -> None:
    made = assessed()
    client, _actor = signed_in("handler")
    given = {"act": "depart", "outcome": "eligible", "programme": "dibao", "amount": "1888.00", "reason": ""}
    answer = client.post(address("propose", made), given)
    text = answer.content.decode()
    assert answer.status_code == 400 and "请写明理由" in text and 'value="1888.00"' in text
    assert 'href="#id_reason"' in text
    given["reason"] = "赡养费没有到账"
    assert client.post(address("propose", made), given).status_code == 302
    assert Opinion.objects.get().amount == Decimal(1888)


def test_nobody_reviews_their_own_opinion_on_screen(assessed: Callable[..., Application], handler: Actor) -> None:
    made = assessed()
    client, acting = signed_in("reviewer")
    propose_opinion(
        actor=Actor(acting.account_id, "同一人", "handler", acting.area), at=AT, application=made.id, agrees=True
    )
    text = client.get(address("review", made)).content.decode()
    assert "请另一位同事复核" in text and 'value="agree"' not in text
    assert client.post(address("review", made), {"act": "agree"}).status_code == 403
    assert not Review.objects.exists()


def test_sending_back_without_a_reason_is_said(assessed: Callable[..., Application], handler: Actor) -> None:
    made = assessed()
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    client, _actor = signed_in("reviewer")
    answer = client.post(address("review", made), {"act": "send_back", "reason": ""})
    assert answer.status_code == 400 and "请写明理由" in answer.content.decode()
    assert client.post(address("review", made), {"act": "send_back", "reason": "说明赡养费"}).status_code == 302
    assert "说明赡养费" in client.get(address("application", made)).content.decode()


@pytest.mark.parametrize("name", ["application", "decision", "opinion", "entered"])
def test_another_township_and_a_wrong_id_are_refused_alike(
    name: str, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed()
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    stranger, _actor = signed_in("handler", ELSEWHERE)
    there = stranger.get(address(name, made))
    made.id = made.household_id
    nowhere = stranger.get(address(name, made))
    assert there.status_code == nowhere.status_code == 403
    assert len(there.content) == len(nowhere.content)


def test_roles_without_the_permission_cannot_act(entered: Callable[..., Application]) -> None:
    made = entered()
    auditor, _actor = signed_in("auditor", "990101")
    assert auditor.get(address("application", made)).status_code == 200
    for act in ("accept", "verify", "calculate", "return", "supplement", "propose", "review"):
        assert auditor.post(address(act, made)).status_code == 403
    administrator, _actor = signed_in("system_administrator", "990101")
    assert administrator.get(reverse("cases:list")).status_code == 403


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_opinion_prints(lang: str, assessed: Callable[..., Application], handler: Actor, reviewer: Actor) -> None:
    made = assessed()
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True, reason="情况属实")
    review_opinion(actor=reviewer, at=AT, application=made.id, agrees=True)
    client, _actor = signed_in("handler")
    answer = take(client, address("opinion_pdf", made, lang))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert Entry.objects.filter(verb="cases.print_opinion").count() == 1


def test_english_pages_say_no_chinese_of_ours(assessed: Callable[..., Application], handler: Actor) -> None:
    made = assessed()
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    client, _actor = signed_in("reviewer", name="He Jing", language="en")
    for name in ("application", "decision", "review", "opinion"):
        text = client.get(address(name, made)).content.decode()
        assert "Next step" in text or "Proposed opinion" in text or "review" in text.lower()
        assert "下一步办理" not in text and "办理经过" not in text and "依据：" not in text


def test_returning_and_supplementing_by_form(assessed: Callable[..., Application]) -> None:
    made = assessed()
    client, _actor = signed_in("handler")
    assert client.get(address("return", made)).status_code == 200
    assert "请写明理由" in client.post(address("return", made), {"reason": ""}).content.decode()
    assert client.get(address("supplement", made)).status_code == 200
    empty = client.post(address("supplement", made), {}).content.decode()
    assert "没有填写任何一项" in empty and "<form" in empty, "what was opened stays open"
    assert client.post(address("supplement", made), {"declared_other_income": "300.00"}).status_code == 302
    assert "现在记着的" in (page := client.get(address("supplement", made)).content.decode()) and "300.00" in page
    assert client.post(address("return", made), {"reason": "缺户口簿"}).status_code == 302
    assert Application.objects.get(pk=made.id).state == "returned"


def test_a_family_with_an_unknown_household_can_be_handled(county: County, entered: Callable[..., Application]) -> None:
    made = entered(household_number="YX999999")
    client, _actor = signed_in("handler")
    for act in ("accept", "verify", "calculate"):
        assert client.post(address(act, made)).status_code == 302, act
    text = client.get(address("decision", made)).content.decode()
    assert "请核对户口簿" in text
    assert SON


def test_what_else_fits_is_shown_with_reasons_and_what_is_still_to_be_asked(
    assessed: Callable[..., Application],
) -> None:
    made = assessed()
    client, actor = signed_in("handler")
    text = client.get(address("alternatives", made)).content.decode()
    assert address("alternatives", made) in client.get(address("decision", made)).content.decode()
    assert "最低生活保障" in text and "特困" in text and not FULL_NUMBER.search(text)
    assert "有法定义务人" in text, "why the first of the chain did not fit"
    assert Entry.objects.filter(verb="cases.open_alternatives", account_id=actor.account_id).exists()
    stranger, _actor = signed_in("handler", ELSEWHERE)
    assert stranger.get(address("alternatives", made)).status_code == 403


def test_every_programme_is_named_once_with_all_its_reasons(assessed: Callable[..., Application]) -> None:
    made = assessed()
    assessment = open_assessment(made.id)
    assert assessment is not None
    shown = alternatives_page(assessment, {}, "zh")
    labels = [line.label for line in (*shown.chain, *shown.fitting, *shown.open, *shown.refused)]
    assert len(labels) == len(set(labels)) > 10
    assert any(line.reasons for line in (*shown.fitting, *shown.open, *shown.refused))
