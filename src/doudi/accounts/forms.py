"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.password_profiles import profile
from doudi.accounts.logic.roles import POLICY, ROLES
from doudi.accounts.models import ROLE_LABELS, Account
from doudi.core.scopes import KnownScope, known_scopes


class SignInForm(LoginForm):  # type: ignore[misc]
    """Name and password, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("login", _("用户名")), ("password", _("密码"))):
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs.pop("placeholder", None)


def password_rule() -> str:
    """What a new password must be in this house."""
    rules = profile(settings.PASSWORD_PROFILE)
    said = (
        _("至少 %(least)d 个字符，小写字母、大写字母、数字、符号里至少用三种。")
        if rules.classes
        else _("至少 %(least)d 个字符，可以是好记的一句话。")
    )
    return str(said) % {"least": rules.least}


class PasswordForm(forms.Form):
    """The password in use, and a new one twice."""

    current = forms.CharField(
        label=_("现在的密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    password = forms.CharField(
        label=_("新密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(label=_("再写一遍"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, data: Any = None, *, account: Account, held_up: bool = False) -> None:
        super().__init__(data)
        self.account, self.held_up = account, held_up
        self.fields["password"].help_text = password_rule()

    def clean_current(self) -> str:
        """It must be the one in use; while the account is locked it is not even looked at."""
        current: str = self.cleaned_data["current"]
        if self.held_up or not self.account.check_password(current):
            raise forms.ValidationError(_("现在的密码不对，或账号暂时锁定。请 15 分钟后再试。"))
        return current

    def clean(self) -> dict[str, str]:
        """Both must be the same."""
        data: dict[str, str] = super().clean() or {}
        if data.get("password") and data.get("password") != data.get("again"):
            self.add_error("again", _("两次写的不一样。请再写一遍。"))
        return data


def department_choices() -> list[tuple[str, str]]:
    """The departments the policy knows, in the language of the page."""
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    return [(name, label[lang]) for name, label in POLICY.departments.items()]


class GrantForm(forms.Form):
    """One more grant."""

    role = forms.ChoiceField(label=pgettext_lazy("account", "角色"), choices=[(r, ROLE_LABELS[r]) for r in ROLES])
    area = forms.CharField(label=_("区划代码"), max_length=12, help_text=_("2、4、6、9 或 12 位数字，例如 990101003。"))
    department = forms.ChoiceField(
        label=_("部门"), required=False, choices=department_choices, help_text=_("不选就是民政。")
    )
    to_on = forms.DateField(
        label=_("到哪一天为止"),
        required=False,
        help_text=_("这一天起不再有效。不填就一直有效。"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class AccountForm(forms.Form):
    """A new account; it may nothing yet."""

    username = forms.CharField(label=_("用户名"), max_length=60)
    name = forms.CharField(label=_("姓名"), max_length=60)
    holder = forms.CharField(
        label=_("持有人的身份证号"),
        max_length=30,
        help_text=_("只存一个算不回去的标记，用来保证一人一号。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(label=_("初始密码"), widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = _("%(rule)s第一次登录时本人必须改掉，七天内有效。")
        self.fields["password"].help_text = str(told) % {"rule": password_rule()}


class ServiceForm(forms.Form):
    """A new account of another system: what the data products agree on is chosen, not typed."""

    name = forms.CharField(label=_("系统名称"), max_length=60, help_text=_("例如“医保局结算系统”。"))
    department = forms.ChoiceField(label=_("部门"), choices=lambda: [("", "—"), *scope_departments()])
    area = forms.CharField(label=_("区划代码"), max_length=12, help_text=_("2、4、6、9 或 12 位数字，例如 990101003。"))
    purpose = forms.CharField(
        label=_("用途"), max_length=60, help_text=_("依据的法规或协议，例如“医疗救助一站式结算”。")
    )
    scopes = forms.MultipleChoiceField(
        label=_("范围"),
        choices=lambda: [(one.name, f"{one.label}（{one.name}）") for one in scopes_known()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("它能要的数据产品。每一项都要与这个部门有约定。"),
    )
    to_on = forms.DateField(
        label=_("到哪一天为止"), help_text=_("这一天起不再有效。"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        """Every scope is agreed with the department."""
        data: dict[str, Any] = super().clean() or {}
        chosen, department = data.get("scopes", []), data.get("department")
        known = [one for one in scopes_known() if one.name in chosen]
        wrong = [one.label for one in known if department not in {code for code, _name in one.departments}]
        if wrong and department:
            told = _("与这个部门没有约定：%(names)s。请去掉，或先在数据产品里约定。")
            self.add_error("scopes", told % {"names": "、".join(wrong)})
        return data


def scopes_known() -> list[KnownScope]:
    """What the apps of this house let other systems ask for, in the language of the page."""
    return list(known_scopes.collect("en" if (get_language() or "").startswith("en") else "zh"))


def scope_departments() -> list[tuple[str, str]]:
    """The departments that some scope is agreed with."""
    return list(dict(pair for one in scopes_known() for pair in one.departments).items())
