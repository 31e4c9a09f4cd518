"""What came in from outside and what was answered. Text in both directions is encrypted with the gateway's own key."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.core.models import UuidModel
from doudi.core.personal import columns


class Enquiry(UuidModel):
    """One enquiry of somebody who has no account; found again by receipt and code, which only they were given."""

    removed_by: ClassVar[tuple[str, ...]] = ("work",)

    receipt = models.CharField(max_length=12, unique=True, db_comment="Number of the receipt.")
    code_digest = models.BinaryField(db_comment="SHA-256 of receipt and code; the code itself is nowhere.")
    area_code = models.CharField(max_length=12, db_comment="Township the enquiry is for.")
    text_enc = models.BinaryField(db_comment="What was written, encrypted; AAD gateway_enquiry|text|id.")
    submitted_at = models.DateTimeField(db_comment="Instant it came in.")
    wrong_codes = models.PositiveSmallIntegerField(default=0, db_comment="Wrong codes tried; ten lock the receipt.")
    answer_enc = models.BinaryField(null=True, db_comment="The answer, encrypted; AAD gateway_enquiry|answer|id.")
    answered_at = models.DateTimeField(null=True, db_comment="Instant of the answer.")
    answered_by = models.CharField(max_length=40, blank=True, db_comment="Account that answered, as text.")

    own_key = "The gateway's, in HOME/gateway: the process in the internet zone has no other."
    personal = columns(
        sealed="text_enc answer_enc",
        digest="code_digest",
        staff="answered_by",
        rest="id receipt area_code submitted_at wrong_codes answered_at",
    )

    class Meta:
        db_table_comment = "Enquiries from the internet zone and their answers."
        verbose_name = _("网上来信")
        indexes = [models.Index(fields=["area_code", "answered_at"], name="gateway_enquiry_open")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer_enc__isnull=True, answered_at__isnull=True, answered_by="")
                | models.Q(answer_enc__isnull=False, answered_at__isnull=False) & ~models.Q(answered_by=""),
                name="gateway_enquiry_answered_whole",
            )
        ]

    def __str__(self) -> str:
        return self.receipt
