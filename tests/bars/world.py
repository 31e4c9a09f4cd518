"""A small world to try walls on: township 001 of county 990101 has rows in every protected table; others look on.

`markers` are texts that only the rows of 001 hold: whoever reads one of them elsewhere has found a leak. A new
protected table needs a row of it here; the bars say so.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from doudi.areas.actions import load_area_rows
from doudi.cases.actions import (
    accept_application,
    assess,
    enter_application,
    propose_opinion,
    review_opinion,
    save_draft,
    verify_application,
)
from doudi.cases.models import Application, Discretion
from doudi.core.actor import Actor
from doudi.exchange.models import Change, Interest, Subscription, Use
from doudi.exports.models import Approval as ExportApproval
from doudi.exports.models import Handout
from doudi.gateway.models import Enquiry
from doudi.insight.models import PublishedTable, SimulationRun
from doudi.keeping.models import Hold, Note
from doudi.matching.models import Snapshot
from doudi.matching.queries import evidence as evidence_room
from doudi.registry.actions import (
    add_bank_account,
    form_hukou_households,
    record_declarations,
    record_obligors,
    register_people,
    rename_person,
    set_labels,
    set_obligation,
)
from doudi.registry.logic.newcomers import NewDeclaration, NewHousehold, NewLabel, NewObligors, NewPerson
from doudi.registry.logic.obligors import Obligor
from doudi.registry.models import Obligation
from doudi.rulebook.actions import publish
from doudi.rulebook.models import Approval, Draft, DraftStep, Impact
from doudi.rulebook.queries import current
from doudi.sources.models import Delivery, QuarantinedRow, WaitingRow
from tests.cases.conftest import APPLIED, AT, HEAD, POLICY, REGISTERED, SON, WIFE, entry, staff
from tests.matching.fakes import FakeCoverage, FakeLake
from tests.registry.conftest import number

COUNTY, HOME, VILLAGE = "990101", "990101001", "990101001001"
NEIGHBOUR, OTHER_COUNTY = "990101002", "990102"
AREAS = [
    ("99", "虚构省"), ("9901", "虚构市"), (COUNTY, "云溪县"), (HOME, "石桥乡"), (VILLAGE, "石桥村"),
    (NEIGHBOUR, "望江镇"), (f"{NEIGHBOUR}001", "望江社区"), (OTHER_COUNTY, "南屏县"), (f"{OTHER_COUNTY}001", "南屏镇"),
]  # fmt: skip
NAMES = {HEAD: "欧阳建国", WIFE: "司徒秀英", SON: "欧阳小明"}
NUMBER, HOUSEHOLD, BANK, LINE = "SQ990101-2026-77701", "YX777001", "6222021234567890123", "石桥村七十七号"


@dataclass
class World:
    """What was made, as far as the bars need it."""

    application: Application
    people: dict[str, uuid.UUID]
    neighbours: dict[str, uuid.UUID] = field(default_factory=dict)

    @property
    def markers(self) -> set[str]:
        return {*NAMES.values(), "欧阳建邦", *NAMES, NUMBER, HOUSEHOLD, BANK, LINE, "欧阳大海"}


def build(monkeypatch: pytest.MonkeyPatch) -> World:
    """Committed, so that other connections see it."""
    system = Actor.system()
    load_area_rows(actor=system, at=AT, rows=AREAS, from_on=datetime.date(2020, 1, 1))
    publish(actor=system, at=AT, root=POLICY, place=COUNTY, effective_on=datetime.date(2025, 7, 1))
    lake, rulebook = FakeLake(), current(COUNTY, APPLIED)
    for record in rulebook.records.values():
        lake.coverages[record.feed.name] = FakeCoverage(datetime.date(2025, 7, 1), datetime.date(2026, 6, 1))
    monkeypatch.setattr(evidence_room, "sources", lake)
    people = _family(system, HOUSEHOLD, VILLAGE, list(NAMES.items()))
    others = [(number("19600101", 51), "慕容远山"), (number("19610101", 52), "慕容近水")]
    neighbours = _family(system, "YX888001", f"{NEIGHBOUR}001", others)
    _family(system, "YX999001", f"{OTHER_COUNTY}001", [(number("19700101", 61), "诸葛南屏")])
    made = World(_application(people, rulebook), people, neighbours)
    _said(system, made)
    _set_aside(people)
    _worked_out(system)
    _shared(people[HEAD])
    return made


def _family(system: Actor, household: str, area: str, named: list[tuple[str, str]]) -> dict[str, uuid.UUID]:
    given = [NewPerson(number, name, hukou_type="农村", area_code=area, state="正常") for number, name in named]
    ids = register_people(actor=system, at=AT, people=given).ids
    members = tuple((ids[number], "户主" if place == 0 else "家庭成员") for place, (number, _) in enumerate(named))
    new = NewHousehold(household, area, members[0][0], members)
    form_hukou_households(actor=system, at=AT, households=[new], on=REGISTERED, origin="gongan_huji")
    return ids


def _application(people: dict[str, uuid.UUID], rulebook: object) -> Application:
    """From the counter to the second person's yes."""
    registrar, handler, reviewer = (staff(role, HOME) for role in ("registrar", "handler", "reviewer"))
    made = enter_application(actor=registrar, at=AT, entry=entry(number=NUMBER, household_number=HOUSEHOLD))
    accept_application(actor=handler, at=AT, application=made.id, on=APPLIED)
    verify_application(actor=handler, at=AT, application=made.id, rulebook=rulebook)  # type: ignore[arg-type]
    Discretion.objects.create(
        application=made, fact="household.x", choice="yes", reason="情况属实", chosen_by="a", chosen_name="a",
        chosen_at=AT,
    )  # fmt: skip
    assess(actor=handler, at=AT, application=made.id, rulebook=rulebook)  # type: ignore[arg-type]
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=False, outcome="not_eligible", reason="材料不全")
    review_opinion(actor=reviewer, at=AT, application=made.id, agrees=True)
    save_draft(actor=registrar, at=AT, draft=None, answers={"household_number": HOUSEHOLD})
    return Application.objects.get(pk=made.id)


