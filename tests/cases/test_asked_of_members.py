"""Facts that the family tells of single members: asked where the rules read them, told on a page of their own."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from doudi.cases.actions import assess, supplement_application
from doudi.cases.logic.missing import lacks_of
from doudi.cases.logic.wizard import asked_of_person
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.core.errors import Malformed
from doudi.engine.rulebook import Rulebook
from doudi.registry.models import Declaration
from doudi.rulebook.actions import publish
from doudi.rulebook.queries import current
from tests.cases.conftest import APPLIED, AT, COUNTY, HEAD, POLICY, SON, WIFE, County
from tests.cases.signing_in import signed_in

pytestmark = pytest.mark.django_db
FACTS = ["person.clergy_years", "person.is_declared_missing"]


@pytest.fixture
def absences(county: County, tmp_path: Path) -> Rulebook:
    """Chongqing's rule on who is not counted, in the fictional province."""
    root = tmp_path / "policy"
    shutil.copytree(POLICY, root)
    text = (root / "places" / "50" / "members.yaml").read_text(encoding="utf-8")
    (root / "places" / "99" / "members.yaml").write_text(text.replace("'50'", "'99'"), encoding="utf-8")
    shutil.copy(root / "places" / "50" / "rules.yaml", root / "places" / "99" / "counted.yaml")
    publish(actor=Actor.system(), at=AT, root=root, place=COUNTY, effective_on=datetime.date(2026, 7, 1))
    county.rulebook = current(COUNTY, APPLIED)
    return county.rulebook


def test_they_are_missing_until_told_and_then_decide(
    county: County, absences: Rulebook, assessed: Callable[..., Application], handler: Actor
) -> None:
    assert set(FACTS) <= {fact.qualified for fact in asked_of_person(absences)}
    made = assessed()
    for person in (HEAD, WIFE, SON):
        told = {"person.clergy_years": "0", "person.is_declared_missing": False}
        supplement_application(actor=handler, at=AT, application=made.id, declared=told, person=county.ids[person])
    found = assess(actor=handler, at=AT, application=made.id, rulebook=absences)
    left = {lack.fact for lack in lacks_of(found.missing, absences, "zh")}
    assert not left & set(FACTS)


def test_the_page_of_a_member_takes_numbers_and_yes_or_no_and_what_is_not_clear(
    county: County, absences: Rulebook, entered: Callable[..., Application]
) -> None:
    made, son = entered(), county.ids[SON]
    client, _actor = signed_in("registrar")
    address = reverse("cases:supplement_person", args=[made.id, son])
    assert address in client.get(reverse("cases:application", args=[made.id])).content.decode()
    assert "李小明" in client.get(address).content.decode()
    wrong = client.post(address, {"clergy_years": "1.5", "is_declared_missing": "false"})
    assert wrong.status_code == 200 and "这里要填整数" in wrong.content.decode()
    assert client.post(address, {"clergy_years": "２", "is_declared_missing": "?"}).status_code == 302
    told = {row.fact: row.value for row in Declaration.objects.filter(person=son)}
    assert told == {"person.clergy_years": "2", "person.is_declared_missing": None}
    assert client.get(reverse("cases:supplement_person", args=[made.id, made.id])).status_code == 404


def test_nobody_tells_of_a_stranger(
    county: County, absences: Rulebook, entered: Callable[..., Application], handler: Actor
) -> None:
    made = entered(members=(HEAD,), signed=(HEAD,))
    with pytest.raises(Malformed):
        supplement_application(
            actor=handler, at=AT, application=made.id, declared={FACTS[0]: "0"}, person=county.ids[WIFE]
        )
