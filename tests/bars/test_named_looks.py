"""A-06: whoever is shown is named by the entry, on pages, files, the sharing API and the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from typer.main import get_command
from typer.testing import CliRunner

from doudi.accounts.logic.roles import ROLES
from doudi.audit.models import EntrySubject
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.keeping.actions import place_hold
from doudi.keeping.queries import subjects_of
from doudi.registry.actions import end_label
from doudi.registry.models import Household, Label, Person
from doudi.site.cli import build
from doudi.site.flow.deciding import decided
from doudi.site.flow.trial import _written
from tests.bars import houses
from tests.bars.conftest import Bar
from tests.bars.test_masks import said
from tests.bars.walking import Walk
from tests.cases.conftest import AT, County, county, staff
from tests.exchange.calling import Caller
from tests.exchange.conftest import IN, WIFE, Register, medical, register
from tests.exports.taking import take

__all__ = ["county", "medical", "register"]
pytestmark = pytest.mark.django_db
WHAT = "whoever is shown is named by the entry: on pages and files, by the sharing API, on the command line"
FEWEST = 40
"""So many answers that show somebody the short form looks at, at least."""


NOBODY_ELSE: Mapping[str, UUID] = {}


@dataclass
class Watch:
    """By which texts people are known on a page, and by which subjects in the log; who was shown and not named."""

    texts: dict[str, UUID] = field(default_factory=dict)
    subjects: dict[UUID, set[tuple[str, str]]] = field(default_factory=dict)
    shown: int = 0
    silent: list[str] = field(default_factory=list)
    _last: int = 0

    @classmethod
    def over_all(cls) -> Watch:
        """Everybody of the register: by name, by the number of a household (its head) and of an application."""
        made = cls({person.name: person.id for person in Person.objects.all()})
        heads = Household.objects.filter(head__isnull=False).exclude(number="")
        made.texts |= {str(number): head for number, head in heads.values_list("number", "head_id") if number}
        made.texts |= dict(Application.objects.values_list("number", "applicant_id"))
        made.subjects = {person: set(subjects_of(person)) for person in set(made.texts.values())}
        made.fresh()
        return made

    def fresh(self) -> set[tuple[str, str]]:
        """Whom entries have named since this was asked last."""
        rows = list(EntrySubject.objects.filter(id__gt=self._last).order_by("id"))
        self._last = rows[-1].id if rows else self._last
        return {(row.kind, row.subject) for row in rows}

    def saw(self, where: str, text: str, also: Mapping[str, UUID] = NOBODY_ELSE) -> None:
        """What was answered now, held against what has been written into the log since the answer before. `also` are
        people whom an answer is about without a word that tells them.
        """
        named = self.fresh()
        shown = {marker: one for marker, one in self.texts.items() if marker in text} | dict(also)
        missed = sorted(marker for marker, one in shown.items() if not self.subjects[one] & named)
        self.shown += bool(shown)
        self.silent += [f"{where}: {', '.join(missed)} not among {sorted(named)[:4]}"] * bool(missed)


def bare(answer: HttpResponse) -> str:
    """What somebody reads of an answer, without its addresses."""
    return re.sub(r"<[^>]*>", " ", said(answer))


@pytest.mark.bar("A-06", WHAT)
def test_pages_and_files_name_whom_they_show(bar: Bar, county: County) -> None:
    made = houses.build(county, bar.size(6, 10))
    _hold(made)
    clients = {role: houses.desk(role) for role in ROLES}
    draft = clients["registrar"].post("/cases/new/")["Location"]
    typed = {"applied_on": "2026-07-14", "household_number": "YX000100", "applicant": made.numbers[0]}
    members = clients["registrar"].post(draft, typed)["Location"]
    watch = Watch.over_all()
    for address in ("/cases/new/", members):
        watch.saw(f"registrar {address}", bare(clients["registrar"].get(address)))
    assert watch.shown == 2, "the draft names the family"
    for role, client in clients.items():
        walk = Walk(client, most=bar.size(40, 400), most_of_a_kind=bar.size(2, 12))
        for address, answer in walk.answers(*_starts(made, bar.full)):
            watch.saw(f"{role} {address}", bare(answer))
            if b'name="purpose"' in answer.content:
                watch.saw(f"{role} {address} file", bare(take(client, address)))
        watch.saw(f"{role} search", bare(client.post("/search/", {"q": "钱"}, follow=True)))  # type: ignore[arg-type]
    bar.says(f"{watch.shown} answers that show somebody, {len(watch.silent)} whose entry does not name them all")
    assert not watch.silent, "\n".join(watch.silent)
    assert watch.shown >= FEWEST


def _starts(made: houses.Houses, full: bool) -> list[str]:
    """Pages that links do not lead everybody to."""
    found = ["/verification/?show=all", "/cases/?state=all"]
    found += [f"/households/{one}/" for one in (*made.households, *made.units)]
    found += [f"/people/{one}/copy/" for one in made.people]
    for one in made.applications:
        found += [f"/cases/{one}/{part}" for part in ("", "decision/", "opinion/", "alternatives/", "opinion-zh.pdf")]
    for one in made.checks:
        found += [f"/verification/{one}/", f"/verification/{one}/report.pdf?full=1"]
    return found if full else found[:: max(1, len(found) // 12)] + found[-2:]


def _hold(made: houses.Houses) -> None:
    place_hold(
        actor=staff("county_leader", "990101"), at=AT, kind="person", subject=made.people[0],
        reason="复议",
    )  # fmt: skip


@pytest.mark.bar("A-06", WHAT)
def test_the_sharing_api_names_whom_it_answers_about(bar: Bar, register: Register, medical: Caller) -> None:
    watch, about = Watch.over_all(), {"李建国": register.ids[IN], "王秀英": register.ids[WIFE]}
    roll = {"purpose": "medical_assistance", "limit": 100}
    watch.saw("rows", medical.get("/products/low_income_recognitions/rows", **roll).content.decode(), about)
    question = {"request_id": str(uuid4())}
    first = {"李建国": register.ids[IN]}
    for name in ("answer", "the same answer again"):
        watch.saw(name, medical.ask(IN, **question).content.decode(), first)
    people = {"a": IN, "b": WIFE, "c": WIFE}
    body = {"request_id": str(uuid4()), "purpose": "medical_assistance", "people": people}
    for name in ("subscribe", "subscribe again"):
        made = medical.post("/products/dibao_today/subscriptions", body)
        watch.saw(name, made.content.decode(), about)
    _dibao_ends()
    for name in ("changes", "changes read again"):
        told = medical.get(f"/subscriptions/{made.json()['id']}/changes")
        assert len(told.json()["changes"]) == 3
        watch.saw(name, told.content.decode(), about)
    bar.says(f"{watch.shown} calls about somebody, {len(watch.silent)} whose entry does not name them all")
    assert not watch.silent, "\n".join(watch.silent)
    assert watch.shown == 7


def _dibao_ends() -> None:
    label = Label.objects.get(code="dibao")
    end_label(actor=Actor.system(), at=now(), label=label.id, on=today(), reason="x")


SHOW_NOBODY = {
    "audit": "opaque ids", "backup": "sealed files, and figures", "bench": "made-up households", "bootstrap": "staff",
    "check": "how the house is", "gateway": "serves the zone between", "init": "a new house", "keys": "names of keys",
    "let-in": "staff", "load": "counts, and places in the sender's file", "outer": "serves the outer zone",
    "policy": "rules", "restore": "figures", "retention": "counts",
    "run": "serves the demo", "screen": "a snapshot's counts; no database",
    "seal": "a file and its seal", "simulate": "a snapshot's counts; no database", "snapshot": "counts",
    "twin": "made-up people", "up": "serves the house", "verify": "counts",
}  # fmt: skip
"""Commands, and why what they print shows nobody of the register."""


@pytest.mark.bar("A-06", WHAT)
def test_commands_name_whom_they_show(
    bar: Bar, county: County, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = houses.build(county, 6)
    monkeypatch.setattr("doudi.site.django_setup.opened", nullcontext)
    watch = Watch.over_all()
    number = Application.objects.get(pk=made.applications[2]).number
    for form in ((), ("--json",), ("--html",)):
        done = CliRunner().invoke(build(), ["decide", "--application", number, *form])
        assert done.exit_code == 0, done.output
        watch.saw(f"decide {form}", done.output, {number: watch.texts[number]})
    found = list(decided()) * 4
    assert len(found) > 10
    loaded: Any = SimpleNamespace(unreadable={}, problems=[])
    _written(tmp_path / "out", loaded, found, Actor.system())
    watch.saw("trial", " ".join(path.read_text() for path in (tmp_path / "out").rglob("*") if path.is_file()))
    bar.says(f"{watch.shown} outputs that show somebody, {len(watch.silent)} whose entry does not name them all")
    assert not watch.silent, "\n".join(watch.silent)
    assert watch.shown == 4


@pytest.mark.bar("A-06", WHAT)
def test_every_command_is_tried_or_shows_nobody(bar: Bar) -> None:
    named = set(get_command(build()).commands)  # type: ignore[attr-defined]
    bar.says(f"{len(named)} commands: 2 tried, {len(SHOW_NOBODY)} that show nobody, each with a reason")
    assert named == {*SHOW_NOBODY, "decide", "trial"}
