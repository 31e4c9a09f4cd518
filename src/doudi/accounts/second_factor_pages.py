"""One's own second factors: what there is, a code app, a passkey, recovery codes. Changed only after a fresh proof."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.accounts.actions import add_passkey, add_totp, make_recovery_codes, remove_factor, use_enrolment_code
from doudi.accounts.logic import recovery_codes, totp
from doudi.accounts.logic.roles import ADMINISTRATORS
from doudi.accounts.models import Account
from doudi.accounts.qr import picture
from doudi.accounts.queries import grants_of
from doudi.accounts.second_factor import OPENED, is_proved, is_required, may_enrol, proof_again, proved_lately
from doudi.accounts.second_factor_forms import EnrolmentForm, NewPasskeyForm, NewTotpForm
from doudi.accounts.sessions import own_actor
from doudi.audit.access import note_caught
from doudi.core.access import before_second_factor, signed_in
from doudi.core.clock import now, today
from doudi.core.consoles import SECURITY
from doudi.core.errors import DoudiError, Missing
from doudi.core.vault import vault

View = Callable[..., HttpResponse]
SECRET, CODES = "new_totp", "new_recovery_codes"
Type = Authenticator.Type


def _proved(view: View) -> View:
    """Only who proved lately who they are; an account with a second factor proves with it, however it got in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = request.user
        assert isinstance(account, Account)
        if not proved_lately(request, account):
            return proof_again(request, account)
        return view(request, account, *args, **kwargs)

    return before_second_factor(signed_in(guarded))


