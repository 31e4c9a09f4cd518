"""S-22: whatever is typed into any field stays what was typed: nothing is carried out, nothing breaks."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.bars.attacks import MARK, PRODUCT, TABLE, corpus
from tests.bars.conftest import Bar
from tests.bars.pages import TOKENS, Form, walk
from tests.bars.seeded import Seeded, seed

OFTEN = ("registrar", "handler", "verification_officer", "county_officer", "county_leader", "security_administrator")
SLOW = 8.0
"""Seconds: a statement that sleeps sleeps nine."""
SECRETS = ("root:x:0:", "pbkdf2_sha256$", "Traceback (most recent", "psycopg.errors", "syntax error at or near")


class Carried(HTMLParser):
    """What of an attack came to life in a page: an element, an attribute, a script, an address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._within = tag
        if MARK in tag:
            self.found.append(f"<{tag}>")
        for name, value in attributes:
            runs = name.startswith("on") or name in ("style", "srcdoc")
            leads = name in ("href", "src", "action", "formaction", "data") and (
                value or ""
            ).strip().lower().startswith(("javascript:", "data:text", "//"))
            if MARK in name or (runs and MARK in (value or "")) or leads:
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self._within in ("script", "style") and MARK in data:
            self.found.append(f"in <{self._within}>")

    def handle_endtag(self, tag: str) -> None:
        self._within = ""


def faults(response: HttpResponse, text: str, took: float) -> list[str]:
    """What an answer shows of an attack that worked."""
    found = [str(response.status_code)] if response.status_code >= 500 else []
    found += [f"{took:.1f} s"] if took > SLOW else []
    body = response.content.decode("utf-8", "replace") if not response.streaming else ""
    found += [f"worked out: {text[:40]}"] if PRODUCT in body and PRODUCT not in text else []
    found += [f"told: {secret}" for secret in SECRETS if secret in body and secret not in text]
    found += (
        ["header"]
        if any(
            MARK in value for name, value in response.headers.items() if name not in ("Location", "Content-Disposition")
        )
        or f"X-{MARK}" in response.headers
        else []
    )
    if response.get("Location", "").startswith(("//", "http", "javascript")):
        found.append(f"led to {response['Location']}")
    if response.get("Content-Type", "").startswith("text/html"):
        page = Carried()
        page.feed(body)
        found += page.found
    return found


