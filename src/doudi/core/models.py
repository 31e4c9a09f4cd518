"""Base models, and what the kit itself remembers: submissions that had an effect, uploads that count."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from doudi.core.personal import columns


class UuidModel(models.Model):
    """A row whose id is made before it is inserted, so that ciphertexts can be bound to it.

    Every model has row policies, made by a migration of its app (`core.row_policies`), or says `open_rows = "why not"`.
    One whose rows stay as they were written says which columns may still change: `append_only_but = ()`; one whose rows
    only some database roles remove says which: `removed_by = ("work",)`. Tests find all of them by themselves.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False, db_comment="Identity, made before insert.")

    class Meta:
        abstract = True


class Submission(models.Model):
    """A form that had an effect: its keyed digest, when, where the result is. No content; kept two days."""

    open_rows = "keyed digests, instants and addresses with opaque ids; looked up by digest only"

    digest = models.BinaryField(db_comment="Keyed digest of account, address and content.")
    at = models.DateTimeField(db_comment="Instant of the effect.")
    location = models.CharField(max_length=500, blank=True, db_comment="Address of the result; opaque ids only.")

    personal = columns(digest="digest", rest="id at location")

    class Meta:
        db_table = "core_submission"
        db_table_comment = "Forms that had an effect, so that a repeat has none."
        indexes = [
            models.Index(fields=["digest", "at"], name="core_submission_digest"),
            models.Index(fields=["at"], name="core_submission_at"),
        ]


class Upload(models.Model):
    """A file that was handed in: who and how much, for the quotas of a day. Kept thirty days."""

    open_rows = "sizes and instants; counted for the whole house"

    account_id = models.CharField(max_length=40, db_comment="Account that handed it in, as text.")
    at = models.DateTimeField(db_comment="Instant.")
    size = models.BigIntegerField(db_comment="Bytes.")

    personal = columns(staff="account_id", rest="id at size")

    class Meta:
        db_table = "core_upload"
        db_table_comment = "Files handed in, counted for quotas."
        indexes = [models.Index(fields=["at", "account_id"], name="core_upload_day")]
