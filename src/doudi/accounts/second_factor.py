"""The second factor comes first: until it is proved, a signed-in account reaches enrolment, leaving and language only.

`settings.SECOND_FACTOR` is `required` (a real house) or `optional` (the demo, said by a banner on every page).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse

from doudi.accounts.actions import prove_subject
from doudi.accounts.models import Account
from doudi.accounts.stages import AT_PROVIDER
from doudi.core.actor import Actor
from doudi.core.clock import now

PROVED, OPENED = "subject_proved", "enrolment_opened"
OPEN_FOR = 1800
"""Seconds for which a code of the security administrator opens enrolment, in the session it was given in."""
RECENT = 600
"""Seconds after which one's own second factors are changed only by who proves again who they are."""
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required() -> bool:
    """Whether this house lets nobody in without one."""
    return bool(settings.SECOND_FACTOR == "required")


def has_factor(account: Account) -> bool:
    """Whether an account has a code app or a passkey."""
    return bool(Authenticator.objects.filter(user=account, type__in=STRONG).exists())


def may_enrol(request: HttpRequest, account: Account) -> bool:
    """Whether a second factor may be added: to one that is there, or with a code of the security administrator.

    Where the house demands none (the demo) there is nobody to give a code.
    """
    opened = float(request.session.get(OPENED, 0))
    return not is_required() or has_factor(account) or time.time() - opened < OPEN_FOR


def is_proved(request: HttpRequest, account: Account) -> bool:
    """Whether a second factor was shown in this session, here or at the identity provider."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, account))


def proved_lately(request: HttpRequest, account: Account) -> bool:
    """Whether the holder proved in the last minutes to be it, with the strongest proof the account has."""
    wanted = {"mfa"} if has_factor(account) else {"password", "socialaccount", "mfa"}
    records = get_authentication_records(request, account)
    last = max((float(record["at"]) for record in records if record.get("method") in wanted), default=0.0)
    return time.time() - last < RECENT


def proof_again(request: HttpRequest, account: Account) -> HttpResponse:
    """To the page that asks for the proof, and back; what was sent is not sent again by itself."""
    page = "mfa_reauthenticate" if has_factor(account) else "account_reauthenticate"
    back = request.path if request.method == "GET" else reverse("accounts:second_factor")
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode({'next': back})}")


def view_of(request: HttpRequest) -> object:
    """The view an address leads to; None where there is none."""
    try:
        return resolve(request.path_info).func
    except Resolver404:
        return None


def proves_subject(request: HttpRequest, account: Account) -> tuple[str, str] | None:
    """As whom (provider, subject) somebody came who then showed the account's own second factor, once a session."""
    records = get_authentication_records(request, account)
    own = any(record.get("method") == "mfa" and record.get("type") != AT_PROVIDER for record in records)
    came = next((record for record in records if record.get("method") == "socialaccount"), None)
    if came is None or not own or request.session.get(PROVED) == came["uid"]:
        return None
    request.session[PROVED] = came["uid"]
    return str(came["provider"]), str(came["uid"])


class SecondFactorFirst:
    """Middleware: an account that has not shown its second factor gets no actor and reaches marked views only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = request.user
        lacks = isinstance(account, Account) and is_required() and not is_proved(request, account)
        request.lacks_second_factor = lacks  # type: ignore[attr-defined]
        if isinstance(account, Account) and (came := proves_subject(request, account)):
            own = Actor(str(account.id), account.name, "account", "")
            prove_subject(actor=own, at=now(), account=account, provider=came[0], subject=came[1])
        if lacks and isinstance(account, Account) and not _is_open(view_of(request)):
            page = "mfa_reauthenticate" if has_factor(account) else "accounts:second_factor"
            return HttpResponseRedirect(reverse(page))
        return self._get_response(request)


def _is_open(view: object) -> bool:
    if view is None or getattr(view, "doudi_before_second_factor", False):
        return True
    return getattr(view, "doudi_access", "") == "public"
