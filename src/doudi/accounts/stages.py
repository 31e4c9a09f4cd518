"""The step of a sign-in between password and being in: the second factor, unless the identity provider has seen one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.account.models import Login
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from doudi.accounts.models import Account

AT_PROVIDER = "identity_provider"
STANDING = "standing"
View = Callable[..., HttpResponse]


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """allauth's step; an account with a code app or passkey must show it, whether the house demands one or not."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Where the sign-in waits, what it rests on is kept with it."""
        response, goes_on = super().handle()
        if response is not None:
            self.state[STANDING] = _standing(self.request, self.login)
        return response, goes_on

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        if any(record.get("type") == AT_PROVIDER for record in records):
            return False
        return bool(super()._should_handle(request))


def still_standing(view: View) -> View:
    """A sign-in that waits for its second factor ends when the password was changed, the account closed or the
    identity unbound meanwhile: no code is looked at.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        login = None if request.user.is_authenticated else unstash_login(request, peek=True)
        if login is not None and login.user is not None:
            kept = login.state.get("stages", {}).get(SecondFactorStage.key, {}).get("data", {}).get(STANDING)
            if kept != _standing(request, login):
                clear_login(request)
                return redirect("account_login")
        return view(request, *args, **kwargs)

    return guarded


def _standing(request: HttpRequest, login: Login) -> list[str]:
    """What a first step rests on: an open account, its password, and the binding it came in by."""
    account = login.user
    assert isinstance(account, Account)
    records = get_authentication_records(request, account)
    came_by = [(one.get("provider"), one.get("uid")) for one in records if one.get("method") == "socialaccount"]
    bound = SocialAccount.objects.filter(user=account).values_list("pk", "provider", "uid")
    return [
        str(account.get_session_auth_hash()), str(account.is_active),
        *sorted(f"{key}" for key, provider, uid in bound if (provider, uid) in came_by),
    ]  # fmt: skip
