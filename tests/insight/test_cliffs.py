"""The page of a cliff: a family the reader may see, its curve with a table twin, every look on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from doudi.audit.models import Entry
from doudi.cases.models import Application
from tests.cases.conftest import ELSEWHERE
from tests.cases.signing_in import signed_in

pytestmark = pytest.mark.django_db


def test_a_curve_is_drawn_with_its_table_before_and_after(assessed: Callable[..., Application]) -> None:
    made = assessed()
    client, _ = signed_in("handler")
    page = client.get(reverse("insight:cliff", args=[made.id])).content.decode()
    main = page.split("<main")[1]
    assert "<svg" in main and 'role="img"' in main and "style=" not in main
    assert main.count('<g class="curve') == 3 and "渐退期内" in main and "就业收入豁免" in main
    assert "同样的数，用表看" in main and "人均收入低于低保标准" in main and "第九条" in main
    assert "李小明" not in main
    one = client.get(reverse("insight:cliff", args=[made.id]) + "?person=1&reform=none&limit=3000").content.decode()
    assert one.count('<g class="curve') == 1 and "王秀英" in one
    english, _ = signed_in("county_officer", "990101", language="en")
    assert "The same figures as a table" in english.get(reverse("insight:cliff", args=[made.id])).content.decode()


def test_every_look_is_on_record(assessed: Callable[..., Application]) -> None:
    made = assessed()
    client, _ = signed_in("handler")
    assert made.number in client.get(reverse("insight:cliffs")).content.decode()
    client.get(reverse("insight:cliff", args=[made.id]))
    assert Entry.objects.filter(verb="insight.list_cliffs").count() == 1
    assert Entry.objects.filter(verb="insight.open_cliff").count() == 1


def test_a_family_is_found_by_its_number_and_only_in_ones_area(assessed: Callable[..., Application]) -> None:
    made = assessed()
    client, _ = signed_in("handler")
    answer = client.post(reverse("insight:cliffs"), {"number": made.number})
    assert answer["Location"] == reverse("insight:cliff", args=[made.id])
    stranger, _ = signed_in("handler", ELSEWHERE)
    assert "没有这个编号" in stranger.post(reverse("insight:cliffs"), {"number": made.number}).content.decode()
    assert stranger.get(reverse("insight:cliff", args=[made.id])).status_code == 403
    auditor, _ = signed_in("auditor", "990101")
    assert auditor.get(reverse("insight:cliffs")).status_code == 403


def test_without_a_proposal_there_is_no_curve_and_odd_questions_are_no_failure(
    entered: Callable[..., Application],
) -> None:
    made = entered()
    client, _ = signed_in("handler")
    answer = client.get(reverse("insight:cliff", args=[made.id]))
    assert answer.status_code == 409 and "还没有系统建议" in answer.content.decode()
    for query in ("person=9", "person=x", "person=0&limit=1", "person=0&reform=nothing"):
        assert client.get(reverse("insight:cliff", args=[made.id]) + f"?{query}").status_code in (200, 409)
