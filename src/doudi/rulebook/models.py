"""Rulebooks as published: what was law where, from which day, to the byte, never changed, never deleted (triggers);
and the drafts on the way there: their text, their course, what they would change, who approved them.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from doudi.core.models import UuidModel
from doudi.core.personal import columns
from doudi.rulebook.lifecycle import MOVES, ORIGINS, STATES

STATE_LABELS = {
    "drafting": _("起草中"),
    "submitted": _("待批准"),
    "returned": _("退回修改"),
    "published": _("已发布"),
    "discarded": _("已作废"),
}
ORIGIN_LABELS = {
    "browser": _("在网页上起草"),
    "sheet": _("从表格导入"),
    "import": _("从规则文件导入"),
    "upgrade": _("系统升级后重新检查"),
}
MOVE_LABELS = {
    "open": pgettext_lazy("course", "开始起草"),
    "edit": pgettext_lazy("course", "修改"),
    "renew": pgettext_lazy("course", "换到最新版本上"),
    "take_over": pgettext_lazy("course", "接手"),
    "submit": pgettext_lazy("course", "提交批准"),
    "withdraw": pgettext_lazy("course", "撤回修改"),
    "discard": pgettext_lazy("course", "作废"),
    "supersede": pgettext_lazy("course", "被新的升级代替"),
    "approve": pgettext_lazy("course", "批准并发布"),
    "return": pgettext_lazy("course", "退回"),
}


class Draft(UuidModel):
    """What a place would decide otherwise: the files of its folder, put on top of the policy files they build on."""

    place = models.CharField(_("地区"), max_length=12, db_comment="area code whose folder is edited")
    title = models.CharField(_("改什么"), max_length=120, db_comment="what it is about, in the author's words")
    origin = models.CharField(
        max_length=10, choices=[(o, ORIGIN_LABELS[o]) for o in ORIGINS], db_comment="browser, sheet, import, upgrade"
    )
    base_hash = models.CharField(max_length=64, blank=True, db_comment="published rulebook it builds on, if any")
    base = models.BinaryField(db_comment="archive of the policy files it is put on")
    files = models.JSONField(default=dict, db_comment="file name → text, of places/<place>")
    digest = models.CharField(
        max_length=64, db_comment="SHA-256 of base, place, files, effective day, title and past_reason"
    )
    effective_on = models.DateField(_("施行日期"), null=True, db_comment="first day on which it would hold")
    past_reason = models.TextField(blank=True, db_comment="why it holds from a day before it is published")
    state = models.CharField(
        max_length=10, choices=[(s, STATE_LABELS[s]) for s in STATES], default="drafting", db_comment="see lifecycle"
    )
    problems = models.JSONField(default=list, db_comment="faults an upgrade found: place in the file, zh, en")
    author_id = models.CharField(max_length=64, db_comment="account that wrote it, as text; system for an upgrade")
    author_name = models.CharField(max_length=60, db_comment="name of the account's holder then")
    opened_at = models.DateTimeField(db_comment="instant it was begun")
    saved_at = models.DateTimeField(db_comment="instant it was last changed")

    personal = columns(
        staff="author_id author_name",
        rest="id place title origin base_hash base files digest effective_on past_reason state problems opened_at "
        "saved_at",
    )

    class Meta:
        verbose_name = _("规则草稿")
        db_table_comment = "Drafts of places' rulebooks"
        indexes = [models.Index(fields=["place", "state"], name="rulebook_draft_place")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="rulebook_draft_state"),
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="rulebook_draft_origin"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "published"]) | Q(effective_on__isnull=False),
                name="rulebook_draft_has_its_day",
            ),
            models.UniqueConstraint(fields=["id", "author_id", "digest"], name="rulebook_draft_as_written"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.title}"


class DraftStep(models.Model):
    """One act on a draft, with its text at that moment. The rows together are its history; never changed."""

    append_only_but: ClassVar[tuple[str, ...]] = ()

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+", db_comment="of which")
    move = models.CharField(max_length=10, choices=list(MOVE_LABELS.items()), db_comment="what was done, see lifecycle")
    ended_in = models.CharField(max_length=10, db_comment="state afterwards")
    at = models.DateTimeField(db_comment="instant")
    account_id = models.CharField(max_length=64, db_comment="who did it, as text")
    account_name = models.CharField(max_length=60, db_comment="name of the account's holder then")
    role = models.CharField(max_length=40, db_comment="role it was done in")
    reason = models.TextField(blank=True, db_comment="reason or note, if any")
    files = models.JSONField(null=True, db_comment="the files as they were afterwards, where they changed")
    digest = models.CharField(max_length=64, db_comment="digest of the draft afterwards")

    personal = columns(staff="account_id account_name", rest="id draft_id move ended_in at role reason files digest")

    class Meta:
        db_table = "rulebook_draft_step"
        db_table_comment = "The course of drafts, append-only"
        indexes = [models.Index(fields=["draft", "at"], name="rulebook_step_of")]
        constraints = [
            models.CheckConstraint(condition=Q(move__in=list(MOVES)), name="rulebook_step_move"),
            models.CheckConstraint(condition=Q(ended_in__in=STATES), name="rulebook_step_state"),
        ]


class Impact(UuidModel):
    """What a draft, as it was when asked, would change; the answer is written once."""

    append_only_but: ClassVar[tuple[str, ...]] = ("result", "recorded_at")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+", db_comment="of which")
    digest = models.CharField(max_length=64, db_comment="digest of the draft when asked")
    asked_by = models.CharField(max_length=64, db_comment="account that asked, as text")
    asked_at = models.DateTimeField(db_comment="instant")
    result = models.JSONField(null=True, db_comment="what the simulation says, or why there is none")
    recorded_at = models.DateTimeField(null=True, db_comment="instant of the answer")

    personal = columns(staff="asked_by", rest="id draft_id digest asked_at result recorded_at")

    class Meta:
        db_table_comment = "Impact of drafts on the newest snapshot"
        indexes = [models.Index(fields=["draft", "asked_at"], name="rulebook_impact_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__isnull=True, recorded_at__isnull=True)
                | Q(result__isnull=False, recorded_at__isnull=False),
                name="rulebook_impact_answered",
            )
        ]


class Approval(UuidModel):
    """The second person's yes to a draft exactly as written; author and digest are bound to the draft by a key."""

    append_only_but: ClassVar[tuple[str, ...]] = ()

    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, related_name="+", db_comment="of which")
    author_id = models.CharField(max_length=64, db_comment="account that wrote the draft, bound by a foreign key")
    digest = models.CharField(max_length=64, db_comment="digest of the draft, bound by a foreign key")
    impact = models.ForeignKey(Impact, on_delete=models.PROTECT, related_name="+", db_comment="impact that was shown")
    approved_by = models.CharField(max_length=64, db_comment="account that approved, as text")
    approved_name = models.CharField(max_length=60, db_comment="name of the account's holder then")
    approved_at = models.DateTimeField(db_comment="instant")
    note = models.TextField(blank=True, db_comment="what the approver said, if anything")

    personal = columns(
        staff="author_id approved_by approved_name", rest="id draft_id digest impact_id approved_at note"
    )

    class Meta:
        db_table_comment = "Approvals of drafts by a second person"
        constraints = [
            models.CheckConstraint(condition=~Q(approved_by=F("author_id")), name="rulebook_approval_two_people"),
            models.CheckConstraint(condition=~Q(approved_by__in=["", "system"]), name="rulebook_approval_by_a_person"),
        ]


