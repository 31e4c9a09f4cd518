"""The roles and what each may do, as `accounts/access.yaml` says it; views and actions ask here."""

from __future__ import annotations

from doudi.accounts.logic.reading import access_policy

POLICY = access_policy()
ROLES = tuple(POLICY.roles)
ADMINISTRATORS = POLICY.groups["administrators"]
TOWNSHIP = POLICY.groups["township"]
COUNTY = POLICY.groups["county"]
CASEWORK = POLICY.groups["casework"]
PERMISSIONS: dict[str, tuple[str, ...]] = {name: one.roles for name, one in POLICY.permissions.items()}


def may(role: str, permission: str) -> bool:
    """Whether a role holds a permission."""
    return POLICY.may(role, permission)
