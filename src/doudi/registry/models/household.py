"""Households of two kinds: the register's (hukou) and the assistance unit; membership, head, address are dated.

A period runs from `from_on` to the day before `to_on`; an empty `to_on` means it still holds.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.core.models import UuidModel
from doudi.core.personal import FACTS, LINK, SEARCHED, columns
from doudi.registry.models.person import Person

PERIOD = models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on"))


class Household(UuidModel):
    """A household. `head` and `area_code` are today's; their past is in Headship and Address."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    class Kind(models.TextChoices):
        HUKOU = "hukou", _("户籍户")
        UNIT = "unit", _("共同生活家庭")

    kind = models.CharField(
        max_length=5, choices=Kind.choices, db_comment="hukou: register household; unit: assistance unit."
    )
    number = models.CharField(
        max_length=40, null=True, db_comment="Number in the register, or of the unit, if it has one."
    )
    area_code = models.CharField(max_length=12, blank=True, db_comment="Area of the head's address, today.")
    kept_in = models.CharField(
        max_length=12, blank=True, db_comment="Area whose staff handle its application: they see it wherever it lies."
    )
    head = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_comment="Head today; need not be a member of a unit.",
    )
    origin = models.CharField(max_length=80, blank=True, db_comment="Where it is known from: a feed, an application.")
    formed_on = models.DateField(db_comment="First day it is known to exist.")
    ended_on = models.DateField(null=True, db_comment="First day it no longer exists (split, merged).")
    succeeded_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_comment="The household it was merged into."
    )

    personal = columns(
        plain={"head_id": LINK, "number area_code kept_in": SEARCHED},
        rest="id kind origin formed_on ended_on succeeded_by_id",
    )

    class Meta:
        db_table_comment = "Households: register households and assistance units."
        verbose_name = _("家庭")
        indexes = [models.Index(fields=["area_code"], name="registry_household_area")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["hukou", "unit"]), name="registry_household_kind"),
            models.UniqueConstraint(fields=["number", "kind"], name="registry_household_number"),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("formed_on")),
                name="registry_household_period",
            ),
        ]


class Membership(UuidModel):
    """A person belongs to a household for a period, in a role."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", db_comment="The household.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="The member.")
    kind = models.CharField(max_length=5, db_comment="Kind of the household, repeated for the constraint.")
    relation = models.CharField(max_length=30, blank=True, db_comment="Relation to the head, as registered.")
    seq = models.PositiveSmallIntegerField(default=0, db_comment="Place in the list the household was given with.")
    from_on = models.DateField(db_comment="First day of membership.")
    to_on = models.DateField(null=True, db_comment="First day no longer a member.")

    personal = columns(plain={"household_id person_id": LINK, "relation": FACTS}, rest="id kind seq from_on to_on")

    class Meta:
        db_table_comment = "Who belonged to which household when."
        indexes = [models.Index(fields=["person"], name="registry_membership_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"], condition=models.Q(to_on__isnull=True), name="registry_member_once"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(to_on__isnull=True, kind="hukou"),
                name="registry_one_hukou_household",
            ),
            models.CheckConstraint(condition=PERIOD, name="registry_membership_period"),
        ]


class Headship(UuidModel):
    """Who was head when. A head of a unit may be no member of it."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", db_comment="The household.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="The head.")
    from_on = models.DateField(db_comment="First day as head.")
    to_on = models.DateField(null=True, db_comment="First day no longer head.")

    personal = columns(plain={"household_id person_id": LINK}, rest="id from_on to_on")

    class Meta:
        db_table_comment = "Heads of households, dated."
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(to_on__isnull=True), name="registry_one_head"
            ),
            models.CheckConstraint(condition=PERIOD, name="registry_headship_period"),
        ]


class Address(UuidModel):
    """Where a household was when: an area, and the line of the address encrypted."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", db_comment="The household.")
    area_code = models.CharField(max_length=12, db_comment="Area code, village level where known.")
    line_enc = models.BinaryField(null=True, db_comment="Street and number, encrypted; AAD registry_address|line|id.")
    from_on = models.DateField(db_comment="First day at this address.")
    to_on = models.DateField(null=True, db_comment="First day no longer there.")

    personal = columns(sealed="line_enc", plain={"household_id": LINK, "area_code": FACTS}, rest="id from_on to_on")

    class Meta:
        db_table_comment = "Addresses of households, dated."
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(to_on__isnull=True), name="registry_one_address"
            ),
            models.CheckConstraint(condition=PERIOD, name="registry_address_period"),
        ]
