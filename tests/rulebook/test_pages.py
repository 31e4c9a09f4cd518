"""The policy pages as a reader sees them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Missing
from doudi.rulebook.actions import publish
from doudi.rulebook.logic.policy_page import programme_page
from doudi.rulebook.models import Published
from doudi.rulebook.queries import by_hash, current_edition
from doudi.rulebook.views import browsing as views

ROOT = Path(__file__).resolve().parents[2] / "policy"
ON = date(2026, 7, 10)

pytestmark = pytest.mark.django_db


def published_edition() -> Published:
    day, at = date(2026, 7, 1), datetime(2026, 7, 1, tzinfo=UTC)
    return publish(actor=Actor.system(), at=at, root=ROOT, place="990101", effective_on=day)


def shown(name: str, lang: str) -> str:
    rulebook = by_hash(published_edition().hash)
    page = programme_page(rulebook, name, place="990101", on=ON, lang=lang, area_name=lambda code: code)
    edition = current_edition("990101", ON)
    context = {"page": page, "place": "990101", "place_name": "990101", "on": ON, "edition": edition}
    with translation.override("en" if lang == "en" else "zh-hans"):
        return render_to_string("rulebook/programme.html", context)


def test_the_page_shows_conditions_figures_days_and_articles() -> None:
    text = shown("dibao", "zh")
    for expected in (
        "人均收入低于低保标准",
        "830 元/月",
        "城镇",
        "2026-07-01",
        "设区的市",
        "个工作日",
        "第二十条",
        "第5条第a项",
    ):
        assert expected in text, expected


def test_the_page_marks_samples() -> None:
    assert "示例，未核对原文" in shown("rigid_expenditure", "zh")


def test_the_english_page_has_english_headings() -> None:
    text = shown("dibao", "en")
    for expected in ("Conditions that must all hold", "How the amount is worked out", "working days", "yuan a month"):
        assert expected in text, expected


def asked(path: str, area: str = "990101001", **query: str) -> HttpRequest:
    request = RequestFactory().get(path, query)
    request.actor = Actor("id", "name", "registrar", area)  # type: ignore[attr-defined]
    return request


def test_the_list_shows_the_programmes_of_the_readers_area_in_the_order_of_the_chain() -> None:
    published_edition()
    text = views.programmes(asked("/policy/", on="2026-07-10")).content.decode()
    places = [text.index(f"/policy/{name}/") for name in ("tekun", "dibao", "dibao_edge", "rigid_expenditure")]
    assert places == sorted(places)


def test_a_page_is_shown_at_the_place_and_day_asked_for() -> None:
    published_edition()
    answer = views.programme(asked("/policy/dibao/", area="", place="990101", on="2026-07-10"), "dibao")
    assert answer.status_code == 200 and "830 元/月" in answer.content.decode()


def test_a_reader_without_an_area_sees_the_newest_edition() -> None:
    published_edition()
    assert views.programmes(asked("/policy/", area="", on="2026-07-10")).status_code == 200


def test_an_unknown_programme_is_missing() -> None:
    published_edition()
    with pytest.raises(Missing):
        views.programme(asked("/policy/x/", on="2026-07-10"), "x")


@pytest.mark.parametrize("query", [{"place": "北京"}, {"on": "yesterday"}, {"on": "20260710"}])
def test_a_place_or_a_day_that_cannot_be_read_is_refused(query: dict[str, str]) -> None:
    published_edition()
    with pytest.raises(Malformed):
        views.programmes(asked("/policy/", **query))


def test_without_any_edition_the_page_says_so() -> None:
    with pytest.raises(Missing):
        views.programmes(asked("/policy/", area=""))
