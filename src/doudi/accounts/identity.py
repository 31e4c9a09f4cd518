"""Signing in through a government identity provider (OpenID Connect, by allauth): for accounts bound to a subject only.

Settings: DOUDI_OIDC_SERVER, DOUDI_OIDC_CLIENT, DOUDI_OIDC_SECRET_FILE, DOUDI_OIDC_NAME; DOUDI_OIDC_SECOND_FACTOR names
what the provider says when it has seen a second factor (`amr=mfa` or `acr=<level>`); without it ours is asked for.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from doudi.accounts.actions import note_unbound
from doudi.accounts.queries import subject_proved
from doudi.accounts.stages import AT_PROVIDER
from doudi.core.access import public
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Missing

PROVIDER = "government"
KEPT = ("iss", "sub", "acr", "amr", "auth_time")
"""Of what the provider tells, this is kept; names, numbers and addresses are not."""


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Nobody signs up and nobody binds themselves: an unknown subject is refused, whoever it is."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Accounts are made by the system administrator."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Only an existing, active account that the system administrator bound to this subject goes on.

        The provider's second factor counts where the holder has once shown the account's own after coming from there.
        """
        held = sociallogin.is_existing and sociallogin.user.is_active
        if not held or sociallogin.state.get("process") != AuthProcess.LOGIN:
            note_unbound(actor=Actor.system("visitor"), at=now())
            raise ImmediateHttpResponse(render(request, "accounts/not_bound.html", status=403))
        proved = subject_proved(sociallogin.user, sociallogin.account.provider)
        if proved and provider_saw_second_factor(sociallogin.account.extra_data):
            record_authentication(request, sociallogin.user, "mfa", type=AT_PROVIDER)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Whatever went wrong there is one page here; what the provider said is not shown."""
        raise ImmediateHttpResponse(render(request, "accounts/provider_failed.html", status=403))


class GovernmentProvider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """allauth's client; it keeps of the answer only what binding and levels need."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """The sign-in of an answer whose ID token was checked."""
        login = super().complete_login(request, app, token, **kwargs)
        told = login.account.extra_data.get("id_token") or {}
        login.account.extra_data = {name: told[name] for name in KEPT if name in told}
        login.email_addresses = []
        return login


def provider_saw_second_factor(told: dict[str, Any]) -> bool:
    """Whether the answer holds what this house takes for a second factor."""
    name, _, wanted = settings.OIDC_SECOND_FACTOR.partition("=")
    said = told.get(name) if name else None
    return bool(wanted) and (wanted in said if isinstance(said, list) else said == wanted)


@public
def to_provider(request: HttpRequest) -> HttpResponse:
    """To the provider (POST), with state and PKCE kept in the session."""
    if not settings.SOCIALACCOUNT_PROVIDERS:
        raise Missing("accounts.no_provider", _("这里没有接入统一身份认证。请用用户名和密码登录。"))
    view = OAuth2LoginView.adapter_view(GovernmentProvider(request, PROVIDER))
    answer: HttpResponse = view(request)
    return answer


@public
def from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    if provider_id != PROVIDER or not settings.SOCIALACCOUNT_PROVIDERS:
        raise Missing("accounts.no_provider", _("这里没有接入统一身份认证。请用用户名和密码登录。"))
    view = OAuth2CallbackView.adapter_view(GovernmentProvider(request, PROVIDER))
    answer: HttpResponse = view(request)
    return answer
