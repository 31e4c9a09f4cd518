"""A county with something of everything in it: families, applications at several steps, a draft, deliveries.

Made by the same actions as people's; what the bars walk through, attack and submit twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test import Client

from doudi.accounts.access import SESSION_KEY, as_actor
from doudi.accounts.models import Grant
from doudi.cases.actions import accept_application, assess, enter_application, verify_application
from doudi.cases.logic.entries import OTHER_INCOME, NewApplication
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.rulebook.actions import open_draft
from doudi.rulebook.queries import current
from doudi.sources.actions import receive_file
from tests.browser import county as counties

WAGES = "所属期|证件号码|姓名|扣缴义务人|收入额\n"


@dataclass
class Seeded:
    """The county and who works in it, by role."""

    county: counties.County
    grants: dict[str, Grant] = field(default_factory=dict)

    def actor(self, role: str) -> Actor:
        """Somebody acting in a role."""
        grant = self.grants[role]
        return as_actor(grant.account, grant)

    def client(self, role: str, **extra: Any) -> Client:
        """A browser without script, signed in as a role; answers of the server are answers, not exceptions."""
        return signed_in(self.grants[role], **extra)


def signed_in(grant: Grant, **extra: Any) -> Client:
    """A client of an account under a grant."""
    client = Client(raise_request_exception=False, **extra)
    client.force_login(grant.account)
    session = client.session
    session[SESSION_KEY] = str(grant.id)
    session.save()
    return client


def seed(folder: Path) -> Seeded:
    """Lays it out in the database of the test; `folder` for files on their way."""
    county = counties.build()
    made = Seeded(county, {grant.role: grant for grant in Grant.objects.select_related("account")})
    _applications(made)
    _files(made, folder)
    return made


def _applications(made: Seeded) -> None:
    """Entered, accepted, verified and worked out: one family each."""
    registrar, handler = made.actor("registrar"), made.actor("handler")
    numbers, day = made.county.numbers, today()
    families = (
        ("YX001842", ("陈桂兰", "周文平", "周小妍")), ("YX001843", ("李建国", "王秀英")),
        ("YX001845", ("次仁多吉", "卓玛", "扎西")),
    )  # fmt: skip
    for step, (household, names) in enumerate(families):
        members = tuple(numbers[name] for name in names)
        entry = NewApplication(
            number="", applied_on=day, household_number=household, applicant=members[0], members=members,
            declared={OTHER_INCOME: None}, signed=members[:2],
        )  # fmt: skip
        found = enter_application(actor=registrar, at=now(), entry=entry)
        rulebook = current(found.area_code, found.applied_on)
        if step >= 1:
            accept_application(actor=handler, at=now(), application=found.id, on=day)
        if step >= 2:
            verify_application(actor=handler, at=now(), application=found.id, rulebook=rulebook)
            assess(actor=handler, at=now(), application=found.id, rulebook=rulebook)


def _files(made: Seeded, folder: Path) -> None:
    """One delivery taken in, one refused; a draft with a file of its own."""
    officer, number = made.actor("county_officer"), made.county.numbers["周文平"]
    for name, text in (("1", WAGES + f"202507|{number}|甲|某厂|100.00\n"), ("2", WAGES + "202507|1|甲")):
        path = folder / f"shuiwu_gongzi_{name}.txt"
        path.write_text(text, encoding="utf-8")
        receive_file(actor=officer, at=now(), path=path)
    open_draft(actor=officer, at=now(), place="990101", title="放宽")
