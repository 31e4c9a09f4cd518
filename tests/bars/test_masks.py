"""S-07: no full identity, card or telephone number on any page, paper, file or log line that can be reached."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from doudi.accounts.logic.roles import POLICY, ROLES
from doudi.audit.models import Entry
from doudi.lib.identity_number import check_character
from tests.bars import houses
from tests.bars.conftest import Bar
from tests.bars.walking import Walk
from tests.cases.conftest import County, county
from tests.documents.reading import text_of
from tests.exports.taking import take

__all__ = ["county"]
pytestmark = pytest.mark.django_db
IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{17}[\dXx])(?![0-9A-Za-z])")
CARD = re.compile(r"(?<![0-9A-Za-z])(\d{16,19})(?![0-9A-Za-z])")
PHONE = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d{9})(?![0-9A-Za-z])")
TYPED = "13912345678"


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of a card number."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def numbers_in(text: str) -> set[str]:
    """Identity numbers with a right check character, card numbers with a right check digit, mobile numbers."""
    found = {one for one in IDENTITY.findall(text) if check_character(one[:17]) == one[17].upper()}
    found |= {one for one in CARD.findall(text) if luhn(one)}
    return found | set(PHONE.findall(text))


def said(answer: HttpResponse) -> str:
    """The text of an answer, whatever its form."""
    if answer.get("Content-Type", "").startswith("application/pdf"):
        return text_of(answer.content)
    return answer.content.decode("utf-8", "replace")


@dataclass
class Seen:
    """What was looked at, and what should not have been there."""

    pages: int = 0
    papers: int = 0
    hits: list[str] = field(default_factory=list)

    def look(self, where: str, text: str, known: set[str]) -> None:
        """The text as it is, and with its tags taken away: a number cut by tags is a number."""
        bare = re.sub(r"<[^>]*>", "", text)
        for number in numbers_in(text) | {one for one in known if one in text or one in bare}:
            self.hits.append(f"{where}: {number[:6]}…")


@contextmanager
def log_lines() -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, in the form in which the house writes it."""
    stream = io.StringIO()
    ours = [one for one in logging.getLogger().handlers if type(one.formatter).__module__.startswith("structlog")]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ours[0].formatter)
    logging.getLogger().addHandler(handler)
    try:
        yield stream
    finally:
        logging.getLogger().removeHandler(handler)


def walked(client: Client, where: str, seen: Seen, known: set[str], most: int, starts: list[str]) -> None:
    """Everything somebody can reach by links, and by addresses they might know."""
    for address, answer in Walk(client, most=most).answers(*starts):
        assert answer.status_code < 500, f"{where} {address}"
        if b'name="purpose"' in answer.content and (taken := take(client, address)).status_code == 200:
            seen.papers += 1  # a file behind the page that asks what it is wanted for
            seen.look(f"{where} {address} file", said(taken), known)
        seen.pages += 1
        seen.papers += "text/html" not in answer.get("Content-Type", "")
        seen.look(f"{where} {address}", address + said(answer), known)
        seen.look(f"{where} {address} headers", str(dict(answer.headers)), known)


@pytest.mark.bar("S-07", "no full identity, card or telephone number on any page, paper, file or log line")
def test_nothing_shows_a_number_in_full(bar: Bar, county: County) -> None:
    made = houses.build(county, bar.size(5, 6))
    known, seen = {*made.numbers, *made.cards, TYPED}, Seen()
    most = bar.size(8, 40)
    with log_lines() as lines:
        clients = {role: houses.desk(role) for role in ROLES}
        _work_with_numbers(clients["registrar"], made)
        for role, client in clients.items():
            starts = _starts(made, bar.full)
            walked(client, role, seen, known, most + (len(starts) if POLICY.may(role, "registry.read") else 0), starts)
        refused = _asked_without_the_right(clients, made, seen, known)
        logging.getLogger("doudi").warning("a number in a message: %s", made.numbers[0])
    logged = lines.getvalue()
    seen.look("log", logged, known)
    for entry in Entry.objects.all():
        seen.look("audit", bytes(entry.canonical).decode() + entry.reason + entry.actor_name, known)
    for session in Session.objects.all():
        seen.look("session", json.dumps(session.get_decoded(), default=str), known)
    count = logged.count("\n")
    bar.says(f"{seen.pages} pages ({seen.papers} papers and files), {count} log lines, {len(seen.hits)} full numbers")
    assert not seen.hits, seen.hits[:20]
    assert seen.pages >= bar.size(60, 500) and seen.papers >= 1 and refused and "[number]" in logged


@pytest.mark.bar("S-07", "the scan finds a number where one is: a reveal by who has the right, for a purpose")
def test_the_scan_sees_a_number_that_is_shown(bar: Bar, county: County) -> None:
    made = houses.build(county, 1)
    client = houses.desk("registrar")
    shown = client.post(f"/registry/persons/{made.people[0]}/number/", {"purpose": "handle_application"})
    back = client.get(f"/registry/persons/{made.people[0]}/number/")
    bar.says(f"{len(numbers_in(said(shown)))} number shown, {len(numbers_in(said(back)))} after it is masked again")
    assert numbers_in(said(shown)) == {made.numbers[0]} and not numbers_in(said(back))
    assert numbers_in(f"x {made.cards[0]} {TYPED}") == {made.cards[0], TYPED}


def _starts(made: houses.Houses, full: bool) -> list[str]:
    """Addresses somebody might know; all of them in the full form."""
    found = [f"/households/{one}/" for one in (*made.households, *made.units)]
    found += [f"/registry/persons/{one}/number/" for one in made.people]
    for one in made.applications:
        found += [f"/cases/{one}/{part}" for part in ("", "decision/", "opinion/", "alternatives/", "opinion-zh.pdf")]
    for one in made.checks:
        found += [f"/verification/{one}/", f"/verification/{one}/report.pdf?full=1"]
    return found if full else found[:: max(1, len(found) // 12)] + found[-2:]


def _work_with_numbers(client: Client, made: houses.Houses) -> None:
    """Numbers are typed where they may be: search, a draft, a mistake in a form."""
    client.post("/search/", {"q": made.numbers[0]})
    client.post("/search/", {"q": TYPED})
    draft = client.post("/cases/new/")["Location"]
    client.post(draft, {"applied_on": "2026-07-14", "household_number": "YX000100", "applicant": made.numbers[0]})


def _asked_without_the_right(clients: dict[str, Client], made: houses.Houses, seen: Seen, known: set[str]) -> int:
    """Roles without the right ask for the number all the same."""
    refused = 0
    for role, client in clients.items():
        if not POLICY.may_reveal(role, "identity_number"):
            answer = client.post(f"/registry/persons/{made.people[0]}/number/", {"purpose": "handle_application"})
            seen.look(f"{role} reveal", said(answer), known)
            refused += answer.status_code == 403
    return refused
