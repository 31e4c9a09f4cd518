"""Files that were handed out, and files that wait for a second person. Neither keeps what was in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doudi.core.models import UuidModel
from doudi.core.personal import REASON, columns

PURPOSES = {
    "casework": _("办理救助"),
    "service": _("送达当事人"),
    "archive": _("归档"),
    "correction": _("退回送数部门改正"),
    "sharing": _("依法向其他部门提供"),
    "inspection": _("审计、检查、巡查"),
    "statistics": _("统计分析"),
}
STATES = ("waiting", "approved", "refused", "fetched")
STATE_LABELS = {
    "waiting": _("等待另一人同意"),
    "approved": _("已同意，可以取"),
    "refused": _("不同意"),
    "fetched": _("已取走"),
}


class Approval(UuidModel):
    """Somebody asks to take out more than one person may alone; another says yes or no; it is fetched once."""

    append_only_but: ClassVar[tuple[str, ...]] = (
        "state", "note", "decided_by", "decided_name", "decided_at", "until",
    )  # fmt: skip

    export = models.CharField(max_length=80, db_comment="Which kind of file, as declared beside its view.")
    address = models.CharField(max_length=500, db_comment="The file's address; opaque ids only.")
    purpose = models.CharField(max_length=20, db_comment="Purpose chosen.")
    reason = models.CharField(max_length=300, db_comment="Why, in the asker's words.")
    persons = models.PositiveIntegerField(db_comment="How many people's data the file would hold.")
    full = models.BooleanField(default=False, db_comment="Whether numbers are unmasked.")
    why = models.CharField(max_length=8, db_comment="Why a second person is needed: file, full, copies, day.")
    area_code = models.CharField(max_length=12, blank=True, db_comment="Area of the grant it was asked under.")
    state = models.CharField(
        max_length=8, choices=[(s, STATE_LABELS[s]) for s in STATES], default="waiting", db_comment="How far it is."
    )
    asked_by = models.CharField(max_length=64, db_comment="Account that asked, as text.")
    asked_name = models.CharField(max_length=60, db_comment="Name of the account's holder then.")
    asked_role = models.CharField(max_length=40, db_comment="Role it was asked in.")
    asked_at = models.DateTimeField(db_comment="Instant of asking.")
    decided_by = models.CharField(max_length=64, blank=True, db_comment="Account that said yes or no: another one.")
    decided_name = models.CharField(max_length=60, blank=True, db_comment="Name of the account's holder then.")
    decided_at = models.DateTimeField(null=True, db_comment="Instant of the answer.")
    note = models.CharField(max_length=300, blank=True, db_comment="Reason given with the answer; needed for a no.")
    until = models.DateTimeField(db_comment="After this instant it can neither be answered nor fetched.")

    personal = columns(
        plain={"reason note": REASON},
        staff="asked_by asked_name asked_role decided_by decided_name",
        rest="id export address purpose persons full why area_code state asked_at decided_at until",
    )

    class Meta:
        db_table_comment = "Files that need a second person."
        verbose_name = _("导出申请")
        indexes = [
            models.Index(fields=["area_code", "state"], name="exports_approval_area"),
            models.Index(fields=["asked_by", "-asked_at"], name="exports_approval_of"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="exports_approval_state"),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="exports_approval_two_people"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by="", decided_at__isnull=True)
                | (~Q(state="waiting") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="exports_approval_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(note=""), name="exports_approval_refusal_says_why"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(asked_by=""), name="exports_approval_reason"),
        ]


class Handout(UuidModel):
    """One file handed out. Its id is the number in its watermark: a paper found somewhere leads to who had it."""

    append_only_but: ClassVar[tuple[str, ...]] = ()

    export = models.CharField(max_length=80, db_comment="Which kind of file.")
    account_id = models.CharField(max_length=64, db_comment="Who took it, as text.")
    account_name = models.CharField(max_length=60, db_comment="Name of the account's holder then.")
    role = models.CharField(max_length=40, db_comment="Role it was taken in.")
    area_code = models.CharField(max_length=12, blank=True, db_comment="Area of the grant used.")
    department = models.CharField(max_length=40, blank=True, db_comment="Department of the grant used.")
    purpose = models.CharField(
        max_length=20, blank=True, db_comment="Purpose chosen; empty where nobody's data is in it."
    )
    reason = models.CharField(max_length=300, blank=True, db_comment="Why, in the taker's words.")
    persons = models.PositiveIntegerField(default=0, db_comment="How many people's data it holds.")
    full = models.BooleanField(default=False, db_comment="Whether numbers are unmasked.")
    size = models.PositiveBigIntegerField(db_comment="Bytes.")
    digest = models.CharField(max_length=64, db_comment="Hex SHA-256 of the file as handed out.")
    at = models.DateTimeField(db_comment="Instant.")
    agreement = models.CharField(max_length=60, blank=True, db_comment="Standing agreement it went out under, if any.")
    approval = models.OneToOneField(
        Approval,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_comment="The second person's yes, if needed.",
    )

    personal = columns(
        plain={"reason": REASON},
        staff="account_id account_name role department",
        rest="id export area_code purpose persons full size digest at agreement approval_id",
    )

    class Meta:
        db_table_comment = "Files handed out."
        verbose_name = _("导出记录")
        indexes = [
            models.Index(fields=["account_id", "at"], name="exports_handout_of"),
            models.Index(fields=["area_code", "-at"], name="exports_handout_area"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(persons=0) | ~Q(purpose=""), name="exports_handout_purpose"),
        ]

    @property
    def mark_number(self) -> str:
        """As the watermark prints it."""
        return mark_number(self.id)


def mark_number(handout: object) -> str:
    """The beginning of an id, large, as people read it out."""
    return str(handout).replace("-", "")[:12].upper()
