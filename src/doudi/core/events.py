"""Events: a lower app announces what has happened, upper apps subscribe; a job per subscriber, same transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string
from procrastinate.contrib.django import app


@dataclass(frozen=True, slots=True)
class Event:
    """A fact about the past: ids and values only. Subclasses are frozen dataclasses named in the past tense."""


_SUBSCRIBERS: dict[type[Event], list[str]] = {}


def subscribe(event: type[Event], task: str) -> None:
    """Let a function (dotted path, called with the event's fields and `at`) run as a job after each event."""
    tasks = _SUBSCRIBERS.setdefault(event, [])
    if task not in tasks:
        tasks.append(task)


def publish(event: Event, *, at: datetime) -> None:
    """Defer one job per subscriber; if the transaction rolls back, nothing was announced."""
    payload = {name: _plain(value) for name, value in asdict(event).items()} | {"at": at.isoformat()}
    for task in _SUBSCRIBERS.get(type(event), []):
        deliver.defer(task=task, payload=payload)


@app.task(name="doudi.core.events.deliver", retry=3)
def deliver(task: str, payload: dict[str, Any]) -> None:
    """Run one subscriber. Subscribers are idempotent: a stalled job runs again.

    Jobs are rows that a web connection may write: what nobody has subscribed is not run, whatever a row says.
    """
    if not any(task in tasks for tasks in _SUBSCRIBERS.values()):
        raise LookupError("a job names what has subscribed to no event")
    function: Callable[..., None] = import_string(task)
    function(**payload)


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value
