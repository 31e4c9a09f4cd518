"""The rules of password profiles that Django does not have, in our words."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doudi.accounts.models import Account, FormerPassword


class LongEnough:
    """At least so many characters."""

    def __init__(self, least: int) -> None:
        self.least = least

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        if len(password) < self.least:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """The rule in words."""
        return ngettext("密码至少 %(least)d 个字符。", "密码至少 %(least)d 个字符。", self.least) % {
            "least": self.least
        }


class Classes:
    """So many of: lower case, upper case, digits, other signs."""

    def __init__(self, classes: int) -> None:
        self.classes = classes

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        found = [
            any(c.islower() for c in password),
            any(c.isupper() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        ]
        if sum(found) < self.classes:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("小写字母、大写字母、数字、符号里至少用三种。")


class NotFormer:
    """Not one of the last ones."""

    def __init__(self, remembered: int) -> None:
        self.remembered = remembered

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        if not isinstance(user, Account) or user._state.adding:
            return
        kept = FormerPassword.objects.filter(account=user).order_by("-at")[: self.remembered]
        if any(check_password(password, row.hash) for row in kept):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("不能用最近五次用过的密码。")
