"""The policy pages as a reader sees them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from doudi.core.actor import Actor
from doudi.rulebook.actions import publish
from doudi.rulebook.logic.policy_page import programme_page
from doudi.rulebook.queries import by_hash, current_edition

ROOT = Path(__file__).resolve().parents[2] / "policy"
ON = date(2026, 7, 10)

pytestmark = pytest.mark.django_db


def shown(name: str, lang: str) -> str:
    published = publish(
        actor=Actor.system(),
        at=datetime(2026, 7, 1, tzinfo=UTC),
        root=ROOT,
        place="990101",
        effective_on=date(2026, 7, 1),
    )
    page = programme_page(by_hash(published.hash), name, place="990101", on=ON, lang=lang, area_name=lambda code: code)
    context = {
        "page": page,
        "place": "990101",
        "place_name": "990101",
        "on": ON,
        "edition": current_edition("990101", ON),
    }
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
