"""Authorisations, checks, what each source answered about each person, and how it compares with what was declared."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.core.models import UuidModel
from doudi.core.personal import FACTS, LINK, REASON, columns
from doudi.registry.models import Household, Person


class Authorisation(UuidModel):
    """An adult's signed authorisation to verify. It opens the sources that need one for as long as it holds."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="+", db_comment="The unit it was signed for."
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="Who signed.")
    application = models.CharField(max_length=40, blank=True, db_comment="Application it was signed in, as text.")
    signed_on = models.DateField(db_comment="Day of signature: first day it holds.")
    to_on = models.DateField(null=True, db_comment="Last day it holds; empty: until withdrawn.")
    recorded_by = models.CharField(max_length=64, db_comment="Account that recorded it, as text.")
    recorded_at = models.DateTimeField(db_comment="Instant of recording.")
    withdrawn_on = models.DateField(null=True, db_comment="First day it no longer holds, if withdrawn.")
    withdrawn_reason = models.CharField(max_length=500, blank=True, db_comment="Why it was withdrawn.")
    withdrawn_at = models.DateTimeField(null=True, db_comment="Instant of recording the withdrawal.")

    personal = columns(
        plain={"household_id person_id application": LINK, "withdrawn_reason": REASON},
        staff="recorded_by",
        rest="id signed_on to_on recorded_at withdrawn_on withdrawn_at",
    )

    class Meta:
        db_table_comment = "Signed authorisations to verify household means."
        verbose_name = _("核对授权书")
        indexes = [
            models.Index(fields=["household"], name="verification_auth_household"),
            models.Index(fields=["person"], name="verification_auth_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "household", "application", "signed_on"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="verification_signed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("signed_on")),
                name="verification_authorisation_period",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=True, withdrawn_at__isnull=True, withdrawn_reason="")
                | (
                    models.Q(withdrawn_on__gte=models.F("signed_on"), withdrawn_at__isnull=False)
                    & ~models.Q(withdrawn_reason="")
                ),
                name="verification_withdrawal_whole",
            ),
        ]


