"""Carrying a simulation out: a snapshot of the day, both rulebooks over it in slices; only totals are kept."""

from __future__ import annotations

import datetime
import json
import shutil
import uuid
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.engine.simulate import Simulation, simulate
from doudi.insight.actions.problems import problem_of
from doudi.insight.models import SimulationRun
from doudi.insight.queries.starting import start_of
from doudi.matching.actions import snapshot_for

MEMORY = "2GB"


def carry_out(*, actor: Actor, at: datetime.datetime, simulation: uuid.UUID) -> SimulationRun:
    """Work a run out; a finished one stays as it is, a broken one goes on with its slices. A refusal is its result."""
    run = SimulationRun.objects.get(pk=simulation)
    if run.state in (SimulationRun.State.DONE, SimulationRun.State.FAILED):
        return run
    run.state = SimulationRun.State.RUNNING
    run.save(update_fields=["state"])
    folder = settings.HOME / "simulations" / str(run.id)
    try:
        start = start_of(run.place, run.as_of)
        snapshot = snapshot_for(
            actor=actor,
            at=at,
            place=run.place,
            as_of=run.as_of,
            rulebook=start.rulebook,
            folder=settings.HOME / "snapshots",
        )
        found = simulate(
            start.rulebook, start.with_reform(run.reform), snapshot, folder, as_of=run.as_of, memory_limit=MEMORY,
            progress=lambda done, of: _noted(run, done, of),
        )  # fmt: skip
    except Exception as error:  # nobody foresaw some of them; somebody waits all the same
        return _ended(run, actor, at, None, problem_of(error))
    finally:
        _forget(folder)
    return _ended(run, actor, at, found, None)


def _noted(run: SimulationRun, done: int, of: int) -> None:
    run.done, run.of = done, of
    run.save(update_fields=["done", "of"])


@transaction.atomic
def _ended(
    run: SimulationRun,
    actor: Actor,
    at: datetime.datetime,
    found: Simulation | None,
    problem: dict[str, str] | None,
) -> SimulationRun:
    """One entry with how many households were looked at and the digest of what came out."""
    run.result, run.problem, run.ended_at = found.to_json() if found else None, problem, at
    run.state = SimulationRun.State.DONE if found else SimulationRun.State.FAILED
    run.save(update_fields=["result", "problem", "ended_at", "state"])
    content = json.dumps(run.result or problem, ensure_ascii=False, sort_keys=True).encode()
    record_act(
        actor=actor, verb="insight.simulate", subjects=[("simulation", run.id), ("area", run.place)], at=at,
        outcome="done" if found else "failed", count=found.households + found.errors if found else 0,
        digest=sha256(content).hexdigest(),
    )  # fmt: skip
    return run


def _forget(folder: Path) -> None:
    """The slices hold households; totals are all that is kept."""
    shutil.rmtree(folder, ignore_errors=True)
