"""Simulations asked for: which reform, of which place and day, how far they are, what came out (counts only)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.core.models import UuidModel
from doudi.core.personal import columns


class SimulationRun(UuidModel):
    """One reform tried on everyone of a place. The result holds totals, no household."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待开始")
        RUNNING = "running", _("正在试算")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没有算成")

    place = models.CharField(max_length=12, db_comment="Area code whose rules and people are taken.")
    as_of = models.DateField(db_comment="The day people and figures are taken of.")
    reform = models.TextField(db_comment="The reform as YAML.")
    label_zh = models.CharField(max_length=200, db_comment="What the reform is called, in Chinese.")
    label_en = models.CharField(max_length=200, db_comment="What the reform is called, in English.")
    rulebook = models.CharField(max_length=64, db_comment="Hash of the published rulebook it starts from.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING, db_comment="How far it is.")
    done = models.PositiveIntegerField(default=0, db_comment="Slices worked out.")
    of = models.PositiveIntegerField(default=0, db_comment="Slices there are.")
    result = models.JSONField(null=True, db_comment="Totals before and after; null until done.")
    problem = models.JSONField(null=True, db_comment="Why it could not be worked out, {zh, en}; null if it could.")
    asked_by = models.CharField(max_length=64, db_comment="Account id of who asked, as text.")
    asked_name = models.CharField(max_length=80, db_comment="Name of who asked, as shown then.")
    asked_at = models.DateTimeField(db_comment="Instant it was asked for.")
    ended_at = models.DateTimeField(null=True, db_comment="Instant its last attempt began that brought the result.")

    personal = columns(
        staff="asked_by asked_name",
        rest="id place as_of reform label_zh label_en rulebook state done of result problem asked_at ended_at",
    )

    class Meta:
        db_table_comment = "Simulations of reforms."
        indexes = [models.Index(fields=["place", "-asked_at"], name="insight_run_place")]

    def __str__(self) -> str:
        return f"{self.place} {self.as_of:%Y-%m-%d} {self.label_zh}"


class PublishedTable(UuidModel):
    """What of a simulation was told outside its area: decided once, so that asking again tells nothing more."""

    simulation = models.OneToOneField(SimulationRun, on_delete=models.PROTECT, related_name="+", db_comment="Of which.")
    counts = models.JSONField(db_comment="Counts that were told, by view|key|figure.")
    money = models.JSONField(db_comment="Lines whose sums of money were told, by view|key|side.")
    at = models.DateTimeField(db_comment="Instant of the first time.")

    personal = columns(rest="id simulation_id counts money at")

    class Meta:
        db_table = "insight_published_table"
        db_table_comment = "What was told of simulations outside their area."