class Check(UuidModel):
    """One means verification of a unit as of a day, with its inputs as they were: it can be shown again."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    class State(models.TextChoices):
        REQUESTED = "requested", _("已提请")
        ANSWERED = "answered", _("已反馈")
        CONCLUDED = "concluded", _("已出结论")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", db_comment="The unit checked.")
    application = models.CharField(max_length=40, blank=True, db_comment="Application it is made for, as text.")
    as_of = models.DateField(db_comment="The day whose facts are asked for.")
    area_code = models.CharField(max_length=12, blank=True, db_comment="Area of the unit then: who may see the check.")
    state = models.CharField(max_length=9, choices=State.choices, db_comment="requested, answered or concluded.")
    rulebook_hash = models.CharField(max_length=64, db_comment="Rulebook whose feeds were asked.")
    inputs_enc = models.BinaryField(
        null=True, db_comment="Canonical CASE.json, encrypted; AAD verification_check|inputs|id. Retention empties it."
    )
    inputs_digest = models.CharField(max_length=64, blank=True, db_comment="hex SHA-256 of the canonical CASE.json.")
    requested_by = models.CharField(max_length=64, db_comment="Account that asked, as text.")
    requested_by_name = models.CharField(max_length=60, db_comment="Name of the account's holder then.")
    requested_at = models.DateTimeField(db_comment="Instant of asking.")
    answered_at = models.DateTimeField(null=True, db_comment="Instant the answers were complete.")
    concluded_by = models.CharField(max_length=64, blank=True, db_comment="Verification officer who signed, as text.")
    concluded_by_name = models.CharField(max_length=60, blank=True, db_comment="Name of the officer then.")
    concluded_at = models.DateTimeField(null=True, db_comment="Instant of the conclusion.")
    remark_enc = models.BinaryField(
        null=True, db_comment="The officer's remark, encrypted; AAD verification_check|remark|id."
    )
    conclusion_digest = models.CharField(
        max_length=64, blank=True, db_comment="hex SHA-256 over inputs, answers, officer, instant and remark."
    )

    personal = columns(
        sealed="inputs_enc remark_enc",
        digest="inputs_digest conclusion_digest",
        plain={"household_id application": LINK, "area_code": FACTS},
        staff="requested_by requested_by_name concluded_by concluded_by_name",
        rest="id as_of state rulebook_hash requested_at answered_at concluded_at",
    )

    class Meta:
        db_table_comment = "Means verifications of households."
        verbose_name = _("家庭经济状况核对")
        indexes = [
            models.Index(fields=["household", "-requested_at"], name="verification_check_household"),
            models.Index(fields=["application"], name="verification_check_application"),
            models.Index(fields=["state", "area_code"], name="verification_check_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="requested", answered_at__isnull=True, inputs_digest="")
                | (
                    models.Q(state__in=["answered", "concluded"], answered_at__isnull=False)
                    & ~models.Q(inputs_digest="")
                ),
                name="verification_answers_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state="concluded",
                    concluded_at__isnull=False,
                    remark_enc__isnull=False,
                    conclusion_digest__regex="^[0-9a-f]{64}$",
                )
                & ~models.Q(concluded_by="")
                | models.Q(
                    state__in=["requested", "answered"],
                    concluded_at__isnull=True,
                    remark_enc__isnull=True,
                    concluded_by="",
                    conclusion_digest="",
                ),
                name="verification_conclusion_whole",
            ),
        ]


class Answer(UuidModel):
    """What one source said about one person in a check: a state, the date of its data, how many rows. No content."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    class State(models.TextChoices):
        ANSWERED = "answered", _("有记录")
        NOTHING_FOUND = "nothing_found", _("没有记录")
        NOT_ANSWERED = "not_answered", _("没有反馈")
        NOT_PERMITTED = "not_permitted", _("没有授权")

    class Reason(models.TextChoices):
        NO_DELIVERY = "no_delivery", _("还没有收到这个部门的交付")
        NOT_COVERED = "not_covered", _("部门交付没有覆盖核算期")
        QUARANTINED = "quarantined", _("交付里这个人的行有问题，被隔离")
        NO_ROW = "no_row", _("交付里没有这个人，不能当作没有")
        NO_NUMBER = "no_number", _("没有可用的证件号码")
        NOT_SIGNED = "not_signed", _("没有签核对授权书")

    check_made = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="answers", db_comment="The check.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="About whom.")
    seq = models.PositiveSmallIntegerField(db_comment="Place of the person in the case.")
    is_member = models.BooleanField(db_comment="False for a head outside the unit.")
    feed = models.CharField(max_length=80, db_comment="Source asked.")
    state = models.CharField(
        max_length=13, choices=State.choices, db_comment="answered, nothing_found, not_answered or not_permitted."
    )
    reason = models.CharField(
        max_length=12, blank=True, choices=Reason.choices, db_comment="Why there is no answer, if there is none."
    )
    data_on = models.DateField(null=True, db_comment="Day up to which the source's data speak.")
    delivery = models.UUIDField(null=True, db_comment="Delivery that answered.")
    received_at = models.DateTimeField(null=True, db_comment="Instant that delivery was received.")
    rows = models.PositiveIntegerField(default=0, db_comment="How many rows were found.")

    personal = columns(
        plain={"person_id": LINK, "state reason rows": "which source knows something, never what"},
        rest="id check_made_id seq is_member feed data_on delivery received_at",
    )

    class Meta:
        db_table_comment = "Answers of sources about persons, by check."
        constraints = [
            models.UniqueConstraint(fields=["check_made", "person", "feed"], name="verification_answered_once"),
            models.CheckConstraint(
                condition=models.Q(state="answered", rows__gt=0, reason="")
                | models.Q(state="nothing_found", rows=0, reason="")
                | models.Q(
                    state="not_answered",
                    rows=0,
                    reason__in=["no_delivery", "not_covered", "quarantined", "no_row", "no_number"],
                )
                | models.Q(state="not_permitted", rows=0, reason="not_signed"),
                name="verification_answer_sound",
            ),
        ]


class Comparison(UuidModel):
    """One thing declared or found, and how the two compare. The values are in the check's inputs, not here."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    class State(models.TextChoices):
        NOTHING_BESIDES = "nothing_besides", _("没有另外查到")
        FOUND_BESIDES = "found_besides", _("另外查到")
        OVER = "over", _("超过规定")
        WITHIN = "within", _("在规定之内")
        UNKNOWN = "unknown", _("还不清楚")
        NO_SOURCE = "no_source", _("没有部门数据可以核对")

    check_made = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="comparisons", db_comment="The check.")
    seq = models.PositiveSmallIntegerField(db_comment="Place in the report.")
    subject = models.CharField(max_length=120, db_comment="Declared fact, or quantity that holds a limit.")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_comment="Whose, if a person's fact."
    )
    declared = models.BooleanField(null=True, db_comment="Was it declared? Empty: nobody is asked to declare it.")
    state = models.CharField(max_length=15, choices=State.choices, db_comment="How declared and found compare.")

    personal = columns(
        plain={"person_id": LINK, "declared state": "whether it fits, never the values"},
        rest="id check_made_id seq subject",
    )

    class Meta:
        db_table_comment = "Declared against found, by check."
        constraints = [
            models.UniqueConstraint(
                fields=["check_made", "subject", "person"], nulls_distinct=False, name="verification_compared_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["nothing_besides", "found_besides", "over", "within", "unknown", "no_source"]
                ),
                name="verification_comparison_state",
            ),
        ]
