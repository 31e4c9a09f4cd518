"""What is kept of enquiries: answered ones go when their time has come; one nobody answered waits for its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from doudi.gateway.models import Enquiry
from doudi.keeping.logic.duties import Due, Duty, duties
from doudi.lib.working_days import start_of


@duties.fill
def enquiry_duty() -> Iterable[Duty]:
    """Answered enquiries."""
    yield Duty("enquiries", _answered, _delete)


def _answered(limit: date, _today: date) -> Iterator[Due]:
    """Nothing of them leads to a person of the register: no hold reaches them."""
    rows = Enquiry.objects.filter(answered_at__lt=start_of(limit + timedelta(days=1))).order_by("answered_at", "id")
    yield from (Due(str(own)) for own in rows.values_list("id", flat=True))


def _delete(keys: Sequence[str], _at: datetime) -> int:
    return Enquiry.objects.filter(pk__in=keys).delete()[0]
