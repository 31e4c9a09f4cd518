"""Reading the access policy: strict YAML, every name known, every fault with its line and the nearest known name."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from doudi.accounts.logic.policy import (
    FULL,
    MASKED,
    SIGHTS,
    AccessPolicy,
    Emergency,
    Field,
    GrantReview,
    Permission,
    Reveal,
    Role,
    ViewAs,
)
from doudi.engine.errors import PolicyError, Where
from doudi.engine.reading import (
    bilingual,
    bilingual_of,
    boolean,
    decimal_of,
    expected,
    mapping,
    nearest,
    only,
    sequence,
)
from doudi.engine.strict_yaml import Mapping, Text, Value, content, parse

SHIPPED = Path(__file__).resolve().parents[1] / "access.yaml"
PARTS = (
    "levels", "departments", "roles", "groups", "permissions", "people", "apart", "purposes", "fields", "emergency",
    "grant_review", "view_as",
)  # fmt: skip
GROUPS = ("township", "county", "casework", "administrators")
"""Groups the program itself speaks of."""
KEPT = ("accounts.read", "accounts.keep", "accounts.administer", "audit.read")
"""Permissions whose pages are not shown to who views as a role."""
PARTED = (("accounts.keep", "accounts.administer"), ("accounts.administer", "audit.read"))
"""Permissions that no file of a house puts into one hand."""
EMERGENCY = ("hours", "reason_letters", "review_days", "most_unreviewed")
Groups = dict[str, tuple[str, ...]]


@cache
def access_policy() -> AccessPolicy:
    """The policy of this house: DOUDI_ACCESS names another file than the shipped one."""
    return read_policy(Path(os.environ.get("DOUDI_ACCESS") or SHIPPED))


def read_policy(path: Path) -> AccessPolicy:
    """One file; PolicyError with line and suggestion for whatever is not understood."""
    data = content(path, path.name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyError("policy.not_utf8", Where(path.name, 1, 1), byte=error.start) from None
    return policy_of(text, path.name)


def policy_of(text: str, name: str) -> AccessPolicy:
    """The policy that a text says."""
    table = mapping(parse(text, name), Where(name, 1, 1))
    only(table, PARTS)
    for part in PARTS:
        _needed(table, part)
    levels = tuple(str(one) for one in _names(table["levels"], table.where))
    departments = _part(table, "departments", ("owner", "across_minutes", "names"))
    named = _labels(departments["names"])
    roles = {name: _role(name, value, levels, named) for name, value in mapping(table["roles"]).items()}
    groups = _groups(mapping(table["groups"]), roles)
    permissions = {
        str(name): Permission(str(name), _roles(value, roles, groups), _place(name, table))
        for name, value in mapping(table["permissions"]).items()
    }
    _kept_apart(table["apart"], permissions)
    for name in GROUPS:
        _needed(mapping(table["groups"]), name)
    purposes = _labels(table["purposes"])
    return AccessPolicy(
        levels=levels,
        owner=_known(departments["owner"], named, departments.where),
        departments=named,
        roles=roles,
        groups=groups,
        permissions=permissions,
        people=tuple(_known(one, permissions, table.where) for one in _names(table["people"])),
        across_minutes=_whole(departments, "across_minutes"),
        purposes=purposes,
        fields=_fields(mapping(table["fields"]), roles, groups, purposes),
        emergency=_emergency(_part(table, "emergency", EMERGENCY)),
        grant_review=_review(table, roles, groups),
        view_as=_view_as(_part(table, "view_as", ("roles", "minutes")), roles, groups, permissions),
        digest=sha256(text.encode()).hexdigest(),
    )


def known_to(policy: AccessPolicy, *, roles: Collection[str], permissions: Collection[str]) -> None:
    """PolicyError unless the file speaks of exactly the roles and permissions that the program knows."""
    for said, known, kind in ((policy.roles, roles, "roles"), (policy.permissions, permissions, "permissions")):
        for name, one in said.items():
            if name not in known:
                raise _unknown(name, known, one.at)
        for name in known:
            if name not in said:
                raise PolicyError("policy.key_missing", Where("access.yaml", 1, 1), key=f"{kind}.{name}")


def _role(name: str, value: Value, levels: Collection[str], departments: Collection[str]) -> Role:
    table = mapping(value, _place(name))
    only(table, ("level", "departments"))
    level = _known(_needed(table, "level"), levels, table.where)
    held = tuple(_known(one, departments, table.where) for one in _names(_needed(table, "departments"), table.where))
    return Role(str(name), level, held, _place(name, table))


def _groups(table: Mapping, roles: Collection[str]) -> Groups:
    """Names of several roles; a group may name groups that stand before it."""
    found: Groups = {}
    for name, value in table.items():
        if name in roles:
            raise expected(
                name if isinstance(name, Text) else None, "不与角色同名", "a name that no role has", table.where
            )
        found[str(name)] = _roles(value, roles, found)
    return found


def _roles(value: Value, roles: Collection[str], groups: Groups) -> tuple[str, ...]:
    """Roles by their own names and by those of groups, each once, in the order of the file."""
    found: list[str] = []
    for item in _names(value):
        name = _known(item, (*roles, *groups), item.where)
        found += groups.get(name, (name,))
    if len(set(found)) < len(found):
        twice = next(name for name in found if found.count(name) > 1)
        raise expected(value, f"每个角色只写一次（{twice}）", f"each role once ({twice})")
    return tuple(found)


def _fields(table: Mapping, roles: Collection[str], groups: Groups, purposes: Collection[str]) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for name, value in table.items():
        _known(name, SIGHTS, table.where)
        found[str(name)] = _field(str(name), mapping(value, _place(name, table)), roles, groups, purposes)
    for name in SIGHTS:
        if name not in found:
            raise PolicyError("policy.key_missing", table.where, key=name)
    return found


def _field(name: str, table: Mapping, roles: Collection[str], groups: Groups, purposes: Collection[str]) -> Field:
    only(table, ("label", "seen", "reveal", "purposes", "emergency"))
    seen: dict[str, str] = {}
    for sight, holders in mapping(_needed(table, "seen")).items():
        _known(sight, SIGHTS[name], table.where)
        for role in _roles(holders, roles, groups):
            if role in seen:
                raise expected(holders, f"每个角色只有一种看法（{role}）", f"one sight for each role ({role})")
            seen[role] = str(sight)
    asks, minutes = _asking(table, purposes)
    return Field(
        name=name,
        label=bilingual(table, "label") or {},
        seen=seen,
        reveal=_reveal(table, roles, groups, purposes, seen),
        asks=asks,
        minutes=minutes,
        emergency=boolean(table, "emergency", False),
    )


def _asking(table: Mapping, purposes: Collection[str]) -> tuple[tuple[str, ...], int]:
    if table.get("purposes") is None:
        return (), 0
    part = _part(table, "purposes", ("any", "minutes"))
    stated = tuple(_known(one, purposes, part.where) for one in _names(part["any"]))
    return stated, _whole(part, "minutes")


def _reveal(
    table: Mapping, roles: Collection[str], groups: Groups, purposes: Collection[str], seen: dict[str, str]
) -> Reveal | None:
    if table.get("reveal") is None:
        return None
    part = _part(table, "reveal", ("roles", "purposes", "seconds", "most_an_hour"))
    holders = _roles(part["roles"], roles, groups)
    for role in holders:
        if seen.get(role) not in (MASKED, FULL):
            raise expected(
                part["roles"], f"看得到打码号码的角色（{role} 看不到）", f"roles that see it masked ({role} does not)"
            )
    stated = tuple(_known(one, purposes, part.where) for one in _names(part["purposes"]))
    return Reveal(holders, stated, _whole(part, "seconds"), _whole(part, "most_an_hour"))


def _kept_apart(value: Value, permissions: dict[str, Permission]) -> None:
    """No role holds both permissions of a pair; those of PARTED are among the pairs, whatever a house leaves out."""
    pairs = [tuple(str(one) for one in _names(pair)) for pair in sequence(value)]
    for wanted in PARTED:
        if set(wanted) <= set(permissions) and not any(set(wanted) <= set(pair) for pair in pairs):
            raise expected(value, f"把 {'、'.join(wanted)} 分开", f"{' and '.join(wanted)} kept apart")
    for pair in sequence(value):
        names = [_known(one, permissions, one.where) for one in _names(pair)]
        both = set(permissions[names[0]].roles).intersection(*(permissions[name].roles for name in names[1:]))
        if len(names) < 2 or both:
            held = ", ".join(sorted(both))
            raise expected(
                pair, f"没有角色同时拥有的两项权限（{held}）", f"two permissions that no role holds both of ({held})"
            )


def _emergency(table: Mapping) -> Emergency:
    return Emergency(*(_whole(table, name) for name in EMERGENCY))


def _review(table: Mapping, roles: Collection[str], groups: Groups) -> GrantReview:
    part = _part(table, "grant_review", ("days", "warn_days", "grace_days", "lapse", "never_lapse"))
    spared = _roles(part["never_lapse"], roles, groups)
    days, warn, grace = (_whole(part, name) for name in ("days", "warn_days", "grace_days"))
    if warn >= days:
        raise expected(part["warn_days"], "比 days 小的天数", "fewer days than `days`", part.where)
    return GrantReview(days, warn, grace, boolean(part, "lapse", False), spared)


def _view_as(table: Mapping, roles: Collection[str], groups: Groups, permissions: dict[str, Permission]) -> ViewAs:
    """Pages of administrators and of the log are nobody else's to view."""
    viewed = _roles(table["roles"], roles, groups)
    for name in KEPT:
        if name in permissions and (both := set(viewed) & set(permissions[name].roles)):
            held = ", ".join(sorted(both))
            raise expected(table["roles"], f"没有 {name} 的角色（{held} 有）", f"roles without {name} ({held} has it)")
    return ViewAs(viewed, _whole(table, "minutes"))


