"""Lists of interest: begun with the answers of today, read by cursor, ended. What changed is noted when it is read.
None of it is deleted: who was followed is as much on record as who was asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.clock import day_of
from doudi.core.errors import Malformed, Missing, Refused
from doudi.exchange.actions.allowing import require, use_people, use_quota
from doudi.exchange.actions.noting import Call, note, repeated
from doudi.exchange.adapters.signing import public_bytes, sign
from doudi.exchange.logic.answers import UNKNOWN
from doudi.exchange.logic.products import Product
from doudi.exchange.logic.proofs import CHANGE, CHANGE_VERSION, digest_of, key_id, signed
from doudi.exchange.logic.references import is_opaque
from doudi.exchange.models import Change, Interest, Subscription
from doudi.exchange.queries.answering import Asked, answers_about, answers_for
from doudi.exchange.queries.following import lock_followed, numbers_followed, salt_of_change
from doudi.lib.identity_number import normalise
from doudi.registry.models import Person

MOST_PEOPLE = 1000
MOST_CHANGES = 500


@dataclass(frozen=True, slots=True)
class Followed:
    """One person of a list as it is sent: the receiver's own name for them, and their number."""

    reference: str
    number: str


@transaction.atomic
def subscribe(
    *, actor: Actor, at: datetime, product: Product, purpose: str, request_id: UUID, people: Sequence[Followed]
) -> Mapping[str, Any]:
    """Follow some people. Who is not in the register, or elsewhere, is named back and not followed. The lists of a
    department follow no more people of a product than it may ask about in a day.
    """
    require(actor, product, purpose)
    if not product.subscribe:
        raise Refused("exchange.no_subscription", _("这项数据不能订阅。"))
    numbers = _numbers(people)
    asked = f"{product.name}|{purpose}|" + "|".join(f"{one.reference}:{numbers[one.reference]}" for one in people)
    before = repeated(actor, request_id, asked)
    if before is not None:
        followed_then = Interest.objects.filter(subscription=before["id"]).values_list("person_id", flat=True)
        record_act(
            actor=actor, verb="exchange.subscribe_again", at=at, reason=purpose,
            subjects=[("product", product.name), *(("person", one) for one in dict.fromkeys(followed_then))],
        )  # fmt: skip
        return before
    if lock_followed(actor.department, product.name) + len(people) > product.quota.persons_a_day:
        raise Refused(
            "exchange.too_many_followed",
            _("贵单位订阅的人已经到约定的每天人数。请先结束不用的订阅，或请民政部门调整约定。"),
        )
    use_quota(actor, product, at, len(people))
    today = day_of(at)
    found = answers_for(product, [Asked(numbers[one.reference]) for one in people], actor, today, today)
    made = Subscription.objects.create(
        product=product.name, department=actor.department, account_id=actor.account_id, area_code=actor.area,
        purpose=purpose, begun_at=at,
    )  # fmt: skip
    followed, left_out = [], []
    for one, (answer, person) in zip(people, found, strict=True):
        if person is None or answer.reason == "elsewhere":
            left_out.append(one.reference)
        else:
            followed.append(Interest(subscription=made, person=person, reference=one.reference, answer=answer.value))
    Interest.objects.bulk_create(followed)
    response = {
        "id": str(made.id), "product": product.name, "purpose": purpose, "begun_at": at.isoformat(timespec="seconds"),
        "followed": len(followed), "not_followed": left_out,
    }  # fmt: skip
    ids = [one.person_id for one in followed]
    note(actor, at, Call(product, "subscribe", purpose, "done", response, ids, len(people), "", request_id, asked))
    return response


