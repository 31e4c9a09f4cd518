"""What is due is erased every night; running again the same day finds nothing left."""

from __future__ import annotations

from procrastinate.contrib.django import app

from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.row_context import acting
from doudi.keeping.actions import erase_due


@app.periodic(cron="10 19 * * *")  # UTC: ten past three at night in China
@app.task(name="doudi.keeping.tasks.erase", queueing_lock="keeping.erase", pass_context=False)
def erase(timestamp: int) -> None:
    """One run of retention."""
    with acting(Actor.system()):
        erase_due(actor=Actor.system(), at=now(), today=today())