class Published(UuidModel):
    """One published rulebook: the checked policy files of a place, archived under the hash of what they mean."""

    open_rows = "The law in force is public."
    append_only_but: ClassVar[tuple[str, ...]] = ()

    hash = models.CharField(
        _("规则版本"), max_length=64, db_index=True, db_comment="hex SHA-256 of the resolved rulebook"
    )
    place = models.CharField(_("地区"), max_length=12, db_comment="area code the rulebook is resolved for")
    effective_on = models.DateField(_("施行日期"), db_comment="first day on which cases are decided by it")
    published_at = models.DateTimeField(_("发布时间"), db_comment="instant of publishing")
    published_by = models.CharField(_("发布人"), max_length=64, db_comment="account id of who published it, as text")
    bundle = models.BinaryField(_("规则文件"), db_comment="compressed canonical archive of the policy files")
    draft = models.ForeignKey(
        Draft, null=True, on_delete=models.PROTECT, related_name="+", db_comment="the approved draft it came from"
    )

    personal = columns(staff="published_by", rest="id hash place effective_on published_at bundle draft_id")

    class Meta:
        verbose_name = _("已发布的规则")
        db_table_comment = "Published rulebooks, append-only"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "effective_on", "hash", "published_at"], name="rulebook_published_once"
            ),
        ]
        indexes = [models.Index(fields=["place", "effective_on"], name="rulebook_place_day")]

    def __str__(self) -> str:
        return f"{self.place} {self.effective_on:%Y-%m-%d} {self.hash[:12]}"
