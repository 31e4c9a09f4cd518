"""Every view says who may use it: `@public`, `@signed_in` or `@permission(name, roles)`. A test walks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from doudi.core.actor import Actor
from doudi.core.errors import Forbidden

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """No account is needed."""
    view.doudi_access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Any signed-in account."""
    view.doudi_access = "signed_in"  # type: ignore[attr-defined]
    return view


def permission(name: str, roles: Iterable[str]) -> Callable[[View], View]:
    """Only accounts acting under one of the roles; the request gets `actor`."""
    allowed = frozenset(roles)

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None or actor.role not in allowed:
                raise Forbidden(
                    "core.forbidden", _("您现在的身份不能做这件事。请切换身份，或请有权限的同事办理。"), permission=name
                )
            return view(request, *args, **kwargs)

        guarded.doudi_access = name  # type: ignore[attr-defined]
        guarded.doudi_roles = allowed  # type: ignore[attr-defined]
        return guarded

    return wrap
