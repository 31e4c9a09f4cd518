"""Which other system calls, and what it may call: by its token's scopes, its department, its area."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import actor_of_token, holder_of_token
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Missing
from doudi.exchange.logic.products import Product
from doudi.exchange.models import Subscription
from doudi.exchange.queries.products import products

PREFIX, BEARER = "/api/exchange/", "bearer "


class CallsByToken:
    """Middleware, between the one that puts `actor` on the request and the one that binds rows to it: another system
    acts under its token, and sees the rows of its area alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PREFIX):
            request.actor = _caller(request.headers.get("Authorization", ""))  # type: ignore[attr-defined]
        return self._get_response(request)


def _caller(header: str) -> Actor | None:
    """The service account of a token; nobody when it is not in force."""
    try:
        return actor_of_token(_token(header))
    except Forbidden:
        return None


def holder_of(request: HttpRequest) -> Actor | None:
    """Whose token a call shows, in force or not; for the log alone."""
    return holder_of_token(_token(request.headers.get("Authorization", "")))


def _token(header: str) -> str:
    return header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else ""


def product_for(token: str, name: str) -> tuple[Actor, Product]:
    """A product and who asks for it; Missing if there is none of that name, Forbidden without its scope."""
    found = products().get(name)
    if found is None:
        raise Missing("exchange.no_such_product", _("没有这项数据。请看数据目录。"))
    return actor_of_token(token, found.scope), found


def products_of(actor: Actor) -> list[Product]:
    """The products a department has."""
    return [product for product in products().values() if actor.department in product.departments]


def subscriptions_of(actor: Actor) -> QuerySet[Subscription]:
    """The lists of a service account that go on, the newest first."""
    return Subscription.objects.filter(account_id=actor.account_id, ended_at=None).order_by("-begun_at", "id")


def subscription_for(actor: Actor, subscription: uuid.UUID) -> Subscription:
    """One of a service account's own lists; anybody else's is Missing."""
    found = subscriptions_of(actor).filter(pk=subscription).first()
    if found is None:
        raise Missing("exchange.no_such_subscription", _("没有这个订阅。"))
    return found
