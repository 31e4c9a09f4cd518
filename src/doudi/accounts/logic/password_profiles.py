"""What a password must be, by profile: `dengbao` (等保 level 3, the default) or `asvs` (OWASP ASVS 5.0, level 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class PasswordProfile:
    """The rules of one profile; a zero means that the rule does not exist there.

    ASVS wants length and no known password, and speaks against classes of characters and forced change.
    """

    name: str
    least: int
    classes: int
    days: int
    remembered: int

    def is_too_old(self, set_at: datetime | None, at: datetime) -> bool:
        """Whether a password set then must be changed now; unknown is not too old."""
        return bool(self.days and set_at and at - set_at >= timedelta(days=self.days))


PROFILES = {
    "dengbao": PasswordProfile("dengbao", least=12, classes=3, days=90, remembered=5),
    "asvs": PasswordProfile("asvs", least=15, classes=0, days=0, remembered=0),
}
GIVEN_HOLDS = timedelta(days=7)
"""How long a password set by somebody else may be used to sign in for the first time."""


def profile(name: str) -> PasswordProfile:
    """The profile of a name; ValueError says which there are."""
    if name not in PROFILES:
        raise ValueError(f"DOUDI_PASSWORDS must be one of {', '.join(PROFILES)}, not {name!r}")
    return PROFILES[name]


def validators(name: str) -> list[dict[str, Any]]:
    """Django's AUTH_PASSWORD_VALIDATORS of a profile."""
    rules = profile(name)
    django = "django.contrib.auth.password_validation"
    found: list[dict[str, Any]] = [
        {"NAME": f"{django}.UserAttributeSimilarityValidator"},
        {"NAME": "doudi.accounts.passwords.LongEnough", "OPTIONS": {"least": rules.least}},
        {"NAME": f"{django}.CommonPasswordValidator"},
    ]
    if rules.classes:
        found.append({"NAME": "doudi.accounts.passwords.Classes", "OPTIONS": {"classes": rules.classes}})
    if rules.remembered:
        found.append({"NAME": "doudi.accounts.passwords.NotFormer", "OPTIONS": {"remembered": rules.remembered}})
    return found
