"""allauth's hooks: lock after failures, tell nobody whether a name exists, log every login."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from doudi.accounts.actions import is_locked, note_failure, note_locked_out, note_login
from doudi.core.actor import Actor
from doudi.core.clock import now

# the same words whether the name is unknown, the password wrong or the account locked
NOT_IN = _("用户名或密码不对，或账号暂时锁定。请 15 分钟后再试，或联系安全管理员。")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Login with a name and a password given by the security administrator; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": NOT_IN,
        "too_many_login_attempts": _("这台电脑登录得太频繁。请过一会儿再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the security administrator."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a locked account with the words of any failed login."""
        super().pre_authenticate(request, **credentials)
        username, at = str(credentials.get("username", "")), now()
        if is_locked(username, at):
            # as slow as any other wrong password: time must not tell that there is such an account
            make_password(str(credentials.get("password", "")))
            note_locked_out(actor=Actor.system("visitor"), at=at, username=username)
            raise ValidationError(NOT_IN)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a failure."""
        super().authentication_failed(request, **credentials)
        note_failure(actor=Actor.system("visitor"), at=now(), username=str(credentials.get("username", "")))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Log the login."""
        note_login(actor=Actor(str(user.id), user.name, "account", ""), at=now(), account=user)
        return super().post_login(request, user, **kwargs)
