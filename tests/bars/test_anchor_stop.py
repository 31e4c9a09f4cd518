"""A-08: without an anchor for too long, approvals and money stop; looking, acceptance and checks go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from doudi.audit import context
from doudi.audit.models import Entry
from doudi.audit.queries import anchoring
from doudi.cases.models import Application
from doudi.core.clock import today
from tests.bars.conftest import Bar
from tests.cases.conftest import assessed, county, entered, handler, registrar, verified
from tests.cases.signing_in import signed_in

__all__ = ["assessed", "county", "entered", "handler", "registrar", "verified"]


@pytest.mark.django_db
@pytest.mark.bar(
    "A-08",
    "without an anchor approvals are refused with a banner, reading goes on; on its last day an act goes on, marked",
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
    Application.objects.filter(id=made.id).update(accepted_on=today())
    read = reviewer.get(page)
    refused = reviewer.post(reverse("cases:review", args=[made.id]), {"act": "agree"})
    made.refresh_from_db()
    was_refused = refused.status_code == 503 and made.state == "proposed"
    Application.objects.filter(id=made.id).update(accepted_on=today() - timedelta(days=90))
    reviewer.post(reverse("cases:review", args=[made.id]), {"act": "agree"})
    made.refresh_from_db()
    mark = Entry.objects.filter(verb="cases.review_opinion").values_list("mark", flat=True).last()
    context.forget()
    bar.says("review refused with a banner; pages read; overdue by statute: went on, marked")
    assert read.status_code == 200 and "痕迹超过时限没有锚定" in read.content.decode()
    assert was_refused, refused.status_code
    assert made.state == "reviewed" and mark == "unanchored:statutory_last_day"
