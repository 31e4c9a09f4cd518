"""Legal holds: about whom nothing is erased for a time, why, and who said so."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.core.models import UuidModel
from doudi.core.personal import FACTS, LINK, REASON, columns

KINDS = ("person", "household", "application")


class Hold(UuidModel):
    """One hold on one subject by one office: county and auditor each have their own, and either keeps everything. It is
    lifted by a person, with a reason; none is deleted.
    """

    append_only_but: ClassVar[tuple[str, ...]] = ("lifted_by", "lifted_at", "lifted_reason")

    kind = models.CharField(
        max_length=12,
        choices=[("person", _("人员")), ("household", _("家庭")), ("application", _("申请"))],
        db_comment="person, household or application.",
    )
    subject = models.UUIDField(db_comment="Opaque id of the subject; no foreign key, so that it outlives it.")
    reason = models.CharField(max_length=500, db_comment="Why: a lawsuit, an audit, an inquiry.")
    area_code = models.CharField(max_length=12, db_comment="Area of the grant it was placed under.")
    placed_role = models.CharField(max_length=40, db_comment="Role it was placed in; an auditor's is lifted by one.")
    placed_by = models.CharField(max_length=64, db_comment="Account, as text.")
    placed_name = models.CharField(max_length=60, db_comment="Name of the account's holder then.")
    placed_at = models.DateTimeField(db_comment="Instant.")
    lifted_by = models.CharField(max_length=64, blank=True, db_comment="Account that lifted it, as text.")
    lifted_at = models.DateTimeField(null=True, db_comment="Instant; empty while it stands.")
    lifted_reason = models.CharField(max_length=500, blank=True, db_comment="Why it was lifted.")

    personal = columns(
        plain={"subject": LINK, "area_code": FACTS, "reason lifted_reason": REASON},
        staff="placed_by placed_name lifted_by",
        rest="id kind placed_role placed_at lifted_at",
    )

    class Meta:
        db_table_comment = "Legal holds: what is not erased."
        verbose_name = _("暂停删除")
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="keeping_hold_kind"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="keeping_hold_reason"),
            models.UniqueConstraint(
                fields=["kind", "subject", "area_code", "placed_role"],
                condition=models.Q(lifted_at__isnull=True),
                name="keeping_one_open_hold",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by="", lifted_reason="")
                | (models.Q(lifted_at__isnull=False) & ~models.Q(lifted_by="") & ~models.Q(lifted_reason="")),
                name="keeping_hold_lifted_whole",
            ),
        ]


class Note(UuidModel):
    """A correction a resident asks for at the window: which part is wrong, what they say is right. Beside the record,
    not over it: the department that owns the datum answers.
    """

    removed_by: ClassVar[tuple[str, ...]] = ("work",)

    person = models.UUIDField(db_comment="About whom; opaque id of the register.")
    area_code = models.CharField(max_length=12, db_comment="Area of the person, or of the window that noted it.")
    about = models.CharField(max_length=120, db_comment="Which part, in the words of the copy.")
    said_enc = models.BinaryField(db_comment="What the person says is right, encrypted; AAD keeping_note|said|id.")
    noted_by = models.CharField(max_length=64, db_comment="Account that wrote it down, as text.")
    noted_name = models.CharField(max_length=60, db_comment="Name of the account's holder then.")
    noted_at = models.DateTimeField(db_comment="Instant.")
    answered_at = models.DateTimeField(null=True, db_comment="Instant of the answer; empty while it waits.")
    answer_enc = models.BinaryField(null=True, db_comment="What was answered, encrypted; AAD keeping_note|answer|id.")
    answered_by = models.CharField(max_length=64, blank=True, db_comment="Account that answered, as text.")

    personal = columns(
        sealed="said_enc answer_enc",
        plain={"person": LINK, "area_code": FACTS, "about": "the heading of a part of the copy, chosen from a list"},
        staff="noted_by noted_name answered_by",
        rest="id noted_at answered_at",
    )

    class Meta:
        db_table_comment = "Corrections that residents ask for."
        verbose_name = _("更正说明")
        indexes = [models.Index(fields=["person", "-noted_at"], name="keeping_note_of")]
