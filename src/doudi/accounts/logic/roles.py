"""The roles and what each may do. One table; views and actions ask it."""

from __future__ import annotations

ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")
ROLES = (
    "registrar",
    "handler",
    "reviewer",
    "township_leader",
    "county_officer",
    "verification_officer",
    "county_leader",
    "auditor",
    *ADMINISTRATORS,
)
TOWNSHIP = ("registrar", "handler", "reviewer", "township_leader")
COUNTY = ("county_officer", "verification_officer", "county_leader")
CASEWORK = (*TOWNSHIP, *COUNTY)
PERMISSIONS: dict[str, tuple[str, ...]] = {
    "desk.work": (*CASEWORK, "auditor"),
    "registry.read": (*CASEWORK, "auditor"),
    "cases.read": (*CASEWORK, "auditor"),
    "cases.enter": ("registrar", "handler"),
    "cases.accept": ("registrar", "handler"),
    "cases.verify": ("registrar", "handler", "verification_officer"),
    "cases.assess": ("registrar", "handler"),
    "cases.return": ("registrar", "handler"),
    "cases.choose": ("handler",),
    "cases.propose": ("handler",),
    "cases.review": ("reviewer", "township_leader"),
    "verification.read": (*CASEWORK, "auditor"),
    "verification.request": ("registrar", "handler", "verification_officer"),
    "verification.authorise": ("registrar", "handler"),
    "verification.conclude": ("verification_officer",),
    "verification.bank_values": ("verification_officer",),
    "sources.read": ("county_officer", "verification_officer", "auditor"),
    "sources.receive": ("county_officer", "verification_officer"),
    "rulebook.read": (*CASEWORK, "auditor"),
    "rulebook.drafts": ("county_officer", "county_leader", "auditor"),
    "rulebook.edit": ("county_officer",),
    "rulebook.approve": ("county_leader",),
    "insight.read": ("county_officer", "county_leader", "auditor"),
    "insight.simulate": ("county_officer", "county_leader"),
    "insight.cliff": CASEWORK,
    "audit.read": ("auditor", "audit_administrator"),
    "accounts.administer": ("security_administrator",),
}


def may(role: str, permission: str) -> bool:
    """Whether a role holds a permission."""
    return role in PERMISSIONS[permission]
