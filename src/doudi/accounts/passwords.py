"""Password rules of the profile `dengbao`: at least 12 characters of three classes, none of the last five."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from doudi.accounts.models import Account, FormerPassword

REMEMBERED = 5


class ThreeClasses:
    """Three of: lower case, upper case, digits, other signs."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        classes = [
            any(c.islower() for c in password),
            any(c.isupper() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        ]
        if sum(classes) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("密码至少 12 个字符，小写字母、大写字母、数字、符号里至少用三种。")


class NotFormer:
    """Not one of the last five."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        if not isinstance(user, Account) or user._state.adding:
            return
        kept = FormerPassword.objects.filter(account=user).order_by("-at")[:REMEMBERED]
        if any(check_password(password, row.hash) for row in kept):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("不能用最近五次用过的密码。")
