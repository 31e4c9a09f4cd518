"""A-08: without an anchor for too long, approvals and money stop; looking, acceptance and checks go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse

from doudi.audit import context
from doudi.audit.models import Entry
from doudi.audit.queries import anchoring
from doudi.cases.lifecycle import WHOLE_DAYS
from doudi.cases.models import Application
from doudi.cases.views import decision
from doudi.core.holidays import HOLIDAYS
from doudi.lib.working_days import SHANGHAI, add_working_days
from tests.bars.conftest import Bar
from tests.cases.conftest import APPLIED, assessed, county, entered, handler, registrar, verified
from tests.cases.signing_in import signed_in

__all__ = ["assessed", "county", "entered", "handler", "registrar", "verified"]

DAY = date(2026, 7, 15)
ENDS = add_working_days(APPLIED, WHOLE_DAYS, HOLIDAYS).day
"""The day after the acceptance was recorded, and the one its clock ends on."""


def accepted_for(due_on: date) -> date:
    """The day of acceptance whose clock ends on a day."""
    days = (due_on - timedelta(days=back) for back in range(WHOLE_DAYS, 3 * WHOLE_DAYS))
    return next(day for day in days if add_working_days(day, WHOLE_DAYS, HOLIDAYS).day == due_on)


@pytest.mark.django_db
@pytest.mark.bar(
    "A-08",
    "without an anchor approvals are refused with a banner, reading goes on; what ends today goes on, marked, no other",
)
def test_approvals_wait_for_the_anchor(
    assessed: Callable[..., Application], monkeypatch: pytest.MonkeyPatch, bar: Bar
) -> None:
    made = assessed()
    proposer, _ = signed_in("handler")
    proposer.post(reverse("cases:propose", args=[made.id]), {"act": "agree"})
    made.refresh_from_db()
    assert made.state == "proposed"
    reviewer, _ = signed_in("township_leader")
    page = reverse("cases:opinion", args=[made.id])
    assert "痕迹超过时限没有锚定" not in reviewer.get(page).content.decode()
    monkeypatch.setattr(anchoring, "LIMIT", timedelta(seconds=-1))
    context.forget()
    told = {}
    for name, day, accepted_on in (
        ("far", DAY, APPLIED), ("said to be accepted long ago", DAY, accepted_for(DAY)),
        ("tomorrow", ENDS - timedelta(days=1), APPLIED), ("yesterday", ENDS + timedelta(days=1), APPLIED),
        ("today", ENDS, APPLIED),
    ):  # fmt: skip
        monkeypatch.setattr(decision, "now", lambda day=day: datetime.combine(day, time(10), SHANGHAI))
        Application.objects.filter(id=made.id).update(accepted_on=accepted_on)
        read = reviewer.get(page)
        assert read.status_code == 200 and "痕迹超过时限没有锚定" in read.content.decode()
        told[name] = reviewer.post(reverse("cases:review", args=[made.id]), {"act": "agree"}).status_code
        made.refresh_from_db()
        assert (made.state == "reviewed") == (name == "today"), name
    mark = Entry.objects.filter(verb="cases.review_opinion").values_list("mark", flat=True).last()
    context.forget()
    bar.says(f"pages read with a banner; review by where the clock ends: {told}; the one that ends today is marked")
    assert told.pop("today") == 302 and set(told.values()) == {503} and len(told) == 4
    assert mark == "unanchored:statutory_last_day"
