"""A proposal told as text, JSON and HTML: choices and reckoned income show, all is escaped, nothing needs a script."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from doudi.engine.case import read_case
from doudi.engine.policy import load
from doudi.engine.proposal import Proposal
from doudi.engine.rulebook import resolve
from doudi.engine.run import decide
from doudi.engine.telling import proposal_text
from doudi.engine.telling_html import proposal_html, proposal_page
from tests.engine.decision_case import decision_case
from tests.engine.kept_policy import family, policy
from tests.engine.small import PLACE

SHIPPED = Path(__file__).resolve().parents[2] / "policy"
EVIL = "<script>alert('x')</script> & \"房\""
CSS = Path(__file__).resolve().parents[2] / "src/doudi/core/static/doudi/doudi.css"


def shipped() -> Proposal:
    book = resolve(load(SHIPPED), PLACE)
    return decide(book, read_case(decision_case(), book))


@pytest.fixture
def small(tmp_path: Path) -> Proposal:
    book = resolve(load(policy(tmp_path)), PLACE)
    return decide(book, read_case(family(discretion_hardship={"choice": True, "reason": EVIL}), book))


class Tags(HTMLParser):
    """Whether tags are well nested; ids, links, classes and attributes as they come."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, name: str) -> list[Any]:
        return [value for key, value in self.attributes if key == name]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_html_holds_every_step_once_under_what_it_leads_to(lang: str) -> None:
    proposal = shipped()
    tags = Tags(proposal_html(proposal, lang))
    assert tags.open == [] and tags.seen.count("details") == len(proposal.steps) == tags.seen.count("summary")
    assert set(tags.of("href")) <= {f"#{name}" for name in tags.of("id")}
    assert len(tags.of("id")) == len(set(tags.of("id")))


def test_html_has_no_style_and_no_script_and_only_classes_of_the_house() -> None:
    tags = Tags(proposal_page(shipped(), "zh"))
    assert {key for key, _ in tags.attributes} <= {"lang", "class", "id", "href", "charset"}
    assert not {"script", "style", "img", "link", "iframe"} & set(tags.seen)
    known = set(re.findall(r"\.([a-z-]+)", CSS.read_text(encoding="utf-8")))
    assert {name for text in tags.of("class") for name in text.split()} <= known


def test_what_people_wrote_is_escaped(small: Proposal) -> None:
    text = proposal_html(small, "zh")
    assert "<script" not in text and "&lt;script&gt;alert(&#x27;x&#x27;)" in text
    assert Tags(text).open == []


@pytest.mark.parametrize(("lang", "mark", "reason"), [("zh", "推算", "理由："), ("en", "imputed", "because: ")])
def test_choices_show_with_their_reason_and_reckoned_income_is_marked(
    small: Proposal, lang: str, mark: str, reason: str
) -> None:
    text = proposal_text(small, lang, steps=True)
    assert sum(mark in line for line in text.splitlines()) == 2 == sum(step.is_imputed for step in small.steps)
    assert reason + EVIL in text
    html = proposal_html(small, lang)
    assert html.count(f'<span class="tag info">{mark}</span>') == 2


def test_json_is_the_same_to_the_byte_for_the_same_proposal() -> None:
    assert json.dumps(shipped().to_json()) == json.dumps(shipped().to_json())
