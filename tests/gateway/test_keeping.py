"""Answered enquiries go on their day; one that waits for its answer stays, however old."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.conf import settings

from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.gateway.models import Enquiry
from doudi.keeping.actions import erase_due
from doudi.keeping.queries import rules
from doudi.lib.months import add_months
from doudi.site.database import acting_as

ANSWERED = datetime(2026, 3, 2, 3, tzinfo=UTC)


def enquiry(receipt: str, answered: datetime | None) -> Enquiry:
    given = {"answer_enc": b"y", "answered_at": answered, "answered_by": "one"} if answered else {}
    return Enquiry.objects.create(
        receipt=receipt, code_digest=b"x", area_code="990101001", text_enc=b"x", submitted_at=ANSWERED, **given
    )


def test_an_answered_enquiry_goes_on_its_day_and_not_before(own_database: str) -> None:
    """By the worker: nobody else removes one."""
    old, later, open_one = enquiry("A1", ANSWERED), enquiry("A2", ANSWERED + timedelta(days=9)), enquiry("A3", None)
    months = next(rule for rule in rules() if rule.name == "enquiries").months
    assert months is not None
    due = add_months(date(2026, 3, 2), months)
    with acting_as("work", settings.HOME, name=own_database):
        for day, left in ((due - timedelta(days=1), {old, later, open_one}), (due, {later, open_one})):
            erase_due(actor=Actor.system(), at=datetime(day.year, day.month, day.day, 3, tzinfo=UTC), today=day)
            assert set(Enquiry.objects.all()) == left
        assert Entry.objects.filter(verb="keeping.erase", count=1).exists()
        erase_due(actor=Actor.system(), at=ANSWERED, today=add_months(due, 120))
        assert set(Enquiry.objects.all()) == {open_one}
