"""Looks beyond one's own area: why, what they opened, until when, and what a second person found."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.accounts.models.accounts import Account, Grant
from doudi.core.models import UuidModel
from doudi.core.personal import REASON, columns


class EmergencyLook(UuidModel):
    """Break-glass: one account looks, for some hours and read-only, at an area that is not its own."""

    append_only_but: ClassVar[tuple[str, ...]] = (
        "ended_at", "finding", "remark", "reviewed_by", "reviewed_name", "reviewed_at",
    )  # fmt: skip

    open_rows = "What the bounds are made from: asked for before there are any. No number of people in it."

    class Finding(models.TextChoices):
        JUSTIFIED = "justified", _("理由成立")
        UNJUSTIFIED = "unjustified", _("理由不成立")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_comment="Who looks.")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+", db_comment="The grant it goes beyond.")
    area_code = models.CharField(max_length=12, db_comment="Root of the area subtree looked at.")
    opened = ArrayField(models.CharField(max_length=40), default=list, db_comment="Classes of fields opened.")
    reason = models.CharField(max_length=400, db_comment="Why, in the words of who looks; no numbers of people.")
    begun_at = models.DateTimeField(db_comment="Instant it began.")
    until_at = models.DateTimeField(db_comment="Instant it ends by itself.")
    ended_at = models.DateTimeField(null=True, db_comment="Instant it was ended before.")
    finding = models.CharField(max_length=12, choices=Finding.choices, blank=True, db_comment="What the review found.")
    remark = models.CharField(max_length=400, blank=True, db_comment="What the reviewer wrote.")
    reviewed_by = models.CharField(max_length=40, blank=True, db_comment="Account that reviewed it, as text.")
    reviewed_name = models.CharField(max_length=60, blank=True, db_comment="Name of the reviewer then.")
    reviewed_at = models.DateTimeField(null=True, db_comment="Instant of the review.")

    personal = columns(
        plain={"reason remark": REASON},
        staff="account_id grant_id reviewed_by reviewed_name",
        rest="id area_code opened begun_at until_at ended_at finding reviewed_at",
    )

    class Meta:
        db_table = "accounts_emergency_look"
        db_table_comment = "Looks beyond one's own area, with their review."
        indexes = [models.Index(fields=["reviewed_at", "begun_at"], name="accounts_emergency_open")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("begun_at")), name="accounts_emergency_ends"
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_at__isnull=True, finding="")
                | models.Q(reviewed_at__isnull=False, finding__in=["justified", "unjustified"]),
                name="accounts_emergency_finding",
            ),
        ]

    @property
    def over_at(self) -> datetime:
        """When it was or will be over."""
        return self.ended_at or self.until_at
