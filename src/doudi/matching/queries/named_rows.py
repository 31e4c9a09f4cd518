"""Rows of a register with names and numbers, from the sealed side file of a delivery; what kind of register it is."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Missing
from doudi.engine.feed_reader import read_feeds
from doudi.engine.feeds import Feed
from doudi.matching.logic.registering import NamedRow, canonical
from doudi.sources import queries as sources
from doudi.sources.models import Delivery


@dataclass(frozen=True, slots=True)
class Register:
    """A delivery seen as a register: `kind` is register, ledger, or empty for any other list of people."""

    feed: str
    kind: str
    label: str
    as_of: datetime.date
    waiting: int


def register_of(delivery: uuid.UUID) -> Register:
    """What kind of register a delivery is; its day is the sender's cut-off, else the day it was received."""
    found = Delivery.objects.filter(pk=delivery, state="accepted").first()
    if found is None:
        raise Missing("matching.no_such_delivery", _("没有这次交付，或者没有收下。请在交付页查看。"))
    feed = _feed(found.feed)
    day = found.cutoff or found.received_at.date()
    return Register(found.feed, kind_of(feed), label_of(feed), day, found.waiting)


def named_rows(delivery: uuid.UUID) -> list[NamedRow]:
    """The rows with a usable number, money and months under the names registering reads."""
    found = Delivery.objects.get(pk=delivery)
    feed = _feed(found.feed)
    return [
        NamedRow(row["number"], row.get("name") or "", tuple(map(tuple, row.get("people") or ())), canonical(feed, row))
        for row in sources.people_rows(delivery)
    ]


def kind_of(feed: Feed) -> str:
    """A household register has household numbers and relations; a ledger names a whole family in one cell."""
    names = {column.name for column in feed.columns}
    if {"household_no", "relation"} <= names:
        return "register"
    return "ledger" if any(column.role == "people" for column in feed.columns) else ""


def label_of(feed: Feed) -> str:
    """The label a ledger gives: its record's name without the word for list."""
    return feed.record.removesuffix("_ledger").removesuffix("_recipient")


def _feed(name: str) -> Feed:
    return read_feeds(settings.POLICY / "sources")[name]
