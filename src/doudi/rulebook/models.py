"""Rulebooks as published: what was law where, from which day, to the byte. Never changed, never deleted (triggers)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.core.models import UuidModel


class Published(UuidModel):
    """One published rulebook: the checked policy files of a place, archived under the hash of what they mean."""

    hash = models.CharField(
        _("规则版本"), max_length=64, db_index=True, db_comment="hex SHA-256 of the resolved rulebook"
    )
    place = models.CharField(_("地区"), max_length=12, db_comment="area code the rulebook is resolved for")
    effective_on = models.DateField(_("施行日期"), db_comment="first day on which cases are decided by it")
    published_at = models.DateTimeField(_("发布时间"), db_comment="instant of publishing")
    published_by = models.CharField(_("发布人"), max_length=64, db_comment="account id of who published it, as text")
    bundle = models.BinaryField(_("规则文件"), db_comment="compressed canonical archive of the policy files")

    class Meta:
        verbose_name = _("已发布的规则")
        db_table_comment = "Published rulebooks, append-only"
        constraints = [
            models.UniqueConstraint(fields=["place", "effective_on", "hash"], name="rulebook_published_once"),
        ]
        indexes = [models.Index(fields=["place", "effective_on"], name="rulebook_place_day")]

    def __str__(self) -> str:
        return f"{self.place} {self.effective_on:%Y-%m-%d} {self.hash[:12]}"
