"""S-15: the roles may do exactly what the access policy says, seen by real requests to every address."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from doudi.accounts.logic.reading import SHIPPED
from tests.bars.conftest import Bar
from tests.bars.routes import METHODS, NOT_THIS_WAY, refusal, routes
from tests.cases.signing_in import signed_in

pytestmark = pytest.mark.django_db
FORBIDDEN = "core.forbidden"
READS = ("accounts.view_as", "accounts.read")
"""What two of the three hold: it shows, and changes nothing."""
THREE = {
    "system_administrator": {"console.system", "operations.read", "accounts.read", "accounts.keep"},
    "security_administrator": {
        "console.security",
        "accounts.read",
        "accounts.administer",
        "accounts.review_emergency",
        "accounts.view_as",
    },
    "audit_administrator": {"console.audit", "audit.read", "accounts.view_as"},
}


def as_written() -> dict[str, set[str]]:
    """Who holds each permission, read from the file by other means than the program's."""
    said: dict[str, Any] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    groups: dict[str, list[str]] = said["groups"]

    def spread(names: list[str]) -> set[str]:
        return {role for name in names for role in (spread(groups[name]) if name in groups else {name})}

    return {permission: spread(holders) for permission, holders in said["permissions"].items()}


@pytest.mark.bar("S-15", "every role may do exactly what the access policy says, by requests to every address")
def test_the_matrix_of_roles_and_addresses_is_exact(bar: Bar) -> None:
    holders = as_written()
    roles = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["roles"]
    guarded = [route for route in routes() if route.access not in ("public", "signed_in", "")]
    assert {route.access for route in guarded} <= set(holders), "an address asks for what nobody declared"
    clients = {role: signed_in(role, "990101")[0] for role in roles}
    wrong, tried = [], 0
    for route in guarded:
        for role, client in clients.items():
            for method in METHODS:
                status, code = refusal(client, method, route.address())
                if status == NOT_THIS_WAY:
                    continue
                tried += 1
                if (code == FORBIDDEN) == (role in holders[route.access]):
                    wrong.append(f"{role} {method} {route.name}: {status} {code}")
                if code == FORBIDDEN and status != 403:
                    wrong.append(f"{role} {method} {route.name}: refused with {status}")
                if not bar.full:
                    break  # the way it is meant to be asked; both ways in the full form
    bar.says(f"{tried} requests by {len(clients)} roles to {len(guarded)} addresses, {len(wrong)} not as declared")
    assert not wrong
    assert tried > 500 and len(guarded) > 50


@pytest.mark.bar("S-15", "the three administrators hold what is written and share nothing that lets one act alone")
def test_the_three_administrators_are_apart(bar: Bar) -> None:
    holders = as_written()
    held = {role: {name for name, roles in holders.items() if role in roles} for role in THREE}
    shared = {name for name in holders if sum(name in own for own in held.values()) > 1 and name not in READS}
    bar.says(f"{sum(map(len, held.values()))} of {3 * len(holders)} permissions held by 3 administrators")
    assert held == THREE and not shared


@pytest.mark.bar("S-15", "an address without a permission shows nothing of families to who holds none")
def test_signed_in_is_not_a_way_round(bar: Bar) -> None:
    client, _actor = signed_in("system_administrator", "990101")
    open_ones = [route for route in routes() if route.access == "signed_in"]
    bad = []
    for route in open_ones:
        answers = [client.get(route.address()), client.post(route.address())]
        if any(answer.status_code == 200 and "/households/" in answer.content.decode() for answer in answers):
            bad.append(route.name)
    bar.says(f"{len(open_ones)} addresses for whoever is signed in, {len(bad)} lead to families")
    assert open_ones and not bad
