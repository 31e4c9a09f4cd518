"""Pages and their forms, found by walking a site's links with a client without script; and forms filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from doudi.core.clock import today
from tests.accounts.conftest import holder_of
from tests.browser.walk import NOT_PAGES, kind_of

TOKENS = ("csrfmiddlewaretoken", "form_shown_at")
IMPERSONAL = re.compile(r"/(policy/(?!drafts)|areas/)")
CHROME = ("/language/", "/elder/", "/accounts/logout/")
"""Forms that stand on every page."""
TEXTUAL = ("text", "search", "textarea", "hidden", "email", "tel", "url", "number", "date", "password", "")


@dataclass
class Field:
    """One named control."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    required: bool = False


@dataclass
class Form:
    """A form as a page shows it."""

    page: str
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> tuple[str, tuple[str, ...]]:
        """What makes it the same form as another: where it goes, and what it asks."""
        return kind_of(self.action), tuple(sorted(self.fields))

    @property
    def takes_files(self) -> bool:
        return any(one.kind == "file" for one in self.fields.values())

    def filled(self, **given: Any) -> dict[str, Any]:
        """What somebody in a hurry would send: what stands there, and something fitting where nothing does."""
        data: dict[str, Any] = {}
        for name, one in self.fields.items():
            value = given.get(name, _something(one))
            if value not in (None, [], ""):
                data[name] = value
        if self.buttons:
            data.setdefault(*self.buttons[0])
        return data

    def texts(self) -> list[str]:
        """Names of fields into which anything can be written, also by whoever writes requests by hand."""
        return [name for name, one in self.fields.items() if one.kind != "file" and name not in TOKENS]


def _something(one: Field) -> Any:
    if one.name in TOKENS or (one.value and one.kind in TEXTUAL):
        return one.value
    if one.kind in ("select", "radio"):
        return (one.checked or [next((choice for choice in one.choices if choice), "")])[0]
    if one.kind == "checkbox":
        return one.checked or one.choices[:1]
    if one.kind == "file":
        return None
    if one.kind == "date":
        return today().isoformat()
    if one.kind == "password" or "password" in one.name:
        return "Anders-als-vorher-8"
    if one.kind == "number" or re.search(r"amount|percent|value|income|spending|count|months", one.name):
        return "3"
    named = {
        "area": "990101003",
        "username": "newcomer",
        "holder": holder_of("newcomer"),
        "applicant": "",
        "household_number": "",
        "q": "陈",
        "others": "",
    }
    return named.get(one.name, "情况属实，按规定办理。" if one.required or one.kind == "textarea" else "")


class _Reader(HTMLParser):
    """Forms and links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.links, self.forms = page, [], []  # type: ignore[var-annotated]
        self._form: Form | None = None
        self._select: Field | None = None
        self._area: Field | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        bare = {name for name, _value in attributes}
        if tag == "a" and said.get("href"):
            self.links.append(said["href"])
        elif tag == "form":
            self._form = Form(
                self.page, urljoin(self.page, said.get("action", "") or self.page), said.get("method", "get").lower()
            )
            self.forms.append(self._form)
        elif self._form is None or not (said.get("name") or tag == "option"):
            return
        elif tag == "input":
            self._input(said, bare)
        elif tag in ("select", "textarea"):
            made = Field(said["name"], tag, required="required" in bare)
            self._form.fields[made.name] = made
            self._select, self._area = (made, None) if tag == "select" else (None, made)
        elif tag == "option" and self._select is not None:
            self._select.choices.append(said.get("value", ""))
            if "selected" in bare:
                self._select.checked.append(said.get("value", ""))
        elif tag == "button":
            self._form.buttons.append((said["name"], said.get("value", "")))

    def _input(self, said: dict[str, str], bare: set[str]) -> None:
        assert self._form is not None
        kind, value = said.get("type", "text").lower(), said.get("value", "")
        if kind == "submit":
            self._form.buttons.append((said["name"], value))
            return
        made = self._form.fields.setdefault(said["name"], Field(said["name"], kind, required="required" in bare))
        if kind in ("radio", "checkbox"):
            made.choices.append(value or "on")
            made.checked += [value or "on"] * ("checked" in bare)
        else:
            made.value = value

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None:
            self._area.value, self._area = self._area.value.removeprefix("\n"), None


def read(page: str, html: str) -> tuple[list[str], list[Form]]:
    """(links, forms) of a page."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.links, reader.forms


def walk(
    client: Client, known: dict[str, set[str]], *, most: int = 1
) -> Iterator[tuple[str, HttpResponse, list[Form]]]:
    """(address, answer, forms that post) of each page reached by links, `most` of a kind.

    Pages of law and areas look alike for everybody: `known` remembers them from one walk to the next.
    """
    own: dict[str, set[str]] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address, follow=True)
        assert answer.status_code < 500, f"{address}: {answer.status_code}"
        if answer.status_code >= 400 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        landed = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        links, forms = read(landed, answer.content.decode())
        yield landed, answer, [form for form in forms if form.method == "post" and form.action not in CHROME]
        for link in links:
            target = urljoin(landed, link).split("#")[0]
            parts = urlsplit(target)
            if parts.netloc or not target.startswith("/") or NOT_PAGES.search(parts.path):
                continue
            seen = (known if IMPERSONAL.match(target) else own).setdefault(kind_of(target), set())
            if target not in seen and len(seen) < most:
                seen.add(target)
                waiting.append(target)


def small_file(name: str, text: str) -> SimpleUploadedFile:
    """A file to hand in."""
    return SimpleUploadedFile(name, text.encode())
