"""The registry's boxes of the household page, and the socket other apps fill with theirs."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may_reveal, may_see, sight_of
from doudi.accounts.logic.policy import NONE
from doudi.audit.panels import same_subjects
from doudi.core.actor import Actor
from doudi.core.sockets import Socket
from doudi.registry.logic.minors import guarded
from doudi.registry.models import Declaration
from doudi.registry.queries.families import household_page
from doudi.registry.queries.people import same_persons
from doudi.registry.queries.revealing import accounts_of


@dataclass(frozen=True, slots=True)
class HouseholdPanel:
    """One box: title, template and what it shows; lower `order` first; `aside` boxes stand in the narrow column."""

    name: str
    title: str | Promise
    template: str
    data: object
    order: int = 100
    aside: bool = False
    reveals: bool = False
    """Whether the reader may have masked numbers in it shown in full."""


household_panels: Socket[HouseholdPanel] = Socket("household_panels")
"""Filled by callables (actor, household id, day) -> HouseholdPanels; collected by the desk."""


applications_seen: Socket[str] = Socket("applications_seen")
"""Filled by callables (actor, numbers of applications) -> those of them the actor may see."""


@same_subjects.fill
def merged_records(subject: str) -> Iterable[str]:
    """The other records of a person, since two were merged: looks at any of them were looks at this person."""
    try:
        own = uuid.UUID(subject)
    except ValueError:
        return
    yield from (str(one) for one in same_persons([own]) - {own})


@household_panels.fill
def registry_panels(actor: Actor, household: uuid.UUID, on: datetime.date) -> Iterable[HouseholdPanel]:
    """Members, labels, addresses and declarations; numbers are masked."""
    page = household_page(household, on)
    sees, reveals = may_see(actor, "minors"), may_reveal(actor, "identity_number")
    page = replace(
        page,
        members=tuple(guarded(line, on, sees) for line in page.members),
        declarations=tuple(_shown(actor, page.declarations)),
    )
    accounts = accounts_of([line.person_id for line in page.members]) if sight_of(actor, "bank") != NONE else []
    held = [HouseholdPanel("accounts", _("收款账户"), "registry/panels/accounts.html", accounts, 45, True,
                           may_reveal(actor, "bank"))] if accounts else []  # fmt: skip
    return [
        *held,
        HouseholdPanel("members", _("家庭成员"), "registry/panels/members.html", page, 10, reveals=reveals),
        HouseholdPanel("labels", _("救助标识"), "registry/panels/labels.html", page, 20, aside=True),
        HouseholdPanel("declarations", _("申报情况"), "registry/panels/declarations.html", page, 30),
        HouseholdPanel("addresses", _("住址"), "registry/panels/addresses.html", page, 40, aside=True),
    ]


def _shown(actor: Actor, declarations: Iterable[Declaration]) -> Iterable[Declaration]:
    """What the household said of itself; of its people, what was said in no application or in one the actor may see."""
    said = list(declarations)
    numbers = {one.application for one in said if one.person_id is not None and one.application}
    seen = set(applications_seen.collect(actor, numbers)) if numbers else set()
    return [one for one in said if one.person_id is None or not one.application or one.application in seen]
