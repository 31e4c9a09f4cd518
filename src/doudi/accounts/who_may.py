"""The page "who may do what": the access policy as it is in force, laid out for people."""

from __future__ import annotations

from typing import Any

from doudi.accounts.labels import LEVEL_LABELS, PERMISSION_LABELS, ROOM_LABELS, SIGHT_LABELS
from doudi.accounts.logic.policy import NONE, AccessPolicy, Field, Role
from doudi.accounts.models import ROLE_LABELS

TONES = {"full": "", "totals": "info", "limit": "info", "masked": "soon", "none": "plain"}


def who_may(policy: AccessPolicy, lang: str) -> dict[str, Any]:
    """What the template `accounts/roles.html` shows: fields by role, permissions by room, each role by itself."""
    return {
        "fields": [(field, field.label[lang]) for field in policy.fields.values()],
        "sights": [
            (ROLE_LABELS[name], [_cell(policy, name, f, lang) for f in policy.fields.values()]) for name in policy.roles
        ],
        "rooms": [(words, _permissions(policy, room)) for room, words in ROOM_LABELS.items()],
        "roles": [_role(policy, role, lang) for role in policy.roles.values()],
        "asked": [_asked(policy, field, lang) for field in policy.fields.values() if field.asks or field.reveal],
        "emergency": policy.emergency,
        "emergency_fields": [field.label[lang] for field in policy.fields.values() if field.emergency],
        "review": policy.grant_review,
        "owner": policy.departments[policy.owner][lang],
        "across_minutes": policy.across_minutes,
        "digest": policy.digest[:16],
    }


def _cell(policy: AccessPolicy, role: str, field: Field, lang: str) -> dict[str, Any]:
    sight = policy.sight(role, field.name)
    return {
        "heading": field.label[lang],
        "words": SIGHT_LABELS[sight],
        "tone": TONES[sight],
        "asks": sight == "full" and bool(field.asks),
        "reveals": policy.may_reveal(role, field.name),
    }


def _permissions(policy: AccessPolicy, room: str) -> list[tuple[Any, list[Any]]]:
    """Permissions of a room with the names of who holds each."""
    return [
        (PERMISSION_LABELS[name], [ROLE_LABELS[role] for role in one.roles])
        for name, one in policy.permissions.items()
        if name.partition(".")[0] == room
    ]


def _role(policy: AccessPolicy, role: Role, lang: str) -> dict[str, Any]:
    held = [PERMISSION_LABELS[name] for name, one in policy.permissions.items() if role.name in one.roles]
    sees = [(f.label[lang], _cell(policy, role.name, f, lang)) for f in policy.fields.values()]
    return {
        "name": ROLE_LABELS[role.name],
        "level": LEVEL_LABELS[role.level],
        "departments": [policy.departments[name][lang] for name in role.departments],
        "held": held,
        "sees": [(label, cell) for label, cell in sees if cell["words"] != SIGHT_LABELS[NONE]],
    }


def _asked(policy: AccessPolicy, field: Field, lang: str) -> dict[str, Any]:
    reveal = field.reveal
    return {
        "label": field.label[lang],
        "asks": [policy.purposes[name][lang] for name in field.asks],
        "minutes": field.minutes,
        "reveal": reveal,
        "revealers": [ROLE_LABELS[name] for name in reveal.roles] if reveal else [],
        "reveal_for": [policy.purposes[name][lang] for name in reveal.purposes] if reveal else [],
    }
