"""What is due is erased every night; running again the same day finds nothing left."""

from __future__ import annotations

import logging

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import Unavailable
from doudi.core.row_context import acting
from doudi.keeping.actions import erase_due

LOG = logging.getLogger(__name__)


@app.periodic(cron="10 19 * * *")  # UTC: ten past three at night in China
@app.task(name="doudi.keeping.tasks.erase", queueing_lock="keeping.erase", pass_context=False)
def erase(timestamp: int) -> None:
    """One run of retention. The job fails when a rule did, after all others were carried out."""
    with acting(Actor.system()):
        done = erase_due(actor=Actor.system(), at=now(), today=today())
    failed = {one.rule: one.failed for one in done if one.failed}
    if failed:
        LOG.error("retention was not carried out whole: %s", failed)
        raise Unavailable("keeping.not_all_erased", _("有到期数据没有删成，原因见运行日志。"), **failed)
