"""Asking for a simulation: the reform is read against the policy in force, the run is noted and announced."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.audit.actions import record_act
from doudi.core import events
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed
from doudi.engine.errors import EngineError
from doudi.engine.reform import parse_reform
from doudi.insight.events import SimulationAsked
from doudi.insight.models import SimulationRun
from doudi.insight.queries.starting import start_of


@transaction.atomic
def ask_simulation(
    *, actor: Actor, at: datetime.datetime, as_of: datetime.date, reform: str, lang: str
) -> SimulationRun:
    """A waiting run of the actor's area. Malformed with file, line and what to do if the reform does not fit."""
    if not may(actor, "insight.simulate"):
        raise Forbidden("insight.may_not_simulate", _("您现在的身份不能试算改革。请县级经办或负责人来做。"))
    start = start_of(actor.area, as_of)
    try:
        read = parse_reform(reform, start.policy)
        start.with_reform(reform)
    except EngineError as error:
        raise Malformed("insight.reform_malformed", error.message(lang)) from None
    run = SimulationRun.objects.create(
        place=actor.area or start.rulebook.place,
        as_of=as_of,
        reform=reform,
        label_zh=read.label["zh"][:200],
        label_en=read.label["en"][:200],
        rulebook=start.rulebook.hash,
        asked_by=actor.account_id,
        asked_name=actor.name,
        asked_at=at,
    )
    record_act(
        actor=actor, verb="insight.ask_simulation", subjects=[("simulation", run.id), ("area", run.place)], at=at,
        after=reform.encode(),
    )  # fmt: skip
    events.publish(SimulationAsked(str(run.id)), at=at)
    return run
