"""Forms of accounts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import ROLES
from doudi.accounts.models import ROLE_LABELS


class PasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label=_("新密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 12 个字符，小写字母、大写字母、数字、符号里至少用三种。"),
    )
    again = forms.CharField(label=_("再写一遍"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def clean(self) -> dict[str, str]:
        """Both must be the same."""
        data: dict[str, str] = super().clean() or {}
        if data.get("password") and data.get("password") != data.get("again"):
            self.add_error("again", _("两次写的不一样。请再写一遍。"))
        return data


class AccountForm(forms.Form):
    """A new account with its first grant."""

    username = forms.CharField(label=_("用户名"), max_length=60)
    name = forms.CharField(label=_("姓名"), max_length=60)
    password = forms.CharField(label=_("初始密码"), help_text=_("第一次登录时本人必须改掉。"))
    role = forms.ChoiceField(label=_("角色"), choices=[(r, ROLE_LABELS[r]) for r in ROLES])
    area = forms.CharField(label=_("区划代码"), max_length=12, help_text=_("2、4、6、9 或 12 位数字，例如 990101003。"))
