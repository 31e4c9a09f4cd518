"""Signing and withdrawing authorisations. A signature opens the permits of every source that needs one."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.registry.queries import keys_of, members
from doudi.sources import actions as sources
from doudi.sources.logic.permits import NewPermit
from doudi.sources.queries import feeds
from doudi.verification.access import authorisation_for, require
from doudi.verification.models import Authorisation

AUTHORISED = "authorised"


def authorised_feeds() -> list[str]:
    """The sources that may be asked only about somebody who signed."""
    return sorted(name for name, feed in feeds().items() if feed.scope == AUTHORISED)


@transaction.atomic
def sign_authorisations(
    *,
    actor: Actor,
    at: datetime.datetime,
    household: uuid.UUID,
    signed: Mapping[uuid.UUID, datetime.date],
    to_on: datetime.date | None = None,
    application: str = "",
) -> list[Authorisation]:
    """Record who of a household signed on which day, and open their permits. One already recorded stays as it is."""
    require(actor, "verification.authorise", [household])
    _all_belong(household, signed)
    if to_on is not None and any(day > to_on for day in signed.values()):
        raise Refused("verification.ends_before_signed", _("授权截止日不能早于签署日。请改正日期。"))
    standing = {
        (row.person_id, row.signed_on): row
        for row in Authorisation.objects.filter(household_id=household, application=application, withdrawn_at=None)
    }
    made = [
        Authorisation(
            household_id=household,
            person_id=person,
            application=application,
            signed_on=day,
            to_on=to_on,
            recorded_by=actor.account_id,
            recorded_at=at,
        )
        for person, day in signed.items()
        if (person, day) not in standing
    ]
    Authorisation.objects.bulk_create(made)
    if made:
        _open(actor, at, made)
    people = [("person", person) for person in signed]
    record_act(
        actor=actor, verb="verification.sign_authorisations", at=at, count=len(made),
        subjects=[("household", household), *(people if len(people) <= 10 else [])],
    )  # fmt: skip
    fresh = {(row.person_id, row.signed_on): row for row in made}
    return [fresh.get(key) or standing[key] for key in signed.items()]


@transaction.atomic
def withdraw_authorisation(
    *, actor: Actor, at: datetime.datetime, authorisation: uuid.UUID, on: datetime.date, reason: str
) -> Authorisation:
    """The authorisation holds no longer from a day on; its permits close, those of another one still standing stay."""
    held = Authorisation.objects.select_for_update().get(pk=authorisation_for(actor, authorisation).pk)
    if held.withdrawn_at is not None:
        raise Refused("verification.already_withdrawn", _("这份授权书已经撤回。"))
    if not reason.strip():
        raise Refused("verification.reason_missing", _("请写明撤回的原因。"))
    if on < held.signed_on:
        raise Refused("verification.withdrawn_before_signed", _("撤回日不能早于签署日。请改正日期。"))
    held.withdrawn_on, held.withdrawn_reason, held.withdrawn_at = on, reason.strip(), at
    held.save(update_fields=["withdrawn_on", "withdrawn_reason", "withdrawn_at"])
    _close(actor, at, held, on, reason.strip())
    record_act(
        actor=actor, verb="verification.withdraw_authorisation", at=at, reason=reason.strip(),
        subjects=[("household", held.household_id), ("person", held.person_id), ("authorisation", held.id)],
    )  # fmt: skip
    return held


def _all_belong(household: uuid.UUID, signed: Mapping[uuid.UUID, datetime.date]) -> None:
    """Only members of the household on the day of signature can sign for it."""
    for day in set(signed.values()):
        inside = set(members(household, day).values_list("person_id", flat=True))
        if any(person not in inside for person, own_day in signed.items() if own_day == day):
            raise Refused(
                "verification.not_a_member", _("签署人在签署日不是这个家庭的成员。请先核对家庭成员，再登记授权。")
            )


def _open(
    actor: Actor, at: datetime.datetime, standing: Iterable[Authorisation], since: datetime.date | None = None
) -> None:
    """Permits of every authorised source for every lake key of the signers."""
    rows = list(standing)
    keys = keys_of({row.person_id for row in rows})
    permits = [
        NewPermit(feed, key, max(row.signed_on, since or row.signed_on), row.to_on, f"authorisation:{row.id}")
        for row in rows
        for key in keys.get(row.person_id, ())
        for feed in authorised_feeds()
    ]
    if permits:
        sources.open_permits(actor=actor, at=at, permits=permits)


def _close(actor: Actor, at: datetime.datetime, held: Authorisation, on: datetime.date, reason: str) -> None:
    """Close all permits of the person, then open again what other authorisations still allow from that day on."""
    keys = keys_of([held.person_id]).get(held.person_id, [])
    if not keys:
        return
    sources.close_permits(actor=actor, at=at, keys=keys, feeds=authorised_feeds(), on=on, reason=reason)
    others = Authorisation.objects.filter(Q(to_on=None) | Q(to_on__gte=on), person_id=held.person_id, withdrawn_at=None)
    _open(actor, at, others, since=on)
