"""Signing and withdrawing authorisations. A signature opens the permits of every source that needs one."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.core.row_context import everywhere
from doudi.registry.models import Household
from doudi.registry.queries import keys_of, members_of
from doudi.sources import actions as sources
from doudi.sources.logic.permits import NewPermit
from doudi.sources.queries import feeds
from doudi.verification.access import authorisation_for, require
from doudi.verification.logic.requests import Signatures
from doudi.verification.models import Authorisation

AUTHORISED = "authorised"


def authorised_feeds() -> list[str]:
    """The sources that may be asked only about somebody who signed."""
    return sorted(name for name, feed in feeds().items() if feed.scope == AUTHORISED)


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
    return sign_many(actor=actor, at=at, signatures=[Signatures(household, signed, to_on, application)])


@transaction.atomic
def sign_many(*, actor: Actor, at: datetime.datetime, signatures: Sequence[Signatures]) -> list[Authorisation]:
    """Signatures of many households at once, each recorded once; in the order given. One audit entry."""
    households = [item.household for item in signatures]
    require(actor, "verification.authorise", households)
    _all_belong(signatures)
    if any(item.to_on is not None and day > item.to_on for item in signatures for day in item.signed.values()):
        raise Refused("verification.ends_before_signed", _("授权截止日不能早于签署日。请改正日期。"))
    rows = Authorisation.objects.filter(household_id__in=households, withdrawn_at=None)
    standing = {(row.household_id, row.application, row.person_id, row.signed_on): row for row in rows}
    wanted = {
        (item.household, item.application, person, day): item.to_on
        for item in signatures
        for person, day in item.signed.items()
    }
    made = {key: _authorisation(key, to_on, actor, at) for key, to_on in wanted.items() if key not in standing}
    Authorisation.objects.bulk_create(made.values())
    if made:
        _open(actor, at, made.values())
    people = [("person", person) for item in signatures for person in item.signed]
    named = [("household", household) for household in households]
    record_act(
        actor=actor, verb="verification.sign_authorisations", at=at, count=len(made),
        subjects=[*(named if len(named) <= 10 else []), *(people if len(people) <= 10 else [])],
    )  # fmt: skip
    return [made.get(key) or standing[key] for key in wanted]


Key = tuple[uuid.UUID, str, uuid.UUID, datetime.date]
"""Household, application, person, day of signature."""


def _authorisation(key: Key, to_on: datetime.date | None, actor: Actor, at: datetime.datetime) -> Authorisation:
    household, application, person, day = key
    return Authorisation(
        household_id=household, person_id=person, application=application, signed_on=day, to_on=to_on,
        recorded_by=actor.account_id, recorded_at=at,
    )  # fmt: skip


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
    with everywhere("what a person takes back is taken back in every area"):
        _close(actor, at, held, on, reason.strip())
    record_act(
        actor=actor, verb="verification.withdraw_authorisation", at=at, reason=reason.strip(),
        subjects=[("household", held.household_id), ("person", held.person_id), ("authorisation", held.id)],
    )  # fmt: skip
    return held


def _all_belong(signatures: Sequence[Signatures]) -> None:
    """Only members of the household on the day of signature can sign for it."""
    by_day: dict[datetime.date, set[tuple[uuid.UUID, uuid.UUID]]] = defaultdict(set)
    for item in signatures:
        for person, day in item.signed.items():
            by_day[day].add((item.household, person))
    for day, pairs in by_day.items():
        inside = members_of({household for household, _person in pairs}, day)
        if any(all(row.person_id != person for row in inside.get(household, ())) for household, person in pairs):
            raise Refused(
                "verification.not_a_member", _("签署人在签署日不是这个家庭的成员。请先核对家庭成员，再登记授权。")
            )


def _open(
    actor: Actor, at: datetime.datetime, standing: Iterable[Authorisation], since: datetime.date | None = None
) -> None:
    """Permits of every authorised source for every lake key of the signers."""
    rows = list(standing)
    keys = keys_of({row.person_id for row in rows})
    wanted, area_of = authorised_feeds(), _areas({row.household_id for row in rows}, actor)
    permits = [
        NewPermit(
            feed,
            key,
            max(row.signed_on, since or row.signed_on),
            row.to_on,
            f"authorisation:{row.id}",
            area_of.get(row.household_id, ""),
        )
        for row in rows
        for key in keys.get(row.person_id, ())
        for feed in wanted
    ]
    if permits:
        sources.open_permits(actor=actor, at=at, permits=permits)


def _areas(households: set[uuid.UUID], actor: Actor) -> dict[uuid.UUID, str]:
    """Where the families that signed are dealt with."""
    rows = Household.objects.filter(pk__in=households).values_list("id", "kept_in", "area_code")
    return {key: kept or area or actor.area for key, kept, area in rows}


def _close(actor: Actor, at: datetime.datetime, held: Authorisation, on: datetime.date, reason: str) -> None:
    """Close all permits of the person, then open again what other authorisations still allow from that day on."""
    keys = keys_of([held.person_id]).get(held.person_id, [])
    if not keys:
        return
    sources.close_permits(actor=actor, at=at, keys=keys, feeds=authorised_feeds(), on=on, reason=reason)
    others = Authorisation.objects.filter(Q(to_on=None) | Q(to_on__gte=on), person_id=held.person_id, withdrawn_at=None)
    _open(actor, at, others, since=on)
