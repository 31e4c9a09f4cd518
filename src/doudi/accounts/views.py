"""Choosing under which grant to act, one's own password, and what each role may do."""

from __future__ import annotations

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doudi.accounts.access import SESSION_KEY
from doudi.accounts.actions import change_password, is_held_up, note_failure
from doudi.accounts.forms import PasswordForm
from doudi.accounts.logic.password_profiles import profile
from doudi.accounts.logic.roles import POLICY
from doudi.accounts.models import Account, Grant
from doudi.accounts.who_may import who_may
from doudi.areas.queries import names_of
from doudi.audit.access import note_caught
from doudi.core.access import reading, signed_in
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import DoudiError, Forbidden
from doudi.core.once import repeatable


@signed_in
@reading
def choose_grant(request: HttpRequest) -> HttpResponse:
    """The grants of this account; POST chooses one."""
    grants: list[Grant] = getattr(request, "grants", [])
    if request.method == "POST":
        wanted = request.POST.get("grant", "")
        if wanted not in {str(g.id) for g in grants}:
            raise Forbidden("accounts.no_grant", _("没有这项授权，或者它已收回。请重新选择身份。"))
        request.session[SESSION_KEY] = wanted
        return redirect("/")
    names = names_of(grant.area_code for grant in grants)
    lines = [(grant, names[grant.area_code]) for grant in grants]
    context = {"lines": lines, "current": request.session.get(SESSION_KEY, "")}
    return render(request, "accounts/choose_grant.html", context)


@signed_in
@repeatable("the password in use is asked each time, and is not it any more once it was changed")
def password(request: HttpRequest) -> HttpResponse:
    """One's own new password."""
    account = request.user
    assert isinstance(account, Account)
    own, address = Actor(str(account.id), account.name, "account", ""), get_adapter().get_client_ip(request)
    held_up = request.method == "POST" and is_held_up(account, now(), address)
    form = PasswordForm(request.POST or None, account=account, held_up=held_up)
    if request.method == "POST" and not form.is_valid() and request.POST.get("current") and "current" in form.errors:
        # whoever finds an open browser guesses no longer than at the door
        note_failure(actor=own, at=now(), username=account.username, address=address, reason="change_password")
    elif request.method == "POST" and form.is_valid():
        try:
            keep = UUID(request.session["account_session"])
            change_password(actor=own, at=now(), account=account, password=form.cleaned_data["password"], keep=keep)
        except DoudiError as error:
            note_caught(request, error)
            form.add_error("password", str(error.message))
        else:
            update_session_auth_hash(request, account)
            messages.success(request, _("密码已改好。"))
            return redirect("/")
    old = profile(settings.PASSWORD_PROFILE).is_too_old(account.password_set_at, now())
    return render(request, "accounts/password.html", {"form": form, "old": old})


@signed_in
def roles(request: HttpRequest) -> HttpResponse:
    """Who may do and see what, as the program uses it."""
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    return render(request, "accounts/roles.html", who_may(POLICY, lang))
