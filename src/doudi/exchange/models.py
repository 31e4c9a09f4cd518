"""Who asked what: one row a call (without the person), allowances of a day, lists of interest and their changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doudi.core.models import UuidModel
from doudi.core.personal import LINK, columns
from doudi.exchange.logic.answers import ANSWERS
from doudi.registry.models import Person

KINDS = ("answer", "rows", "subscribe", "changes", "end")
OUTCOMES = (*ANSWERS, "rows", "done", "refused")
OUTCOME_LABELS = {
    "yes": _("是"),
    "no": _("否"),
    "unknown": _("不知道"),
    "rows": _("名册"),
    "done": _("已办"),
    "refused": _("没有答"),
}


class Use(UuidModel):
    """One call by another system. Whom it was about stands in the log alone; the answer is kept sealed for repeats."""

    append_only_but: ClassVar[tuple[str, ...]] = ("request_index", "response_enc")

    product = models.CharField(max_length=60, db_comment="Data product.")
    kind = models.CharField(max_length=10, db_comment="answer, rows, subscribe, changes or end.")
    department = models.CharField(max_length=40, db_comment="Department that asked.")
    account_id = models.CharField(max_length=64, db_comment="Service account that asked, as text.")
    account_name = models.CharField(max_length=120, db_comment="Its name then.")
    area_code = models.CharField(max_length=12, blank=True, db_comment="Area it may ask about.")
    purpose = models.CharField(max_length=40, blank=True, db_comment="Purpose stated.")
    outcome = models.CharField(
        max_length=8, choices=[(o, OUTCOME_LABELS[o]) for o in OUTCOMES], db_comment="What was answered."
    )
    reason = models.CharField(max_length=40, blank=True, db_comment="Why it is not known, or why it was refused.")
    persons = models.PositiveIntegerField(default=0, db_comment="How many people the answer is about.")
    at = models.DateTimeField(db_comment="Instant.")
    request_id = models.UUIDField(null=True, db_comment="The asker's own id: the same one gets the same answer.")
    request_index = models.BinaryField(null=True, db_comment="Blind index of what was asked, to tell another question.")
    response_enc = models.BinaryField(null=True, db_comment="The answer, sealed; AAD exchange_use|response|id.")

    personal = columns(
        sealed="response_enc",
        digest="request_index",
        staff="account_id account_name",
        rest="id product kind department area_code purpose outcome reason persons at request_id",
    )

    class Meta:
        db_table_comment = "Calls of other systems."
        verbose_name = _("共享使用")
        indexes = [
            models.Index(fields=["department", "product", "at"], name="exchange_use_of"),
            models.Index(fields=["at"], name="exchange_use_at"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="exchange_use_kind"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="exchange_use_outcome"),
            models.UniqueConstraint(
                fields=["account_id", "request_id"], condition=Q(request_id__isnull=False), name="exchange_use_once"
            ),
        ]


class Allowance(models.Model):
    """What a department has asked of a product on a day, and in the current minute. Locked while it is counted."""

    open_rows = "Counts of calls by department and day; nobody's data, and of no area."

    department = models.CharField(max_length=40, db_comment="Department.")
    product = models.CharField(max_length=60, db_comment="Data product.")
    day = models.DateField(db_comment="Day in Shanghai.")
    calls = models.PositiveIntegerField(default=0, db_comment="Calls answered.")
    persons = models.PositiveIntegerField(default=0, db_comment="People answered about.")
    minute = models.PositiveIntegerField(default=0, db_comment="Minute of the day the next figure is of.")
    calls_in_minute = models.PositiveIntegerField(default=0, db_comment="Calls answered in that minute.")

    personal = columns(rest="id department product day calls persons minute calls_in_minute")

    class Meta:
        db_table = "exchange_allowance"
        db_table_comment = "What departments have used of their quotas."
        constraints = [models.UniqueConstraint(fields=["department", "product", "day"], name="exchange_allowance_once")]


class Subscription(UuidModel):
    """A department follows some people's answers to a product."""

    append_only_but: ClassVar[tuple[str, ...]] = ("ended_at",)

    product = models.CharField(max_length=60, db_comment="Data product.")
    department = models.CharField(max_length=40, db_comment="Department.")
    account_id = models.CharField(max_length=64, db_comment="Service account that follows, as text.")
    area_code = models.CharField(max_length=12, blank=True, db_comment="Area it may ask about.")
    purpose = models.CharField(max_length=40, db_comment="Purpose stated.")
    begun_at = models.DateTimeField(db_comment="Instant it began.")
    ended_at = models.DateTimeField(null=True, db_comment="Instant it ended.")

    personal = columns(staff="account_id", rest="id product department area_code purpose begun_at ended_at")

    class Meta:
        db_table_comment = "Lists of interest of other systems."
        indexes = [models.Index(fields=["account_id", "begun_at"], name="exchange_subscription_of")]


class Interest(models.Model):
    """One person of a list, under the name the receiver has for them, and what was last told."""

    append_only_but: ClassVar[tuple[str, ...]] = ("answer",)

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="+", db_comment="Of which.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="Who is followed.")
    reference = models.CharField(max_length=64, db_comment="The receiver's own opaque name for the person.")
    answer = models.CharField(max_length=8, db_comment="Answer last told: yes, no, unknown.")

    personal = columns(plain={"person_id reference": LINK}, rest="id subscription_id answer")

    class Meta:
        db_table = "exchange_interest"
        db_table_comment = "People followed by other systems."
        constraints = [
            models.UniqueConstraint(fields=["subscription", "reference"], name="exchange_interest_once"),
            models.CheckConstraint(condition=Q(answer__in=ANSWERS), name="exchange_interest_answer"),
        ]


class Change(models.Model):
    """An answer that became another. Its id is the cursor by which it is fetched."""

    append_only_but: ClassVar[tuple[str, ...]] = ()

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="+", db_comment="For whom.")
    reference = models.CharField(max_length=64, db_comment="The receiver's own opaque name for the person.")
    was = models.CharField(max_length=8, db_comment="Answer before.")
    answer = models.CharField(max_length=8, db_comment="Answer now.")
    noted_at = models.DateTimeField(db_comment="Instant it was noticed.")

    personal = columns(plain={"reference": LINK}, rest="id subscription_id was answer noted_at")

    class Meta:
        db_table = "exchange_change"
        db_table_comment = "Changes for subscribers."
        indexes = [models.Index(fields=["subscription", "id"], name="exchange_change_of")]
