"""An officer and a leader of the county, a published rulebook, a draft with one new figure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from doudi.core.actor import Actor
from doudi.rulebook import actions
from doudi.rulebook.logic.yaml_text import NewBasis, NewValue
from doudi.rulebook.models import Draft, Published

ROOT = Path(__file__).resolve().parents[2] / "policy"
COUNTY, CITY = "990101", "9901"
AT = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
DAY = date(2027, 1, 1)
OFFICER = Actor("officer", "林晓燕", "county_officer", COUNTY)
LEADER = Actor("leader", "赵永安", "county_leader", COUNTY)
CITY_OFFICER = Actor("city-officer", "许文", "county_officer", CITY)
CITY_LEADER = Actor("city-leader", "白桦", "county_leader", CITY)
BASIS = NewBasis("云溪县社会救助实施细则（摘要）", "云府发〔2026〕9号", "第5条第a项", sample=True)
IMPACT = {"households": 4, "changed": 1}


def in_force() -> Published:
    return actions.publish(
        actor=Actor.system(),
        at=datetime(2026, 7, 1, tzinfo=UTC),
        root=ROOT,
        place=COUNTY,
        effective_on=date(2026, 7, 1),
    )


def months(value: str = "30", from_on: date = DAY) -> NewValue:
    return NewValue(COUNTY, from_on, None, value, BASIS)


def drafted(actor: Actor = OFFICER, place: str = COUNTY, value: NewValue | None = None, name: str = "") -> Draft:
    """A draft with one new figure and its day."""
    draft = actions.open_draft(actor=actor, at=AT, place=place, title="放宽存款上限")
    wanted = value or months()
    actions.set_value(actor=actor, at=AT, draft=draft.id, parameter=name or "financial_asset_months", value=wanted)
    return actions.set_day(actor=actor, at=AT, draft=draft.id, title="放宽存款上限", effective_on=DAY)


def with_impact(draft: Draft, actor: Actor = OFFICER) -> Draft:
    """Asked for and answered."""
    actions.ask_impact(actor=actor, at=AT, draft=draft.id)
    assert actions.record_impact(actor=Actor.system(), draft_id=str(draft.id), impact=dict(IMPACT), at=AT)
    return draft


def seen(draft: Draft) -> str:
    """The digest of a draft as a page would show it now."""
    return Draft.objects.values_list("digest", flat=True).get(pk=draft.id)


def submitted(actor: Actor = OFFICER, **wanted: object) -> Draft:
    """A draft in the hands of the second person."""
    draft = with_impact(drafted(actor, **wanted), actor)  # type: ignore[arg-type]
    return actions.submit_draft(actor=actor, at=AT, draft=draft.id, seen=seen(draft))
