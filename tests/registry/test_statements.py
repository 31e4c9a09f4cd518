"""Who said what when; labels with their period; obligations."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest

from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.registry.actions import (
    end_label,
    form_unit,
    record_declaration,
    record_declarations,
    set_labels,
    set_obligation,
)
from doudi.registry.logic.newcomers import NewDeclaration, NewLabel
from doudi.registry.models import Declaration, Label, Obligation
from doudi.registry.panels import registry_panels
from doudi.registry.queries import declared_on, household_page, labels_on
from tests.registry.conftest import AT, DAY

pytestmark = pytest.mark.django_db
Make = Callable[..., uuid.UUID]
LATER = DAY + datetime.timedelta(days=10)
INCOME = "household.declared_other_income"


@pytest.fixture
def unit(actor: Actor, person: Make) -> uuid.UUID:
    head = person("甲一")
    return form_unit(
        actor=actor, at=AT, members=[(head, "")], head=head, area_code="990101001001", on=DAY, origin="SQ1"
    ).id


def test_a_later_word_holds_from_its_day(actor: Actor, unit: uuid.UUID) -> None:
    for value, day in (("300.00", LATER), ("150.00", DAY)):
        said = NewDeclaration(INCOME, value, day, household=unit)
        record_declaration(actor=actor, at=AT, declaration=said)
    assert declared_on(unit, DAY - datetime.timedelta(1)) == {}
    assert declared_on(unit, DAY) == {INCOME: "150.00"}
    assert declared_on(unit, LATER) == {INCOME: "300.00"}


def test_the_word_of_the_application_goes_first(actor: Actor, unit: uuid.UUID) -> None:
    said = [
        NewDeclaration(INCOME, "1.00", DAY, household=unit, application="SQ1"),
        NewDeclaration(INCOME, "2.00", LATER, household=unit, application="SQ2"),
    ]
    record_declarations(actor=actor, at=AT, declarations=said)
    assert declared_on(unit, LATER, "SQ1") == {INCOME: "1.00"}
    assert declared_on(unit, LATER) == {INCOME: "2.00"}


def test_a_declaration_is_of_one_subject(actor: Actor, unit: uuid.UUID) -> None:
    with pytest.raises(Refused, match=r"registry\.declaration_subject"):
        record_declaration(actor=actor, at=AT, declaration=NewDeclaration(INCOME, "1", DAY))
    assert Declaration.objects.count() == 0


def test_a_new_label_ends_the_old_one_and_the_same_one_is_kept(actor: Actor, unit: uuid.UUID) -> None:
    first = NewLabel("dibao", DAY, "minzheng_dibao_taizhang", household=unit, amount=Decimal("315.00"))
    assert set_labels(actor=actor, at=AT, labels=[first]) == 1
    assert set_labels(actor=actor, at=AT, labels=[first]) == 0
    second = NewLabel("dibao", LATER, "minzheng_dibao_taizhang", household=unit, amount=Decimal("400.00"))
    set_labels(actor=actor, at=AT, labels=[second])
    assert [label.amount for label in labels_on(unit, DAY)] == [Decimal("315.00")]
    assert [label.amount for label in labels_on(unit, LATER)] == [Decimal("400.00")]
    end_label(actor=actor, at=AT, label=Label.objects.get(to_on__isnull=True).id, on=LATER, reason="停发")
    assert list(labels_on(unit, LATER)) == []


def test_an_obligation_is_between_two_people(actor: Actor, person: Make) -> None:
    one, two = person("甲一"), person("乙二", sequence=2)
    kind = Obligation.Kind.SUPPORTS_PARENT
    for _again in range(2):
        set_obligation(actor=actor, at=AT, obligor=one, person=two, kind=kind, from_on=DAY)
    assert Obligation.objects.count() == 1
    with pytest.raises(Refused, match=r"registry\.obligation_to_self"):
        set_obligation(actor=actor, at=AT, obligor=one, person=one, kind=kind, from_on=DAY)


def test_the_page_and_its_panels_show_what_is_known(actor: Actor, unit: uuid.UUID) -> None:
    record_declaration(actor=actor, at=AT, declaration=NewDeclaration(INCOME, "1.00", DAY, household=unit))
    page = household_page(unit, DAY)
    assert (len(page.members), len(page.declarations), len(page.addresses)) == (1, 1, 1)
    assert [panel.name for panel in registry_panels(actor, unit, DAY)] == [
        "members",
        "labels",
        "declarations",
        "addresses",
    ]