def traces() -> list[str]:
    """What an attack would have left behind outside the answers."""
    left = [str(path) for path in (Path("/tmp") / TABLE, Path.cwd() / TABLE) if path.exists()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname = %s", [TABLE])
        left += [f"table {TABLE}"] * cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname = 'cases_application'")
        left += ["a table is gone"] * (1 - cursor.fetchone()[0])
    return left


@pytest.fixture
def seeded(db: None, tmp_path: Path) -> Seeded:
    return seed(tmp_path)


def roles_of(seeded: Seeded, bar: Bar) -> list[str]:
    """All; in the short form those that between them see nearly every form."""
    return list(seeded.grants) if bar.full else [role for role in seeded.grants if role in OFTEN]


def forms_of(seeded: Seeded, bar: Bar) -> list[tuple[str, Form]]:
    """Each kind of form of the site once, with somebody who sees it."""
    found: dict[object, tuple[str, Form]] = {}
    known: dict[str, set[str]] = {}
    for role in roles_of(seeded, bar):
        for _address, _answer, forms in walk(seeded.client(role), known):
            for form in forms:
                found.setdefault(form.kind, (role, form))
    return list(found.values())


def questions_of(seeded: Seeded, bar: Bar) -> list[tuple[str, str]]:
    """(role, address) of every page, for what stands behind the question mark and in the path."""
    found: dict[str, str] = {}
    known: dict[str, set[str]] = {}
    for role in roles_of(seeded, bar):
        for address, _answer, _forms in walk(seeded.client(role), known):
            found.setdefault(address.split("?")[0], role)
    return [(role, address) for address, role in found.items()]


QUERY = (
    "page",
    "state",
    "number",
    "mine",
    "t",
    "on",
    "place",
    "programme",
    "residence",
    "feed",
    "q",
    "area",
    "next",
    "from",
    "to",
    "kind",
    "lang",
)


def shots(forms: list[tuple[str, Form]], strings: list[str], single: int) -> Iterator[tuple[str, Form, dict[str, str]]]:
    """First every field of a form gets a string at once, until all are used; then so many fields, one at a time."""
    turns, used = cycle(strings), 0
    for role, form in cycle(forms):
        if used >= len(strings):
            break
        names = form.texts()
        used += len(names)
        yield role, form, {name: next(turns) for name in names}
    targets = [(role, form, name) for role, form in forms for name in form.texts()]
    for number in range(single):
        role, form, name = targets[number * 7 % len(targets)]
        yield role, form, {name: next(turns)}


@pytest.mark.bar("S-22", "500 strings through every field of every form: nothing is carried out, nothing breaks")
def test_nothing_typed_is_carried_out(bar: Bar, seeded: Seeded) -> None:
    strings, forms = corpus(), forms_of(seeded, bar)
    assert len(strings) >= 500
    targets = [(role, form, name) for role, form in forms for name in form.texts()]
    clients = {role: seeded.client(role) for role in seeded.grants}
    wrong, used = [], set()
    count = 0
    for role, form, typed in shots(forms, strings, bar.size(20, 30_000)):
        started = time.monotonic()
        answer = clients[role].post(form.action, form.filled() | typed)
        took, all_of_it = time.monotonic() - started, " ".join(typed.values())
        wrong += [f"{form.action} ← {str(typed)[:160]}: {fault}" for fault in faults(answer, all_of_it, took)]
        used |= set(typed.values())
        count += 1
        if form.action.startswith("/accounts/"):
            clients[role] = seeded.client(role)
    stored = shown_afterwards(seeded, bar)
    bar.says(
        f"{count} requests, {len(used)} strings, {len(targets)} fields of {len(forms)} forms: "
        f"{len(wrong) + len(stored) + len(traces())} carried out or broken"
    )
    assert len(used) >= 500
    assert len(forms) >= 25
    assert not wrong, "\n".join(wrong[:30])
    assert not stored, "\n".join(stored[:30])
    assert not traces()


def shown_afterwards(seeded: Seeded, bar: Bar) -> list[str]:
    """What was kept, on the pages of everybody who sees it: still text."""
    found = []
    known: dict[str, set[str]] = {}
    for role in seeded.grants if bar.full else ("registrar", "county_officer"):
        for address, answer, _forms in walk(seeded.client(role), known, most=bar.size(1, 2)):
            page = Carried()
            page.feed(answer.content.decode())
            found += [f"{role} {address}: {fault}" for fault in page.found]
    return found


@pytest.mark.bar("S-22", "the same through addresses, questions, headers and cookies")
def test_nothing_in_an_address_is_carried_out(bar: Bar, seeded: Seeded) -> None:
    strings, pages = corpus(), questions_of(seeded, bar)
    clients = {role: seeded.client(role) for role in seeded.grants}
    turns, wrong, count = cycle(strings), [], 0
    for _round in range(bar.size(1, 20)):
        for role, address in pages:
            for name in QUERY if bar.full else QUERY[count % 9 :: 9]:
                text = next(turns)
                started = time.monotonic()
                answer = clients[role].get(
                    address, {name: text}, HTTP_REFERER="http://testserver/", HTTP_USER_AGENT=printable(text)
                )
                count += 1
                wrong += [
                    f"{address}?{name}={text[:60]!r}: {fault}"
                    for fault in faults(answer, text, time.monotonic() - started)
                ]
    stranger = Client(raise_request_exception=False)
    for text in strings[:: 1 if bar.full else 25]:
        stranger.cookies["django_language"] = printable(text)
        count += 1
        wrong += [
            f"cookie, next {text[:60]!r}: {fault}"
            for fault in faults(stranger.get("/accounts/login/", {"next": text}), text, 0)
        ]
    bar.says(f"{count} requests to {len(pages)} pages, {len(wrong)} carried out or broken")
    assert not wrong, "\n".join(wrong[:30])
    assert not traces()


def printable(text: str) -> str:
    """What may stand in a header."""
    return "".join(sign if " " <= sign <= "~" and sign not in ';"' else "?" for sign in text)[:200]


@pytest.mark.bar("S-22", "the same through the cells of files and the text of rulebook drafts")
def test_nothing_in_a_file_is_carried_out(bar: Bar, seeded: Seeded) -> None:
    officer, wrong, count = seeded.client("county_officer"), [], 0
    strings = [text for text in corpus() if "\0" not in text]
    size = bar.size(250, 60)
    parts = [strings[start : start + size] for start in range(0, len(strings), size)]
    for number, part in enumerate(parts):
        lines = ["|".join(("202507", _cell(text), _cell(text), _cell(text), _cell(text))) for text in part]
        text = "所属期|证件号码|姓名|扣缴义务人|收入额\n" + "\n".join(lines) + "\n"
        file = SimpleUploadedFile(f"shuiwu_gongzi_{number}.txt", text.encode())
        answer = officer.post("/deliveries/receive/", {"file": file}, follow=True)
        count += 1
        wrong += [f"text {number}: {fault}" for fault in faults(answer, "", 0)]
        answer = officer.post(
            "/policy/drafts/import/", {"place": "990101", "title": "x", "file": _book(part)}, follow=True
        )
        count += 1
        wrong += [f"book {number}: {fault}" for fault in faults(answer, "", 0)]
    for text in strings[:: bar.size(100, 1)]:
        yaml = SimpleUploadedFile("r.yaml", f"name: {text}\nlabel: {{zh: {text}, en: x}}\n".encode())
        answer = officer.post("/insight/simulations/new/", {"kind": "file", "file": yaml, "as_of": "2026-11-01"})
        count += 1
        wrong += [f"reform {text[:50]!r}: {fault}" for fault in faults(answer, text, 0)]
    bar.says(f"{len(strings)} strings in {count} files, {len(wrong)} carried out or broken")
    assert not wrong, "\n".join(wrong[:30])
    assert not shown_afterwards(seeded, bar)
    assert not traces()


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""').replace("\r", " ") + '"'


def _book(strings: list[str]) -> SimpleUploadedFile:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for row, text in enumerate(strings):
            for column in range(5):
                sheet.write_string(row, column, "".join(sign for sign in text if sign >= " ")[:2000])
    return SimpleUploadedFile("标准.xlsx", out.getvalue())


def test_the_tokens_may_be_anything(seeded: Seeded) -> None:
    """The hidden fields of a form are typed by whoever wants to."""
    client = seeded.client("county_officer")
    for text in corpus()[::20]:
        for name in TOKENS:
            answer = client.post("/policy/drafts/new/", {"place": "990101", "title": "x", name: text})
            assert answer.status_code < 500
