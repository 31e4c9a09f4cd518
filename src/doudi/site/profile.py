"""Profiles: what a kind of office turns on together. DOUDI_PROFILE names one; single settings still win over it.

`government` is for government networks in China: SM algorithms, password rules of 等保 (`dengbao`), HTTPS
wanted, a holder of the log's checkpoints outside.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from doudi.audit.adapters.holders import holders


class ProfileError(RuntimeError):
    """The profile is unknown, or the house does not fit it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Profile:
    """`crypto` is what `doudi init` makes keys for; `passwords` the rules for new passwords."""

    name: str
    crypto: str
    passwords: str
    https: bool


PROFILES = {
    "standard": Profile("standard", "intl", "dengbao", https=False),
    "government": Profile("government", "sm", "dengbao", https=True),
}


def profile() -> Profile:
    """The chosen one, `standard` where none is."""
    name = os.environ.get("DOUDI_PROFILE") or "standard"
    if name not in PROFILES:
        raise ProfileError("profile.unknown", f"DOUDI_PROFILE must be one of {', '.join(PROFILES)}, not {name!r}.")
    return PROFILES[name]


def password_rules() -> str:
    """DOUDI_PASSWORDS (dengbao or asvs), else the profile's."""
    return os.environ.get("DOUDI_PASSWORDS") or profile().passwords


def wants_https() -> bool:
    """DOUDI_HTTPS (1 or 0), else the profile's. Behind a proxy that ends TLS it is 1 as well."""
    said = os.environ.get("DOUDI_HTTPS")
    return said == "1" if said else profile().https


def check_holder_outside() -> None:
    """ProfileError when a house is started under the profile with nobody outside who holds checkpoints of its log."""
    if profile().name == "government" and not holders():
        raise ProfileError(
            "profile.holder",
            "系统之外没有保存检查点的地方 · The government profile wants a holder of the log's checkpoints outside: "
            "without one the log vouches for itself. Set DOUDI_CHECKPOINT_FOLDERS to folders that somebody else owns.",
        )


def check_keys_fit(keys: Path) -> None:
    """ProfileError when a house whose keys are for other algorithms is started under the profile: they never change."""
    wanted = profile()
    crypto = keys / "crypto"
    if wanted.name == "government" and crypto.exists() and crypto.read_text().strip() != wanted.crypto:
        raise ProfileError(
            "profile.keys",
            "密钥不是国密 · The government profile wants SM keys, and this house was made with others. Keys are for "
            "the life of the lake: make a new house (`DOUDI_PROFILE=government doudi init`) and load it anew.",
        )
