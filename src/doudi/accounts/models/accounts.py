"""Accounts and grants: role × area subtree × department × purpose × dates; a session acts under one at a time.

That an administrator of the three holds nothing else, and that a holder has one account, is kept by the database
(constraints here, triggers in the migration `one_person_one_office`).
"""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import ADMINISTRATORS, ROLES
from doudi.core.clock import today
from doudi.core.models import UuidModel
from doudi.core.personal import columns

ROLE_LABELS = {
    "registrar": _("登记员"),
    "handler": _("经办人"),
    "reviewer": _("复核人"),
    "township_leader": _("乡镇负责人"),
    "county_officer": _("县级经办人员"),
    "verification_officer": _("核对员"),
    "county_leader": _("县级负责人"),
    "auditor": _("审计人员"),
    "system_administrator": _("系统管理员"),
    "security_administrator": _("安全管理员"),
    "audit_administrator": _("审计管理员"),
}


class Account(AbstractUser):
    """One person's account; accounts are never shared."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    open_rows = "Asked for while somebody signs in; staff, not residents. Pages of accounts are the administrator's."

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False, db_comment="Identity.")
    name = models.CharField(max_length=60, blank=True, db_comment="Name of the holder.")
    must_change_password = models.BooleanField(default=False, db_comment="The next login must set a new password.")
    failures = models.PositiveSmallIntegerField(default=0, db_comment="Failed logins in a row.")
    locked_until = models.DateTimeField(null=True, db_comment="No login before this instant.")
    password_set_at = models.DateTimeField(null=True, db_comment="Instant the password in use was set.")
    holder_key = models.UUIDField(
        null=True, unique=True, db_comment="Keyed digest of the holder's identity number: one person, one account."
    )

    class Meta:
        db_table = "accounts_account"
        db_table_comment = "Accounts of staff."
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_superuser=False, is_staff=False), name="accounts_account_no_superuser"
            ),
        ]


class FormerPassword(models.Model):
    """Hashes of the last passwords, so that they are not used again."""

    open_rows = "Asked for while somebody signs in, before they act under a grant."

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_comment="Whose.")
    hash = models.CharField(max_length=200, db_comment="Password hash.")
    at = models.DateTimeField(db_comment="Instant it was set.")

    personal = columns(staff="account_id hash", rest="id at")

    class Meta:
        db_table = "accounts_former_password"
        db_table_comment = "Hashes of former passwords."


class Grant(UuidModel):
    """What an account may be: one role in one area subtree, for one department and purpose, for a time."""

    open_rows = "What the bounds are made from: read before there are any."

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_comment="Whose.")
    role = models.CharField(max_length=30, choices=[(r, ROLE_LABELS[r]) for r in ROLES], db_comment="Role.")
    area_code = models.CharField(max_length=12, db_comment="Root of the area subtree.")
    department = models.CharField(max_length=40, blank=True, db_comment="Department, e.g. civil_affairs.")
    purpose = models.CharField(max_length=60, blank=True, db_comment="Purpose, e.g. basic_living.")
    from_on = models.DateField(db_comment="First day.")
    to_on = models.DateField(null=True, db_comment="First day it no longer holds.")
    withdrawn_at = models.DateTimeField(null=True, db_comment="Instant it was withdrawn.")
    reviewed_on = models.DateField(default=today, db_comment="Day it was given, or last confirmed in a review.")

    personal = columns(
        staff="account_id", rest="id role area_code department purpose from_on to_on withdrawn_at reviewed_on"
    )

    class Meta:
        db_table = "accounts_grant"
        db_table_comment = "Grants: role × area × department × purpose × dates."
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="accounts_grant_role"),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gt=models.F("from_on")),
                name="accounts_grant_period",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(role__in=ADMINISTRATORS, withdrawn_at__isnull=True),
                name="accounts_one_administrator_role",
            ),
        ]
