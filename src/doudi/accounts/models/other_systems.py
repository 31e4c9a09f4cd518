"""Accounts of other systems: who they are, what they may ask (scopes), their secrets and the tokens they were given."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from doudi.accounts.models.accounts import Account
from doudi.core.models import UuidModel
from doudi.core.personal import columns


class ServiceAccount(UuidModel):
    """Another system of a department, acting in an area for a purpose, within its scopes, until a day."""

    name = models.CharField(max_length=60, unique=True, db_comment="What it is called.")
    department = models.CharField(max_length=40, db_comment="Department it belongs to.")
    area_code = models.CharField(max_length=12, db_comment="Root of the area subtree it may ask about.")
    purpose = models.CharField(max_length=60, db_comment="Purpose it asks for.")
    scopes = ArrayField(models.CharField(max_length=80), db_comment="What its tokens may be given for.")
    made_at = models.DateTimeField(db_comment="Instant it was made.")
    made_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_comment="Security administrator who made it."
    )
    to_on = models.DateField(db_comment="First day it no longer holds.")
    secret_wanted_at = models.DateTimeField(
        null=True, db_comment="Instant the security administrator asked for a secret that is not made yet."
    )
    withdrawn_at = models.DateTimeField(null=True, db_comment="Instant it was withdrawn.")

    open_rows = "asked for before another system acts; no personal data"

    personal = columns(
        staff="made_by_id",
        rest="id name department area_code purpose scopes made_at to_on secret_wanted_at withdrawn_at",
    )

    class Meta:
        db_table = "accounts_service"
        db_table_comment = "Accounts of other systems."


class ServiceSecret(UuidModel):
    """A secret of a service account, kept as a digest. Two may hold at once: it is changed while serving."""

    service = models.ForeignKey(ServiceAccount, on_delete=models.CASCADE, related_name="+", db_comment="Whose.")
    digest = models.BinaryField(unique=True, db_comment="SHA-256 of the secret (256 random bits).")
    made_at = models.DateTimeField(db_comment="Instant it was made.")
    until_at = models.DateTimeField(db_comment="It is not accepted from this instant on.")
    used_at = models.DateTimeField(null=True, db_comment="Instant it was last used.")

    open_rows = "asked for before another system acts; no personal data"

    personal = columns(digest="digest", rest="id service_id made_at until_at used_at")

    class Meta:
        db_table = "accounts_service_secret"
        db_table_comment = "Digests of service accounts' secrets."


class ServiceToken(UuidModel):
    """A token given for some scopes for a short time, kept as a digest. The log names it by its id."""

    service = models.ForeignKey(ServiceAccount, on_delete=models.CASCADE, related_name="+", db_comment="Whose.")
    secret = models.ForeignKey(
        ServiceSecret, on_delete=models.CASCADE, related_name="+", db_comment="Secret it was given for."
    )
    digest = models.BinaryField(unique=True, db_comment="SHA-256 of the token (256 random bits).")
    scopes = ArrayField(models.CharField(max_length=80), db_comment="What it is good for.")
    made_at = models.DateTimeField(db_comment="Instant it was given.")
    until_at = models.DateTimeField(db_comment="It is not accepted from this instant on.")

    open_rows = "asked for before another system acts; no personal data"

    personal = columns(digest="digest", rest="id service_id secret_id scopes made_at until_at")

    class Meta:
        db_table = "accounts_service_token"
        db_table_comment = "Digests of tokens given to service accounts."
        indexes = [models.Index(fields=["until_at"], name="accounts_service_token_until")]