def _said(system: Actor, made: World) -> None:
    head, wife = made.people[HEAD], made.people[WIFE]
    said = [
        NewDeclaration("household.declared_other_income", "200", APPLIED, household=made.application.household_id),
        NewDeclaration("person.x", "true", APPLIED, person=head, application=NUMBER),
    ]
    record_declarations(actor=system, at=AT, declarations=said)
    obligor = Obligor(uuid.uuid4(), "欧阳大海", "child", "外地")
    record_obligors(actor=system, at=AT, statements=[NewObligors(head, (obligor,), APPLIED, application=NUMBER)])
    set_labels(
        actor=system, at=AT,
        labels=[NewLabel("dibao", APPLIED, "test", household=made.application.household_id, amount=Decimal(600))],
    )  # fmt: skip
    set_obligation(actor=system, at=AT, obligor=wife, person=head, kind=Obligation.Kind.MAINTAINS, from_on=APPLIED)
    add_bank_account(actor=system, at=AT, person=head, bank="银行", number=BANK, from_on=APPLIED)
    rename_person(actor=system, at=AT, person=head, name="欧阳建邦", on=APPLIED, reason="更名")


def _set_aside(people: dict[str, uuid.UUID]) -> None:
    sent = Delivery.objects.create(
        feed="yibao_jiesuan", file_name="x.csv", digest="0" * 64, size=1, state="accepted", received_at=AT,
        received_by="x", rows=2, quarantined=1, waiting=1,
    )  # fmt: skip
    QuarantinedRow.objects.create(
        delivery=sent, row=1, code="row.code", person_key=uuid.uuid4(), cells_enc=b"x", area_code=HOME
    )
    WaitingRow.objects.create(delivery=sent, row=2, cells_enc=b"x", area_code=HOME)
    Note.objects.create(
        person=people[HEAD], area_code=HOME, about="本人", said_enc=b"x", noted_by="x", noted_name="x", noted_at=AT
    )
    Hold.objects.create(
        kind="person", subject=people[HEAD], area_code=HOME, placed_role="county_leader", reason="复议", placed_by="x",
        placed_name="x", placed_at=AT,
    )  # fmt: skip


def _worked_out(system: Actor) -> None:
    Snapshot.objects.create(
        as_of=APPLIED, place=HOME, rulebook="0" * 64, folder="x", households=1, persons=3, made_at=AT
    )
    run = SimulationRun.objects.create(
        place=HOME, as_of=APPLIED, reform="x", label_zh="改", label_en="x", rulebook="0" * 64, asked_by="x",
        asked_name="x", asked_at=AT,
    )  # fmt: skip
    PublishedTable.objects.create(simulation=run, counts={}, money=[], at=AT)
    for state in ("drafting", "published"):
        draft = Draft.objects.create(
            place=HOME, title="改", origin="browser", base=b"x", digest="1" * 64, effective_on=APPLIED, state=state,
            author_id="one", author_name="one", opened_at=AT, saved_at=AT,
        )  # fmt: skip
        DraftStep.objects.create(
            draft=draft, move="open", ended_in="drafting", at=AT, account_id="one", account_name="one", role="x",
            digest="1" * 64,
        )  # fmt: skip
        impact = Impact.objects.create(
            draft=draft, digest="1" * 64, asked_by="one", asked_at=AT, result={}, recorded_at=AT
        )
        if state == "published":
            Approval.objects.create(
                draft=draft, author_id="one", digest="1" * 64, impact=impact, approved_by="two", approved_name="two",
                approved_at=AT,
            )  # fmt: skip


def _shared(person: uuid.UUID) -> None:
    """What was taken out, what another department follows, what came from the internet zone."""
    Enquiry.objects.create(receipt="W77701", code_digest=b"x", area_code=HOME, text_enc=b"x", submitted_at=AT)
    asked = ExportApproval.objects.create(
        export="x.y", address="/x/", purpose="casework", reason="x", persons=1, why="file", area_code=HOME,
        asked_by="one", asked_name="one", asked_role="handler", asked_at=AT, until=AT,
    )  # fmt: skip
    Handout.objects.create(
        export="x.y", account_id="one", account_name="one", role="handler", area_code=HOME, size=1, digest="0" * 64,
        at=AT, approval=asked,
    )  # fmt: skip
    Use.objects.create(
        product="x", kind="answer", department="x", account_id="x", account_name="x", area_code=HOME, outcome="yes",
        at=AT,
    )  # fmt: skip
    followed = Subscription.objects.create(
        product="x", department="x", account_id="x", area_code=HOME, purpose="x", begun_at=AT
    )
    Interest.objects.create(subscription=followed, person_id=person, reference="x", answer="yes")
    Change.objects.create(subscription=followed, reference="x", was="no", answer="yes", noted_at=AT)
