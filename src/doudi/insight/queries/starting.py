"""What a simulation starts from: the policy in force, the day, the reforms shipped beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateWorker

from doudi.cases.models import Application
from doudi.engine.errors import EngineError
from doudi.engine.policy import Policy
from doudi.engine.reform import parse_reform, reformed
from doudi.engine.rulebook import Rulebook, resolve
from doudi.registry.logic.areas import bounds
from doudi.rulebook.queries import by_hash, current_edition, policy_of

_ALIVE = timedelta(minutes=1)
REFORMED_KEPT = 8
"""Rulebooks under a reform kept in memory: the same few reforms are looked at with family after family."""


@dataclass(frozen=True, slots=True)
class Start:
    """The policy and rulebook in force at a place on a day."""

    policy: Policy
    rulebook: Rulebook

    def with_reform(self, text: str) -> Rulebook:
        """The rulebook as it would be. Raises PolicyErrors."""
        return _reformed(self.rulebook.hash, text)


@lru_cache(maxsize=REFORMED_KEPT)
def _reformed(hash: str, text: str) -> Rulebook:
    """A published rulebook under a reform."""
    policy = policy_of(hash)
    return resolve(reformed(policy, parse_reform(text, policy)), by_hash(hash).place)


@dataclass(frozen=True, slots=True)
class Shipped:
    """A reform that comes with the product."""

    name: str
    label: dict[str, str]
    text: str


def start_of(place: str, on: date) -> Start:
    """What is in force; Missing if nothing was published."""
    edition = current_edition(place, on)
    return Start(policy_of(edition.hash), by_hash(edition.hash))


def shipped_reforms(policy: Policy) -> list[Shipped]:
    """The reforms beside the shipped policy that this policy can take; by file name."""
    found = []
    for path in sorted((settings.POLICY.parent / "reforms").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        try:
            reform = parse_reform(text, policy, name=path.name)
        except EngineError:
            continue
        found.append(Shipped(reform.name, reform.label, text))
    return found


def usual_day(area: str, today: date) -> date:
    """The day of the newest application of an area: what the departments' data are about; else today."""
    rows, limits = Application.objects.filter(applied_on__lte=today), bounds(area)
    if limits is not None:
        rows = rows.filter(area_code__gte=limits[0], area_code__lt=limits[1])
    newest = rows.order_by("-applied_on").first()
    return newest.applied_on if newest is not None else today


def a_worker_is_alive(at: datetime) -> bool:
    """Whether somebody takes jobs up; without one they are done in the request."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=at - _ALIVE).exists()
