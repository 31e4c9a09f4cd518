"""Answering a yes-or-no question about one person, with a proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.clock import day_of
from doudi.core.errors import Malformed, Refused
from doudi.exchange.actions.allowing import require, use_quota
from doudi.exchange.actions.noting import Call, note, repeated
from doudi.exchange.adapters.signing import public_bytes, sign
from doudi.exchange.logic.answers import REASONS, UNKNOWN, Answer
from doudi.exchange.logic.products import RECOGNITION, Product
from doudi.exchange.logic.proofs import digest_of, key_id, signed
from doudi.exchange.queries.answering import Asked, answers_for
from doudi.lib.identity_number import normalise
from doudi.registry.queries import persons_by_numbers


@dataclass(frozen=True, slots=True)
class Question:
    """What another system asks. `salt` is random, made at the door."""

    request_id: UUID
    purpose: str
    number: str
    salt: str
    name: str = ""
    on: date | None = None


@transaction.atomic
def answer_question(*, actor: Actor, at: datetime, product: Product, question: Question) -> Mapping[str, Any]:
    """The answer. The same request once more gets the same one, and is not counted again."""
    require(actor, product, question.purpose)
    if product.answers != RECOGNITION:
        raise Refused("exchange.rows_only", _("这项数据是名册，不答单个人。请取名册。"))
    number = normalise(question.number)
    if number is None:
        raise Malformed(
            "exchange.number", _("身份证号码不对：18 位，最后一位是校验码。请核对后再问。"), where="/person/number"
        )
    today = day_of(at)
    on = question.on or today
    asked = f"{product.name}|{question.purpose}|{number}|{question.name}|{question.on or ''}"
    before = repeated(actor, question.request_id, asked)
    if before is not None:
        about = [("person", one.id) for one in persons_by_numbers([number]).values()]
        record_act(
            actor=actor, verb="exchange.answer_again", subjects=[("product", product.name), *about], at=at,
            reason=question.purpose,
        )  # fmt: skip
        return before
    if not product.speaks_of(on, today):
        raise Refused(
            "exchange.day_not_answered",
            _("只答最近 %(days)s 天以内的一天，不答更早的，也不答以后的。请改 as_of，或者不写（就是今天）。")
            % {"days": product.max_age_days},
            where="/as_of",
        )
    use_quota(actor, product, at, 1)
    (found, person), *_none = answers_for(product, [Asked(number, question.name)], actor, on, today)
    response = _response(actor, at, product, question, number, on, found)
    known = [person.id] if person is not None else []
    note(actor, at, Call(
        product, "answer", question.purpose, found.value, response, known, 1, found.reason, question.request_id, asked
    ))  # fmt: skip
    return response


def _response(
    actor: Actor, at: datetime, product: Product, question: Question, number: str, on: date, found: Answer
) -> dict[str, Any]:
    zh, en = REASONS[found.reason] if found.value == UNKNOWN else ("", "")
    stated = {
        "request_id": str(question.request_id),
        "product": product.name,
        "answer": found.value,
        "as_of": on.isoformat(),
        "data_as_of": found.data_as_of.isoformat() if found.data_as_of else None,
        "answered_at": at.isoformat(timespec="seconds"),
    }
    proven = stated | {
        "department": actor.department,
        "purpose": question.purpose,
        "subject": digest_of(number, question.salt),
    }
    raw = public_bytes()
    return stated | {
        "reason": found.reason or None,
        "reason_text": {"zh": zh, "en": en} if found.reason else None,
        "salt": question.salt,
        "proof": signed(proven, key_id(raw), sign),
        "keep_days": product.keep_days,
    }
