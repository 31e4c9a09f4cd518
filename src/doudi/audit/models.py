"""One entry per act, look or refusal. No foreign keys: the log outlives everything it speaks of."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from doudi.core.models import UuidModel
from doudi.core.personal import LINK, REASON, columns


class Entry(UuidModel):
    """Who did what when, under which grant, why, with what result. `canonical` is what its leaf hashes."""

    append_only_but: ClassVar[tuple[str, ...]] = ()

    at = models.DateTimeField(db_comment="Instant of the act.")
    account_id = models.CharField(max_length=40, db_comment="Account that acted, as text.")
    actor_name = models.CharField(max_length=60, db_comment="Name of the account's holder then.")
    role = models.CharField(max_length=40, db_comment="Role of the grant used.")
    area_code = models.CharField(max_length=12, blank=True, db_comment="Area of the grant used.")
    purpose = models.CharField(max_length=60, blank=True, db_comment="Purpose of the grant used.")
    verb = models.CharField(max_length=80, db_comment="app.action or app.look.")
    outcome = models.CharField(max_length=12, db_comment="done, seen or refused.")
    reason = models.TextField(blank=True, db_comment="Reason given by the actor, if any.")
    count = models.IntegerField(null=True, db_comment="How many rows a batch touched.")
    before_digest = models.BinaryField(null=True, db_comment="Salted HMAC of the state before.")
    after_digest = models.BinaryField(null=True, db_comment="Salted HMAC of the state after.")
    content_digest = models.CharField(max_length=64, blank=True, db_comment="Digest of a batch's content.")
    mark = models.CharField(max_length=40, blank=True, default="", db_comment="Why it went on while not anchored.")
    canonical = models.BinaryField(db_comment="Canonical JSON of the entry: the bytes a Merkle leaf hashes.")

    personal = columns(
        digest="before_digest after_digest content_digest",
        plain={"reason canonical": REASON},
        staff="account_id actor_name role",
        rest="id at area_code purpose verb outcome count mark",
    )

    class Meta:
        db_table = "audit_entry"
        db_table_comment = "Append-only log of acts, looks and refusals."
        indexes = [
            BrinIndex(fields=["at"], name="audit_entry_at"),
            models.Index(fields=["account_id", "at"], name="audit_entry_account"),
        ]


class EntrySubject(models.Model):
    """What an entry is about: a kind and an opaque id."""

    append_only_but: ClassVar[tuple[str, ...]] = ()

    entry_id = models.UUIDField(db_comment="The entry.")
    kind = models.CharField(max_length=40, db_comment="household, person, application, delivery …")
    subject = models.CharField(max_length=80, db_comment="Opaque id; never a number or a name of a person.")

    personal = columns(plain={"subject": LINK}, rest="id entry_id kind")

    class Meta:
        db_table = "audit_subject"
        db_table_comment = "Subjects of entries."
        indexes = [
            models.Index(fields=["kind", "subject"], name="audit_subject_of"),
            models.Index(fields=["entry_id"], name="audit_subject_entry"),
        ]


class DigestSalt(models.Model):
    """The salt of an entry's digests. Deleting it (retention) leaves the digests proving nothing."""

    open_rows = "Belongs to the log: random bytes."

    entry_id = models.UUIDField(primary_key=True, db_comment="The entry.")
    salt = models.BinaryField(db_comment="16 random bytes.")

    personal = columns(digest="salt", rest="entry_id")

    class Meta:
        db_table = "audit_salt"
        db_table_comment = "Deletable salts of the digests in audit_entry."


class Waiting(models.Model):
    """An entry that has no place in the tree yet. A trigger writes it, the sequencer takes it away."""

    entry_id = models.UUIDField(primary_key=True, db_comment="The entry.")
    since = models.DateTimeField(db_default=Now(), db_index=True, db_comment="Instant of the database's clock.")

    open_rows = "ids of entries only"

    personal = columns(rest="entry_id since")

    class Meta:
        db_table = "audit_waiting"
        db_table_comment = "Entries that wait for their place in the tree."


class Leaf(models.Model):
    """The place of an entry in the tree: gap-free from 0."""

    position = models.BigIntegerField(primary_key=True, db_comment="Place in the tree, from 0.")
    entry_id = models.UUIDField(unique=True, db_comment="The entry.")
    hash = models.BinaryField(db_comment="Leaf hash of its canonical bytes (RFC 9162).")
    since = models.DateTimeField(db_comment="Since when it waited for its place, by the database's clock.")

    open_rows = "ids of entries and hashes"
    append_only_but: ClassVar[tuple[str, ...]] = ()

    personal = columns(rest="position entry_id hash since")

    class Meta:
        db_table = "audit_leaf"
        db_table_comment = "Leaves of the Merkle tree."


class Tile(models.Model):
    """The root of a complete tile: 256 hashes of the row below."""

    level = models.SmallIntegerField(db_comment="1: over leaves, 2: over tiles of level 1 …")
    number = models.BigIntegerField(db_comment="Which of its row, from 0.")
    hash = models.BinaryField(db_comment="Root over its 256 hashes.")

    open_rows = "hashes"
    append_only_but: ClassVar[tuple[str, ...]] = ()

    personal = columns(rest="id level number hash")

    class Meta:
        db_table = "audit_tile"
        db_table_comment = "Roots of complete tiles of the Merkle tree."
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="audit_tile_place")]


class Checkpoint(models.Model):
    """A signed word on the whole log so far."""

    size = models.BigIntegerField(primary_key=True, db_comment="How many leaves it speaks of.")
    root = models.BinaryField(db_comment="Root of the tree of that size.")
    at = models.DateTimeField(db_comment="Instant of signing.")
    note = models.TextField(db_comment="The signed note, as it is given to holders.")

    open_rows = "what is given to anybody"
    append_only_but: ClassVar[tuple[str, ...]] = ()

    personal = columns(rest="size root at note")

    class Meta:
        db_table = "audit_checkpoint"
        db_table_comment = "Signed checkpoints of the log."


class Holding(models.Model):
    """A holder outside the house has taken a checkpoint."""

    size = models.BigIntegerField(db_comment="The checkpoint.")
    holder = models.CharField(max_length=80, db_comment="Digest of the holder's address.")
    at = models.DateTimeField(db_comment="Instant it was taken.")

    open_rows = "which holder has which checkpoint"
    append_only_but: ClassVar[tuple[str, ...]] = ()

    personal = columns(rest="id size holder at")

    class Meta:
        db_table = "audit_holding"
        db_table_comment = "Which holders outside have which checkpoints."
        constraints = [models.UniqueConstraint(fields=["size", "holder"], name="audit_holding_once")]
