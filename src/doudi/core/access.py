"""Every view says who may use it: `@public`, `@signed_in` or `@permission(name, roles)`. A test walks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from doudi.core.actor import Actor
from doudi.core.errors import Forbidden
from doudi.core.once import once

View = Callable[..., HttpResponse]
SAFE = ("GET", "HEAD", "OPTIONS")


def public(view: View) -> View:
    """No account is needed."""
    view = once(view)
    view.doudi_access = "public"  # type: ignore[attr-defined]
    return view


def reading(view: View) -> View:
    """A view whose POST only looks, or only chooses how to look; open in modes that write nothing.

    Stands nearest to the view, below `permission` and `signed_in`, which ask for it.
    """
    view.doudi_reads = True  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Any signed-in account."""
    one_effect = once(view)

    @wraps(one_effect)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _refuse_writing(request, view)
        return one_effect(request, *args, **kwargs)

    guarded.doudi_access = "signed_in"  # type: ignore[attr-defined]
    return guarded


def untraced(reason: str) -> Callable[[View], View]:
    """Opening this leaves no entry in the log; why is said here. Everything else leaves one (`audit.middleware`)."""
    assert reason

    def mark(view: View) -> View:
        view.doudi_untraced = reason  # type: ignore[attr-defined]
        return view

    return mark


def before_second_factor(view: View) -> View:
    """Reached by who has not shown the second factor yet: enrolment, leaving, nothing else."""
    view.doudi_before_second_factor = True  # type: ignore[attr-defined]
    return view


def quiet(view: View) -> View:
    """Asked by the page itself, not by its reader: it does not keep a session from idling."""
    view.doudi_quiet = True  # type: ignore[attr-defined]
    return view


def no_export(reason: str) -> Callable[[View], View]:
    """A view that answers with a file that is no export (nobody's data, or one's own): it need not pass the one door.

    The reason is for whoever reads the view; a test finds files that neither pass the door nor say why not.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def stamped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            answer = view(request, *args, **kwargs)
            answer.doudi_export = reason  # type: ignore[attr-defined]
            return answer

        stamped.doudi_no_export = reason  # type: ignore[attr-defined]
        return stamped

    return wrap


def permission(name: str, roles: Iterable[str]) -> Callable[[View], View]:
    """Only accounts acting under one of the roles; the request gets `actor`."""
    allowed = frozenset(roles)

    def wrap(view: View) -> View:
        one_effect = once(view)

        @wraps(one_effect)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None or actor.role not in allowed:
                raise Forbidden(
                    "core.forbidden", _("您现在的身份不能做这件事。请切换身份，或请有权限的同事办理。"), permission=name
                )
            _refuse_writing(request, view)
            return one_effect(request, *args, **kwargs)

        guarded.doudi_access = name  # type: ignore[attr-defined]
        guarded.doudi_roles = allowed  # type: ignore[attr-defined]
        return guarded

    return wrap


def _refuse_writing(request: HttpRequest, view: View) -> None:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not actor.reads_only or request.method in SAFE or getattr(view, "doudi_reads", False):
        return
    raise Forbidden("core.reads_only", _("现在只能看，不能办。请先结束应急查看或角色预览，再办理。"))
