"""allauth's hooks: lock account and address after failures, tell nobody whether a name exists, log every sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from doudi.accounts.actions import (
    is_address_locked,
    is_locked,
    note_address_refused,
    note_failure,
    note_locked_out,
    note_login,
)
from doudi.accounts.models import Account
from doudi.core.actor import Actor
from doudi.core.clock import now

# the same words whether the name is unknown, the password wrong, the account or the address locked
NOT_IN = _("用户名或密码不对，或账号暂时锁定。请 15 分钟后再试，或联系本单位的管理员。")
STAGES = [
    "allauth.account.stages.LoginByCodeStage",
    "allauth.account.stages.PhoneVerificationStage",
    "allauth.account.stages.EmailVerificationStage",
    "doudi.accounts.stages.SecondFactorStage",
]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with a name and a password given by the system administrator; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": NOT_IN,
        "incorrect_password": _("密码不对。"),
        "too_many_login_attempts": _("这台电脑登录得太频繁。请过一会儿再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the system administrator."""
        return False

    def get_login_stages(self) -> list[str]:
        """allauth's, with our own second factor."""
        return STAGES

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a locked account or address with the words of any failed sign-in."""
        super().pre_authenticate(request, **credentials)
        username, at = str(credentials.get("username", "")), now()
        address = self.get_client_ip(request)
        if is_address_locked(address, at):
            # before any name is looked up: time tells nothing of one, and a flood costs neither a hash nor a write
            note_address_refused(actor=Actor.system("visitor"), at=at, address=address)
            raise ValidationError(NOT_IN)
        if is_locked(username, at, address):
            # as slow as any other wrong password: time must not tell that there is such an account
            make_password(str(credentials.get("password", "")))
            note_locked_out(actor=Actor.system("visitor"), at=at, username=username, address=address)
            raise ValidationError(NOT_IN)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a failure."""
        super().authentication_failed(request, **credentials)
        username = str(credentials.get("username", ""))
        note_failure(actor=Actor.system("visitor"), at=now(), username=username, address=self.get_client_ip(request))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Log the sign-in."""
        records = get_authentication_records(request, user)
        shown = dict.fromkeys(str(one.get("type") or one.get("provider") or one.get("method")) for one in records)
        actor = Actor(str(user.id), user.name, "account", "")
        note_login(actor=actor, at=now(), account=user, way="+".join(shown))
        return super().post_login(request, user, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What passkeys are told about this house and the account."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": _("没有通过。请再试一次。")}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The house: its host name, which the browser checks, and a name to show."""
        return {**super().get_public_key_credential_rp_entity(), "name": "兜底 Doudi"}

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        """The account; nothing of the person but the name they sign in with."""
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.username}
