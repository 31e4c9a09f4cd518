"""Accounts of other systems: the administrators' pages, and the address where they get their tokens."""

from __future__ import annotations

import base64
import binascii
import secrets
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from doudi.accounts.access import actor_of
from doudi.accounts.actions import (
    Issued,
    ask_for_secret,
    create_service,
    is_locked,
    issue_token,
    new_service_secret,
    note_failure,
    withdraw_service,
    withdraw_service_secret,
)
from doudi.accounts.forms import ServiceForm, scope_departments
from doudi.accounts.logic.roles import PERMISSIONS, may
from doudi.accounts.models import ServiceAccount, ServiceSecret
from doudi.accounts.queries import services
from doudi.areas.queries import names_of
from doudi.audit.access import note_caught
from doudi.core.access import permission, public
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import DoudiError, Forbidden, Missing, Refused

readers_only, keepers_only, administrators_only = (
    permission(name, PERMISSIONS[name]) for name in ("accounts.read", "accounts.keep", "accounts.administer")
)
NOBODY = ""


@readers_only
def service_list(request: HttpRequest) -> HttpResponse:
    """Which other systems may ask, for what, until when."""
    rows = list(services())
    names = names_of(row.area_code for row in rows)
    lines = [(row, names[row.area_code]) for row in rows]
    administers = may(actor_of(request).role, "accounts.administer")
    context = {"lines": lines, "today": today(), "administers": administers, "departments": dict(scope_departments())}
    return render(request, "accounts/services.html", context)


@administrators_only
def new_service(request: HttpRequest) -> HttpResponse:
    """A new account of another system."""
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = create_service(
                actor=actor_of(request), at=now(), name=data["name"], department=data["department"], area=data["area"],
                purpose=data["purpose"], scopes=data["scopes"], to_on=data["to_on"],
            )  # fmt: skip
        except DoudiError as error:
            note_caught(request, error)
            form.add_error("name" if error.code.endswith("name_taken") else "scopes", str(error.message))
        else:
            messages.success(request, _("系统账号已建好。下一步：请系统管理员给它一个密钥。"))
            return redirect("accounts:service", made.id)
    return render(request, "accounts/new_service.html", {"form": form})


@readers_only
def service_page(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """One account of another system with its secrets."""
    return _page(request, _service(service_id))


@require_POST
@administrators_only
def ask(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """One more secret is to be made by the system administrator."""
    ask_for_secret(actor=actor_of(request), at=now(), service=_service(service_id))
    messages.success(request, _("已请系统管理员再做一个密钥。"))
    return redirect("accounts:service", service_id)


@require_POST
@keepers_only
def new_secret(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """A further secret, shown this once."""
    service, issued = _service(service_id), None
    try:
        issued = new_service_secret(
            actor=actor_of(request), at=now(), service=service, random=secrets.token_urlsafe(32)
        )
    except Refused as error:
        note_caught(request, error)
        messages.error(request, str(error.message))
    return _page(request, service, issued)


def _page(request: HttpRequest, service: ServiceAccount, issued: Issued | None = None) -> HttpResponse:
    role, at = actor_of(request).role, now()
    held = list(ServiceSecret.objects.filter(service=service).order_by("-made_at"))
    context = {
        "keeps": may(role, "accounts.keep"),
        "administers": may(role, "accounts.administer"),
        "service": service,
        "place": names_of([service.area_code])[service.area_code],
        "held": held,
        "issued": issued,
        "departments": dict(scope_departments()),
        "has_other": sum(one.until_at > at for one in held) > 1,
        "now": at,
        "today": today(),
    }
    return render(request, "accounts/service.html", context)


@require_POST
@readers_only
def withdraw_secret(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Ends one secret with its tokens."""
    held = ServiceSecret.objects.filter(id=secret_id).first()
    if held is None:
        raise Missing("accounts.no_such_secret", _("没有这个密钥。请从系统账号页重新打开。"))
    withdraw_service_secret(actor=actor_of(request), at=now(), secret=held)
    messages.success(request, _("密钥已作废，用它取的令牌也一起失效。"))
    return redirect("accounts:service", held.service_id)


@require_POST
@administrators_only
def withdraw(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Ends an account of another system."""
    reason = request.POST.get("reason", "").strip()[:200]
    withdraw_service(actor=actor_of(request), at=now(), service=_service(service_id), reason=reason)
    messages.success(request, _("系统账号已收回。"))
    return redirect("accounts:services")


@csrf_exempt
@public
def token(request: HttpRequest) -> HttpResponse:
    """The token endpoint (RFC 6749, client credentials): id and secret by Basic or in the body, scopes if wanted."""
    if request.method != "POST":
        return _no("invalid_request", 405)
    if request.POST.get("grant_type") != "client_credentials":
        return _no("unsupported_grant_type", 400)
    client, secret = _credentials(request)
    address = get_adapter().get_client_ip(request)
    actor, at = Actor.system("visitor"), now()
    if is_locked(NOBODY, at, address):
        return _no("invalid_client", 401)
    try:
        issued = issue_token(
            actor=actor, at=at, today=today(), client_id=client, secret=secret,
            scopes=request.POST.get("scope", "").split(), random=secrets.token_urlsafe(32),
        )  # fmt: skip
    except Forbidden:
        note_failure(actor=actor, at=at, username=NOBODY, address=address, reason="service")
        return _no("invalid_client", 401)
    except Refused:
        return _no("invalid_scope", 400)
    seconds = int((issued.until_at - at).total_seconds())
    said = {"access_token": issued.text, "token_type": "Bearer", "expires_in": seconds}
    return JsonResponse(said | {"scope": " ".join(issued.scopes)})


def _credentials(request: HttpRequest) -> tuple[UUID | None, str]:
    """Client id and secret; None where the id is no id."""
    kind, _space, value = request.headers.get("Authorization", "").partition(" ")
    name, secret = request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    if kind.lower() == "basic":
        try:
            name, _colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None, ""
    try:
        return UUID(name), secret
    except ValueError:
        return None, secret


def _no(error: str, status: int) -> JsonResponse:
    answer = JsonResponse({"error": error}, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="doudi"'
    return answer


def _service(service_id: UUID) -> ServiceAccount:
    found = ServiceAccount.objects.filter(id=service_id).first()
    if found is None:
        raise Missing("accounts.no_such_service", _("没有这个系统账号。请从列表重新打开。"))
    return found