def _opened(view: View) -> View:
    """Only who has a second factor already, or was let to set up the first by the security administrator's code."""

    @wraps(view)
    def guarded(request: HttpRequest, account: Account, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_enrol(request, account):
            return redirect("accounts:second_factor")
        return view(request, account, *args, **kwargs)

    return _proved(guarded)


@before_second_factor
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """What second factors the account has; where one is demanded and missing, why and how."""
    account = request.user
    assert isinstance(account, Account)
    held = list(Authenticator.objects.filter(user=account).order_by("created_at"))
    strong = [one for one in held if one.type != Type.RECOVERY_CODES]
    codes = next((one for one in held if one.type == Type.RECOVERY_CODES), None)
    let_in = _let_in(account)
    context = {
        **let_in,
        "strong": strong,
        "has_app": any(one.type == Type.TOTP for one in strong),
        "removable": len(strong) > 1,
        "codes_left": len(codes.data["unused"]) if codes else None,
        "demanded": is_required() and not is_proved(request, account),
        "form": None if may_enrol(request, account) else EnrolmentForm(by_server=let_in["gives_codes"]),
    }
    return render(request, "accounts/second_factor.html", context)


@require_POST
@_proved
def open_enrolment(request: HttpRequest, account: Account) -> HttpResponse:
    """The code of the security administrator: from here on the first second factor is set up, in this session."""
    let_in = _let_in(account)
    form = EnrolmentForm(request.POST, by_server=let_in["gives_codes"])
    if form.is_valid():
        address = get_adapter().get_client_ip(request) if request.META.get("REMOTE_ADDR") else ""
        try:
            use_enrolment_code(
                actor=own_actor(account), at=now(), account=account, code=form.cleaned_data["code"], address=address
            )
        except DoudiError as error:
            note_caught(request, error)
            form.add_error("code", str(error.message))
        else:
            request.session[OPENED] = time.time()
            return redirect("accounts:second_factor")
    context = {"demanded": True, "form": form, **let_in}
    return render(request, "accounts/second_factor.html", context, status=400)


def _let_in(account: Account) -> dict[str, bool]:
    """For administrators, whom the command line lets in: nobody else gives the security administrator a code."""
    held = grants_of(account, today()).filter(role__in=ADMINISTRATORS)
    roles = set(held.values_list("role", flat=True))
    return {"administrator": bool(roles), "gives_codes": SECURITY in roles}


@_opened
def new_app(request: HttpRequest, account: Account) -> HttpResponse:
    """A code app: its picture, and the first code as proof that it works."""
    form = NewTotpForm(request.POST or None)
    secret = _kept(request, account, SECRET) if request.method == "POST" else None
    secret = secret or secrets.token_bytes(20)
    _keep(request, account, SECRET, secret)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_totp(
                actor=own_actor(account), at=now(), account=account, secret=secret, code=form.cleaned_data["code"]
            )
        except DoudiError as error:
            note_caught(request, error)
            form.add_error("code", str(error.message))
        else:
            del request.session[SECRET]
            return _added(request, account, made)
    address = totp.address(secret, account.username, "Doudi 兜底")
    context = {"form": form, "picture": picture(address), "written": totp.written(secret)}
    return render(request, "accounts/new_app.html", context)


@_opened
def new_passkey(request: HttpRequest, account: Account) -> HttpResponse:
    """A passkey or security key: the browser makes it, we keep its public part."""
    form = NewPasskeyForm(request.POST or None, user=account)
    if request.method == "POST" and form.is_valid():
        made = add_passkey(
            actor=own_actor(account), at=now(), account=account, name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"], counter=form.counter(),
        )  # fmt: skip
        return _added(request, account, made)
    context = {"form": form, "options": begin_registration(account, False)}
    return render(request, "accounts/new_passkey.html", context)


@_proved
def codes(request: HttpRequest, account: Account) -> HttpResponse:
    """New recovery codes: shown until their holder says they are written down, then never again."""
    if request.method == "POST" and "kept" in request.POST:
        request.session.pop(CODES, None)
        return redirect("/" if account.must_change_password else "accounts:second_factor")
    if request.method == "POST":
        if not is_proved(request, account):
            return proof_again(request, account)
        _new_codes(request, account)
        return redirect("accounts:recovery_codes")
    shown = _kept(request, account, CODES)
    return render(request, "accounts/recovery_codes.html", {"codes": shown.decode().split() if shown else []})


@require_POST
@_proved
def remove(request: HttpRequest, account: Account, factor_id: int) -> HttpResponse:
    """Takes away one of one's own second factors, but not the last."""
    factor = Authenticator.objects.filter(id=factor_id, user=account).first()
    if factor is None:
        raise Missing("accounts.no_such_factor", _("没有这种验证办法。请从列表重新打开。"))
    remove_factor(actor=own_actor(account), at=now(), account=account, factor=factor)
    messages.success(request, _("已移除。"))
    return redirect("accounts:second_factor")


def _added(request: HttpRequest, account: Account, made: Authenticator) -> HttpResponse:
    """A second factor that was just shown to work counts as shown; the first one brings recovery codes."""
    record_authentication(request, account, "mfa", id=made.pk, type=str(made.type))
    if not Authenticator.objects.filter(user=account, type=Type.RECOVERY_CODES).exists():
        _new_codes(request, account)
        return redirect("accounts:recovery_codes")
    messages.success(request, _("已加上。"))
    return redirect("accounts:second_factor")


def _new_codes(request: HttpRequest, account: Account) -> None:
    random = [secrets.token_bytes(recovery_codes.BYTES) for _one in range(recovery_codes.COUNT)]
    made = make_recovery_codes(actor=own_actor(account), at=now(), account=account, random=random)
    _keep(request, account, CODES, "\n".join(made).encode())


def _keep(request: HttpRequest, account: Account, name: str, content: bytes) -> None:
    """What must be shown once more waits in the session, sealed: sessions are rows of the database."""
    sealed = vault().encrypt(f"django_session|{name}|{account.id}", content)
    request.session[name] = base64.b64encode(sealed).decode()


def _kept(request: HttpRequest, account: Account, name: str) -> bytes | None:
    text = request.session.get(name)
    return vault().decrypt(f"django_session|{name}|{account.id}", base64.b64decode(text)) if text else None
