"""The sharing API: catalogue, answers, rolls, lists of interest. Each operation: token, shape, one action."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Status
from ninja.params import functions
from ninja.security import HttpBearer
from pydantic import Field

from doudi.accounts.access import actor_of
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import DoudiError
from doudi.exchange.access import product_for, products_of, subscription_for, subscriptions_of
from doudi.exchange.actions import (
    answer_question,
    count_call,
    end_subscription,
    note_refusal,
    read_changes,
    read_rows,
    subscribe,
)
from doudi.exchange.actions.allowing import Exhausted
from doudi.exchange.actions.answering import Question
from doudi.exchange.actions.subscribing import Followed
from doudi.exchange.adapters.signing import public_bytes
from doudi.exchange.described import Described
from doudi.exchange.logic.products import Product
from doudi.exchange.logic.proofs import public_key
from doudi.exchange.models import Subscription
from doudi.exchange.shapes import (
    UUID_TEXT,
    AnswerOut,
    ChangesOut,
    FollowedOut,
    FollowIn,
    Id,
    KeysOut,
    ProblemOut,
    ProductOut,
    QuestionIn,
    RowsOut,
    SubscriptionOut,
)

ProductName = Path[Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]]
SubscriptionId = Path[Id]


class Token(HttpBearer):
    """A token of a service account, from /accounts/token/ (OAuth 2.0 client credentials)."""

    openapi_scheme = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        """The token itself, once it is known to be in force; what it is good for is asked product by product. Its
        account's calls are counted here, before anything is done for it.
        """
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None:
            return None
        agreed = sum(product.quota.calls_a_minute for product in products_of(actor))
        count_call(actor=actor, at=now(), most=2 * agreed)
        return token.strip()


def _refused(*more: int) -> dict[Any, Any]:
    return dict.fromkeys((401, 403, 404, 422, 429, *more), ProblemOut)


api: NinjaAPI = Described(
    title="兜底 信息共享 · Doudi sharing",
    version="1",
    urls_namespace="exchange_api",
    docs_url=None,
    auth=Token(),
    description=(
        "其他部门按约定的数据产品查询。每次查询都写明目的，都有痕迹。不知道不是否。\n\n"
        "Other departments ask by agreed data products. Every call states its purpose and is on record. "
        "Not known is not no."
    ),
)


@api.get("/keys", response={200: KeysOut}, auth=None, tags=["proofs"], operation_id="listKeys")
def keys(request: HttpRequest) -> Mapping[str, Any]:
    """核验证明用的公钥 · The public keys that proofs are checked with."""
    return {"keys": [public_key(public_bytes())]}


@api.get(
    "/products",
    response={200: list[ProductOut], 401: ProblemOut, 429: ProblemOut},
    tags=["catalogue"],
    operation_id="listProducts",
)
def catalogue(request: HttpRequest) -> list[dict[str, Any]]:
    """贵单位订了哪些数据 · The products your department has."""
    return [_described(product) for product in products_of(actor_of(request))]


@api.get("/products/{product}", response={200: ProductOut, **_refused()}, tags=["catalogue"], operation_id="getProduct")
def one_product(request: HttpRequest, product: ProductName) -> dict[str, Any]:
    """一项数据：能问什么、为什么、多少次 · One product: what, what for, how often."""
    return _described(_product(request, product)[1])


@api.post(
    "/products/{product}/answers", response={200: AnswerOut, **_refused(400, 409, 413)}, tags=["answers"],
    operation_id="answerQuestion",
)  # fmt: skip
def answers(request: HttpRequest, product: ProductName, payload: QuestionIn) -> Any:
    """问一个人 · Ask about one person."""

    def ask(actor: Actor, found: Product) -> Mapping[str, Any]:
        name = "".join(character for character in payload.person.name if character.isprintable())
        on = date.fromisoformat(payload.as_of) if payload.as_of else None
        question = Question(
            UUID(payload.request_id), payload.purpose, payload.person.number, secrets.token_hex(16), name, on
        )
        return answer_question(actor=actor, at=now(), product=found, question=question)

    return _called(request, product, "answer", payload.purpose, ask)


@api.get(
    "/products/{product}/rows", response={200: RowsOut, **_refused(409, 503)}, tags=["rows"],
    operation_id="readRows", exclude_unset=True,
)  # fmt: skip
def rows(
    request: HttpRequest,
    product: ProductName,
    purpose: str = functions.Query(..., min_length=1, max_length=40),
    cursor: str | None = functions.Query(None, pattern=UUID_TEXT),
    limit: int = functions.Query(100, ge=1, le=500),
) -> Any:
    """一页名册 · A page of a roll."""

    def read(actor: Actor, found: Product) -> Mapping[str, Any]:
        place = UUID(cursor) if cursor else None
        return read_rows(actor=actor, at=now(), product=found, purpose=purpose, cursor=place, limit=limit)

    return _called(request, product, "rows", purpose, read)


@api.post(
    "/products/{product}/subscriptions", response={201: FollowedOut, **_refused(400, 409, 413)}, tags=["subscriptions"],
    operation_id="subscribe",
)  # fmt: skip
def follow(request: HttpRequest, product: ProductName, payload: FollowIn) -> Any:
    """订阅一些人的变化 · Follow some people."""

    def begin(actor: Actor, found: Product) -> Status[Mapping[str, Any]]:
        people = [Followed(reference, number) for reference, number in payload.people.items()]
        made = subscribe(
            actor=actor, at=now(), product=found, purpose=payload.purpose, request_id=UUID(payload.request_id),
            people=people,
        )  # fmt: skip
        return Status(201, made)

    return _called(request, product, "subscribe", payload.purpose, begin)


@api.get(
    "/subscriptions", response={200: list[SubscriptionOut], 401: ProblemOut, 429: ProblemOut}, tags=["subscriptions"],
    operation_id="listSubscriptions",
)  # fmt: skip
def subscriptions(request: HttpRequest) -> list[dict[str, Any]]:
    """现有的订阅 · The lists that go on."""
    return [_list(row) for row in subscriptions_of(actor_of(request))[:500]]


@api.get(
    "/subscriptions/{subscription}", response={200: SubscriptionOut, **_refused()}, tags=["subscriptions"],
    operation_id="getSubscription",
)  # fmt: skip
def one_subscription(request: HttpRequest, subscription: SubscriptionId) -> dict[str, Any]:
    """一个订阅 · One list."""
    return _list(_followed(request, subscription, "changes"))


@api.delete(
    "/subscriptions/{subscription}", response={204: None, **_refused()}, tags=["subscriptions"],
    operation_id="endSubscription",
)  # fmt: skip
def end(request: HttpRequest, subscription: SubscriptionId) -> Any:
    """不再订阅，不再告诉变化；订过谁留在痕迹里 · End it: nothing more is told; who was followed stays on record."""
    held = _followed(request, subscription, "end")

    def stop(actor: Actor, found: Product) -> Status[None]:
        end_subscription(actor=actor, at=now(), product=found, subscription=held)
        return Status(204, None)

    return _called(request, held.product, "end", held.purpose, stop)


@api.get(
    "/subscriptions/{subscription}/changes", response={200: ChangesOut, **_refused(409)},
    tags=["subscriptions"], operation_id="readChanges",
)  # fmt: skip
def changes(
    request: HttpRequest,
    subscription: SubscriptionId,
    after: int = functions.Query(0, ge=0, le=2**62),
    limit: int = functions.Query(100, ge=1, le=500),
) -> Any:
    """某一处之后的变化 · Changes after a cursor.

    每一条计入当天人数；额度用完，其余的明天再取。Each counts as a person of the day; what it has no quota for waits.
    """
    held = _followed(request, subscription, "changes")

    def read(actor: Actor, found: Product) -> Mapping[str, Any]:
        return read_changes(actor=actor, at=now(), product=found, subscription=held, after=after, limit=limit)

    return _called(request, held.product, "changes", held.purpose, read)


def _called(
    request: HttpRequest, product: str, kind: str, purpose: str, act: Callable[[Actor, Product], Any]
) -> HttpResponse | Any:
    """One action; a refusal is on record before it is answered."""
    actor, found = actor_of(request), None
    try:
        actor, found = _product(request, product)
        return act(actor, found)
    except DoudiError as error:
        counts = found if isinstance(error, Exhausted) and error.counts else None
        note_refusal(actor=actor, at=now(), product=product, kind=kind, purpose=purpose, code=error.code, counts=counts)
        raise


def _followed(request: HttpRequest, subscription: str, kind: str) -> Subscription:
    """A list of the caller's own; a try at another's is on record before it is answered."""
    actor = actor_of(request)
    try:
        return subscription_for(actor, UUID(subscription))
    except DoudiError as error:
        note_refusal(actor=actor, at=now(), product="", kind=kind, purpose="", code=error.code)
        raise


def _product(request: HttpRequest, name: str) -> tuple[Actor, Product]:
    return product_for(request.auth, name)  # type: ignore[attr-defined]


def _described(product: Product) -> dict[str, Any]:
    basis = [{"document": one.document, "number": one.number, "article": one.article} for one in product.basis]
    return {
        "name": product.name, "answers": product.answers, "label": product.label, "meaning": product.meaning,
        "fields": list(product.fields), "purposes": product.purposes, "basis": basis,
        "calls_a_minute": product.quota.calls_a_minute, "calls_a_day": product.quota.calls_a_day,
        "persons_a_day": product.quota.persons_a_day, "keep_days": product.keep_days,
        "max_age_days": product.max_age_days,
        "may_subscribe": product.subscribe,
    }  # fmt: skip


def _list(row: Subscription) -> dict[str, Any]:
    begun = row.begun_at.isoformat(timespec="seconds")
    return {"id": str(row.id), "product": row.product, "purpose": row.purpose, "begun_at": begun}
