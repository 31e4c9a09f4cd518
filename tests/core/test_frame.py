"""The frame of every page: language, large type, policy of content, weight; and the shapes apps fill."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import Client

from doudi.core.navigation import NavItem
from doudi.core.sockets import Socket
from tests.architecture.project import PACKAGE

FORBIDDEN = {
    "nesting": r"^\s*&|{[^{}]*\n\s*&", ":has": r":has\(", ":is": r":is\(", ":where": r":where\(",
    "color-mix": r"color-mix",
    "inset": r"\binset\s*:", "dvh": r"\d[dsl]vh", "layers": r"@layer|@container|@property",
}  # fmt: skip


def test_chinese_is_the_language_until_somebody_chooses_another(client: Client, db: None) -> None:
    page = client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="en-US,en")
    assert 'lang="zh-CN"' in page.content.decode() and page["Content-Language"] == "zh-hans"
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    page = client.get("/accounts/login/")
    assert '<html lang="en"' in page.content.decode() and "Log in" in page.content.decode()
    client.post("/language/", {"language": "xx"})
    assert '<html lang="en"' in client.get("/accounts/login/").content.decode(), "an unknown language changes nothing"


def test_large_type_is_switched_on_the_first_page_and_stays(client: Client, db: None) -> None:
    assert 'class="elder"' not in client.get("/accounts/login/").content.decode()
    client.post("/elder/", {"next": "/accounts/login/", "elder": "1"})
    page = client.get("/accounts/login/").content.decode()
    assert 'class="elder"' in page and 'aria-pressed="true"' in page
    client.post("/elder/", {"next": "/accounts/login/", "elder": "0"})
    assert 'class="elder"' not in client.get("/accounts/login/").content.decode()


def test_switches_need_a_click(client: Client, db: None) -> None:
    assert client.get("/language/").status_code == 405 and client.get("/elder/").status_code == 405


def test_the_policy_of_content_allows_nothing_from_elsewhere(client: Client, db: None) -> None:
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "img-src 'self' data:" in policy
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy and "http" not in policy


def test_no_template_has_style_or_script_inside_its_tags() -> None:
    wrong = [
        path.name
        for path in PACKAGE.rglob("templates/**/*.html")
        if re.search(r"\sstyle=|\son[a-z]+=\"|<style|javascript:", path.read_text(encoding="utf-8"))
    ]
    assert not wrong


def test_the_first_page_weighs_little(client: Client, db: None) -> None:
    page = client.get("/accounts/login/").content
    parts = [page]
    for name in re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode()):
        found = finders.find(name)
        assert found, name
        with open(str(found), "rb") as file:
            parts.append(file.read())
    assert sum(len(gzip.compress(part)) for part in parts) < 250 * 1024


def test_the_stylesheet_asks_nothing_of_chromium_86_that_it_lacks() -> None:
    text = (PACKAGE / "core" / "static" / "doudi" / "doudi.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    assert not [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text, re.MULTILINE)]
    depth = deepest = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        deepest = max(deepest, depth)
    assert depth == 0 and deepest == 2, "rules stand in rules only under @media"


def test_the_icon_is_where_browsers_look_for_it_beside_a_file(client: Client, db: None) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302 and finders.find(answer["Location"].removeprefix("/static/"))


def test_a_socket_collects_what_apps_fill_in_the_order_of_filling() -> None:
    socket: Socket[str] = Socket("test")

    @socket.fill
    def one(name: str) -> list[str]:
        return [f"one {name}"]

    socket.fill(lambda name: [f"two {name}"])
    socket.fill(one)
    assert list(socket.collect("x")) == ["one x", "two x"]


def test_the_navigation_marks_the_page_one_is_on() -> None:
    items = [NavItem("work", "Work", "/", count=3), NavItem("out", "Leave", "/out/", group="own", post=True)]
    drawn = Template("{% navigation %} work {% endnavigation %}").render(Context({"navigation_items": items}))
    assert '<a href="/" aria-current="page">Work' in drawn and ">3</i>" in drawn
    assert 'method="post" action="/out/"' in drawn


@dataclass
class Said:
    value: object


@pytest.mark.parametrize(("value", "shown"), [("1234.5", "1,234.50"), (0, "0.00"), (None, "—"), ("", "—"), ("x", "x")])
def test_money_is_shown_with_two_places_and_what_is_unknown_as_a_dash(value: object, shown: str) -> None:
    assert Template("{{ said.value|money }}").render(Context({"said": Said(value)})) == shown
