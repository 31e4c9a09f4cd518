"""Choosing under which grant to act, one's password, and the security administrator's list of accounts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.accounts.access import SESSION_KEY
from doudi.accounts.actions import change_password, create_account, give_grant, withdraw_grant
from doudi.accounts.forms import AccountForm, PasswordForm
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.accounts.models import Account, Grant
from doudi.accounts.queries import all_accounts, grants_of
from doudi.core.access import permission, signed_in
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import DoudiError, Forbidden


@signed_in
def choose_grant(request: HttpRequest) -> HttpResponse:
    """The grants of this account; POST chooses one."""
    grants = getattr(request, "grants", [])
    if request.method == "POST":
        wanted = request.POST.get("grant", "")
        if wanted not in {str(g.id) for g in grants}:
            raise Forbidden("accounts.no_grant", _("没有这项授权。"))
        request.session[SESSION_KEY] = wanted
        return redirect("/")
    return render(request, "accounts/choose_grant.html", {"grants": grants})


@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """One's own new password."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = request.user
        assert isinstance(account, Account)
        try:
            change_password(
                actor=Actor(str(account.id), account.name, "account", ""),
                at=now(),
                account=account,
                password=form.cleaned_data["password"],
            )
        except DoudiError as error:
            form.add_error("password", str(error.message))
        else:
            update_session_auth_hash(request, account)
            messages.success(request, _("密码已改好。"))
            return redirect("/")
    return render(request, "accounts/password.html", {"form": form})


@permission("accounts.administer", PERMISSIONS["accounts.administer"])
def account_list(request: HttpRequest) -> HttpResponse:
    """All accounts with their grants."""
    rows = [(account, list(grants_of(account, today()))) for account in all_accounts()]
    return render(request, "accounts/list.html", {"rows": rows})


@permission("accounts.administer", PERMISSIONS["accounts.administer"])
def new_account(request: HttpRequest) -> HttpResponse:
    """A new account with its first grant."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, actor, at = form.cleaned_data, request.actor, now()  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                account = create_account(
                    actor=actor, at=at, username=data["username"], name=data["name"], password=data["password"]
                )
                give_grant(actor=actor, at=at, account=account, role=data["role"], area=data["area"], from_on=today())
        except DoudiError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("账号已建好。"))
            return redirect("accounts:list")
    return render(request, "accounts/new.html", {"form": form})


@require_POST
@permission("accounts.administer", PERMISSIONS["accounts.administer"])
def withdraw(request: HttpRequest, grant_id: str) -> HttpResponse:
    """Withdraw a grant; it ends with the next request."""
    grant = get_object_or_404(Grant, id=grant_id)
    withdraw_grant(actor=request.actor, at=now(), grant=grant, reason=request.POST.get("reason", ""))  # type: ignore[attr-defined]
    messages.success(request, _("授权已收回。"))
    return redirect("accounts:list")