@transaction.atomic
def read_changes(
    *, actor: Actor, at: datetime, product: Product, subscription: Subscription, after: int, limit: int
) -> Mapping[str, Any]:
    """Changes after a cursor, each signed; first what has changed since the last reading is noted. As many as the day
    has people left are told, the rest on another day; Exhausted when there are none left.
    """
    require(actor, product, subscription.purpose)
    held = Subscription.objects.select_for_update().filter(pk=subscription.pk, ended_at=None).first()
    if held is None:
        raise _no_such_list()
    left = 1 + use_quota(actor, product, at, 1)  # before anything is compared: without a quota nothing is told
    changed = _note_changes(actor, at, product, held)
    most = min(limit, MOST_CHANGES, left)
    rows = list(Change.objects.filter(subscription=held, id__gt=after).order_by("id")[:most])
    use_people(actor, product, at, len(rows) - 1)
    told = Interest.objects.filter(subscription=held, reference__in={row.reference for row in rows})
    people = dict(told.values_list("reference", "person_id"))
    response = {
        "subscription": str(held.id),
        "changes": _told(actor, product, held, rows, people),
        "next": rows[-1].id if rows else after,
    }
    about = list(dict.fromkeys([*changed, *people.values()]))
    note(actor, at, Call(product, "changes", held.purpose, "done", response, about, len(rows)))
    return response


@transaction.atomic
def end_subscription(*, actor: Actor, at: datetime, product: Product, subscription: Subscription) -> None:
    """Nobody is followed any more, nothing more is told. Who was followed, and what was told, stays on record."""
    if not Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(ended_at=at):
        raise _no_such_list()
    note(actor, at, Call(product, "end", subscription.purpose, "done", {"id": str(subscription.id)}))


def _no_such_list() -> Missing:
    return Missing("exchange.no_such_subscription", _("没有这个订阅。"))


def _numbers(people: Sequence[Followed]) -> dict[str, str]:
    """Normalised numbers by reference; Malformed with the place of the first that is none, or whose reference
    resembles a number or comes twice.
    """
    found: dict[str, str] = {}
    if len(people) > MOST_PEOPLE:
        raise Malformed("exchange.too_many_people", _("一次最多订 1000 人。请分几次。"), where="/people")
    for at, one in enumerate(people):
        number = normalise(one.number)
        if number is None:
            raise Malformed("exchange.number", _("身份证号码不对。请核对后再订。"), where=f"/people/{at}/number")
        if not is_opaque(one.reference):
            raise Malformed(
                "exchange.reference_is_number",
                _("代号像证号、电话或银行账号。请用贵单位自己编的代号，例如办件编号或 UUID。"),
                where=f"/people/{at}/reference",
            )
        if one.reference in found:
            raise Malformed("exchange.reference_twice", _("同一个名称写了两次。"), where=f"/people/{at}/reference")
        found[one.reference] = number
    return found


def _note_changes(actor: Actor, at: datetime, product: Product, held: Subscription) -> list[UUID]:
    """Compare today's answers with those last told; the people whose answer is another now. Who has moved out of the
    asker's area is no longer seen (a join would lose them in silence): not known.
    """
    today = day_of(at)
    interests = list(Interest.objects.filter(subscription=held))
    seen = list(Person.objects.filter(pk__in=[one.person_id for one in interests]))
    found = answers_about(product, seen, actor, today, today)
    now = {one.id: found[one.person_id].value if one.person_id in found else UNKNOWN for one in interests}
    moved = [one for one in interests if now[one.id] != one.answer]
    Change.objects.bulk_create(
        Change(subscription=held, reference=one.reference, was=one.answer, answer=now[one.id], noted_at=at)
        for one in moved
    )
    for one in moved:
        one.answer = now[one.id]
    Interest.objects.bulk_update(moved, ["answer"])
    return [one.person_id for one in moved]


def _told(
    actor: Actor, product: Product, held: Subscription, rows: Sequence[Change], people: Mapping[str, UUID]
) -> list[dict[str, Any]]:
    """Each change with its proof: by whom it was asked, what for, and about whom. Whose number was erased since is
    bound to nobody, and such a proof does not hold.
    """
    numbers, key = numbers_followed(set(people.values())), key_id(public_bytes())
    told = []
    for row in rows:
        number, salt = numbers.get(people[row.reference]), salt_of_change(row.id)
        stated = {
            "cursor": row.id, "reference": row.reference, "was": row.was, "answer": row.answer,
            "noted_at": row.noted_at.isoformat(timespec="seconds"),
        }  # fmt: skip
        proven = stated | {
            "version": CHANGE_VERSION, "subscription": str(held.id), "product": product.name, "purpose": held.purpose,
            "department": actor.department, "subject": digest_of(number, salt) if number else None,
        }  # fmt: skip
        told.append(stated | {"salt": salt, "proof": signed(proven, key, sign, CHANGE)})
    return told