def _labels(value: Value) -> dict[str, dict[str, str]]:
    return {str(name): bilingual_of(pair) for name, pair in mapping(value).items()}


def _part(table: Mapping, key: str, keys: tuple[str, ...]) -> Mapping:
    """A mapping with exactly these keys."""
    part = mapping(_needed(table, key), table.where)
    only(part, keys)
    for one in keys:
        _needed(part, one)
    return part


def _needed(table: Mapping, key: str) -> Value:
    if table.get(key) is None:
        raise PolicyError("policy.key_missing", table.where, key=key)
    return table[key]


def _names(value: Value, fallback: Where | None = None) -> list[Text]:
    found = []
    for item in sequence(value, fallback or Where("access.yaml", 1, 1)):
        if not isinstance(item, Text):
            raise expected(item, "一个名称", "a name")
        found.append(item)
    return found


def _whole(table: Mapping, key: str) -> int:
    """A whole number from 1 to 100,000."""
    number = decimal_of(table[key], table.where)
    if number != int(number) or not 1 <= number <= 100_000:
        raise expected(table[key], "1 到 100000 的整数", "a whole number from 1 to 100,000", table.where)
    return int(number)


def _known(name: Value | str, known: Iterable[str], fallback: Where) -> str:
    names = list(known)
    if not isinstance(name, str) or name not in names:
        raise _unknown(str(name), names, getattr(name, "where", fallback))
    return str(name)


def _unknown(name: str, known: Collection[str], at: Where) -> PolicyError:
    said = ", ".join(known)
    return PolicyError("policy.word_unknown", at, suggestion=nearest(name, known), word=name, known=said)


def _place(name: object, table: Mapping | None = None) -> Where:
    """Where a key stands."""
    return getattr(name, "where", table.where if table is not None else Where("access.yaml", 1, 1))
