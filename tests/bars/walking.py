"""Walking the site with a test client: by links, by forms that only ask, breadth first; what was met on the way."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
IMPERSONAL = re.compile(r"^/(?:policy|areas)/")
"""Pages of law and of areas: many, alike, about nobody."""


def kind_of(address: str) -> str:
    """An address with its ids left open: pages of one kind look alike."""
    parts = urlsplit(address)
    path = UUID.sub("*", re.sub(r"[0-9a-f]{64}", "*", parts.path))
    path = re.sub(r"/\d+/", "/*/", path)
    path = re.sub(r"^/policy/.+", "/policy/*", path)
    return f"{path}?{re.sub('=[^&]*', '=', parts.query)}"


@dataclass
class Form:
    """A form of a page: where it goes, what it sends as it stands, and what else may be chosen."""

    action: str
    method: str
    page: str
    fields: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


class _Reader(HTMLParser):
    """Links and forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href"):
            self.links.append(urljoin(self.page, said["href"]).split("#")[0])
        elif tag == "form":
            action = urljoin(self.page, said.get("action") or self.page).split("#")[0]
            self._form = Form(action, said.get("method", "get").lower(), self.page)
            self.forms.append(self._form)
        elif self._form is not None and said.get("name", "") != "csrfmiddlewaretoken":
            self._part(tag, said, self._form)

    def _part(self, tag: str, said: dict[str, str], form: Form) -> None:
        name = said.get("name", "")
        if tag == "option" and self._select:
            form.choices[self._select].append(said.get("value", ""))
            if "selected" in said:
                form.fields[self._select] = said.get("value", "")
        elif tag == "select":
            self._select = name
            form.kinds[name] = "select"
        elif tag in ("input", "textarea", "button") and name:
            kind = said.get("type", "textarea" if tag == "textarea" else "text")
            form.kinds[name] = kind
            if kind in ("radio", "checkbox"):
                form.choices[name].append(said.get("value", "on"))
                if "checked" in said:
                    form.fields[name] = said.get("value", "on")
            elif kind == "submit" or tag == "button":
                form.choices[name].append(said.get("value", ""))
            else:
                form.fields[name] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""


def read(page: str, text: str) -> tuple[list[str], list[Form]]:
    """The links and forms of a page."""
    reader = _Reader(page)
    reader.feed(text)
    return reader.links, reader.forms


@dataclass
class Walk:
    """One visitor's way: answers in the order they were met, forms by their kind."""

    client: Client
    most: int = 10_000
    most_of_a_kind: int = 10_000
    forms: dict[tuple[str, tuple[str, ...]], Form] = field(default_factory=dict)
    _kinds: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def answers(self, *starts: str) -> Iterator[tuple[str, HttpResponse]]:
        """(address, answer) of every page and file that links lead to from the first page and from `starts`."""
        waiting, seen, met = ["/", *starts], {"/", *starts}, 0
        while waiting and met < self.most:
            address = waiting.pop(0)
            answer = self.client.get(address)
            met += 1
            yield address, answer
            for link in self._links(address, answer):
                if link.startswith("/") and link not in seen and not link.startswith("/static/") and self._wants(link):
                    seen.add(link)
                    waiting.append(link)

    def _links(self, address: str, answer: HttpResponse) -> list[str]:
        """Where a page leads; its forms are kept on the way."""
        if answer.status_code in (301, 302):
            return [urljoin(address, answer["Location"])]
        if "text/html" not in answer.get("Content-Type", ""):
            return []
        links, forms = read(address, answer.content.decode())
        for form in forms:
            if form.method == "post":
                self.forms.setdefault((kind_of(form.action), tuple(sorted(form.kinds))), form)
            else:
                links.append(f"{form.action.split('?')[0]}?{urlencode(form.fields)}")
        return links

    def _wants(self, link: str) -> bool:
        kind = kind_of(link)
        self._kinds[kind] += 1
        most = 2 if IMPERSONAL.search(link) else self.most_of_a_kind
        return self._kinds[kind] <= most
