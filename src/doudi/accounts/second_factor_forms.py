"""Forms of the second factor: a code, a passkey's answer. What counts is decided by the actions."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import parse_authentication_response, parse_registration_response
from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.accounts.actions import accept_code, accept_passkey, note_failure
from doudi.accounts.actions.second_factors import WRONG_KEY
from doudi.accounts.models import Account
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Refused

MALFORMED = (forms.ValidationError, TypeError, ValueError, KeyError, AttributeError, IndexError)


def _field() -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "autocapitalize": "none"}
    help_text = _("验证码应用里现在显示的 6 位数字；没有手机时用一个恢复码。")
    return forms.CharField(label=_("验证码"), max_length=40, help_text=help_text, widget=forms.TextInput(attrs=attrs))


class EnrolmentForm(forms.Form):
    """The security administrator's code, before the first second factor is set up."""

    code = forms.CharField(
        label=_("开通码"),
        max_length=40,
        help_text=_("确认是您本人以后，安全管理员当面给的一串字母和数字，只能用一次。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, by_server: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_server:  # the security administrator, whom nobody else gives a code
            self.fields["code"].help_text = _("服务器给的一串字母和数字，只能用一次。")


class _Coded:
    """A code is taken by our own action: each is used once, wrong ones lock the account."""

    user: Account
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """A code app's code or a recovery code."""
        address = get_adapter().get_client_ip(context.request)
        actor = Actor(str(self.user.id), self.user.name, "account", "")
        code = str(self.cleaned_data["code"])
        try:
            found = accept_code(actor=actor, at=now(), account=self.user, code=code, address=address)
        except Refused as error:
            raise forms.ValidationError(str(error.message)) from None
        found.user = self.user
        self.authenticator = found
        return code


class CodeForm(_Coded, AuthenticateForm):  # type: ignore[misc]
    """At sign-in."""

    code = _field()


class CodeAgainForm(_Coded, ReauthenticateForm):  # type: ignore[misc]
    """Before one's own second factors are changed, or in a session that began without one."""

    code = _field()


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey's answer at sign-in: signature, challenge and origin by allauth and fido2, the counter by us."""

    def clean_credential(self) -> Authenticator:
        """The passkey that answered."""
        given = self.cleaned_data["credential"]
        actor, at = Actor(str(self.user.id), self.user.name, "account", ""), now()
        try:
            key = super().clean_credential()
            counter = parse_authentication_response(given).response.authenticator_data.counter
            accept_passkey(actor=actor, at=at, account=self.user, key=key, counter=counter)
        except (Refused, *MALFORMED):
            address = get_adapter().get_client_ip(context.request)
            note_failure(actor=actor, at=at, username=self.user.username, address=address, reason="passkey")
            raise forms.ValidationError(WRONG_KEY) from None
        key.user = self.user
        return key


class PasskeyAgainForm(PasskeyForm):
    """A passkey's answer in a session that goes on."""

    reauthenticated = True


class NewTotpForm(forms.Form):
    """The first code of a new code app."""

    code = forms.CharField(
        label=_("应用里显示的 6 位数字"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class NewPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey with a name to tell it from others."""

    name = forms.CharField(
        label=_("给它起个名字"), max_length=40, required=False, help_text=_("例如“窗口电脑”或“蓝色 U 盾”。")
    )

    def clean(self) -> dict[str, Any]:
        """What allauth checks; anything malformed is one refusal."""
        try:
            found: dict[str, Any] = super().clean()
        except MALFORMED:
            raise forms.ValidationError(WRONG_KEY) from None
        return found

    def counter(self) -> int:
        """The signature counter at registration."""
        answer = parse_registration_response(self.cleaned_data["credential"])
        return int(answer.response.attestation_object.auth_data.counter)
