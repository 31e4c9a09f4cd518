"""What was delivered, what the lake holds of it, which rows were set aside, and whose data may be used."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doudi.core.models import UuidModel
from doudi.core.personal import LINK, columns

STATES = ("received", "accepted", "refused", "superseded")


class Delivery(UuidModel):
    """One file from one department. A refused one leaves only this row and its sealed original."""

    open_rows = "What a department sent to the whole house; no personal data in it."

    feed = models.CharField(max_length=60, db_comment="Feed name, as in policy/sources.")
    file_name = models.CharField(max_length=255, db_comment="Name of the file as sent.")
    digest = models.CharField(max_length=64, db_comment="Hex SHA-256 of the file.")
    agreement = models.CharField(
        max_length=64, blank=True, db_comment="Hex SHA-256 of the feed definition it was read by."
    )
    size = models.BigIntegerField(db_comment="Bytes of the file.")
    state = models.CharField(max_length=12, db_comment="received, accepted, refused or superseded.")
    received_at = models.DateTimeField(db_comment="Instant it came in.")
    received_by = models.CharField(max_length=64, db_comment="Account id of who handed it in, as text.")
    cutoff = models.DateField(null=True, db_comment="Last day the sender's data speak for; null if not said.")
    from_month = models.DateField(null=True, db_comment="First day of the first month covered; null: open.")
    to_month = models.DateField(null=True, db_comment="First day of the last month covered; null: open.")
    rows = models.IntegerField(default=0, db_comment="Rows of data in the file.")
    accepted = models.IntegerField(default=0, db_comment="Rows taken into the lake.")
    quarantined = models.IntegerField(default=0, db_comment="Rows set aside because something in them is wrong.")
    waiting = models.IntegerField(default=0, db_comment="Rows without a number, waiting for somebody to say whose.")
    duplicates = models.IntegerField(default=0, db_comment="Identical rows left out.")
    problem = models.JSONField(
        null=True, db_comment="Why the whole file was refused: code, row, column, cell, zh, en; no personal data."
    )
    report = models.JSONField(
        default=dict, db_comment="Problems row by row and how the file was read; no personal data."
    )
    has_people = models.BooleanField(default=False, db_comment="Whether a sealed side file of people is kept.")
    fetched_at = models.DateTimeField(null=True, db_comment="Instant the sender's file was fetched with its problems.")
    has_original = models.BooleanField(default=False, db_comment="Whether the sealed original is still kept.")

    personal = columns(
        staff="received_by",
        rest="id feed file_name digest agreement size state received_at cutoff from_month to_month rows accepted "
        "quarantined waiting duplicates problem report has_people fetched_at has_original",
    )

    class Meta:
        db_table_comment = "Deliveries of departments."
        verbose_name = _("交付")
        indexes = [
            models.Index(fields=["feed", "state", "-received_at"], name="sources_delivery_of_feed"),
            models.Index(fields=["-received_at"], name="sources_delivery_newest"),
            models.Index(fields=["digest"], name="sources_delivery_digest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="sources_delivery_state"),
            models.CheckConstraint(
                condition=Q(state="refused", problem__isnull=False) | (~Q(state="refused") & Q(problem__isnull=True)),
                name="sources_delivery_refused_says_why",
            ),
            models.CheckConstraint(
                condition=Q(accepted__gte=0, quarantined__gte=0, waiting__gte=0, duplicates__gte=0),
                name="sources_delivery_counts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "superseded"])
                | Q(rows=F("accepted") + F("quarantined") + F("waiting") + F("duplicates")),
                name="sources_delivery_every_row_counted",
            ),
            models.CheckConstraint(
                condition=Q(from_month__isnull=True) | Q(to_month__isnull=True) | Q(from_month__lte=F("to_month")),
                name="sources_delivery_months_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.received_at:%Y-%m-%d} {self.state}"


class LakeFile(UuidModel):
    """The manifest: which Parquet file holds a feed now. A file that is not in here is not part of the lake."""

    open_rows = "Names and digests of files of the whole house."

    feed = models.CharField(max_length=60, unique=True, db_comment="Feed name; one current file each.")
    file_name = models.CharField(max_length=80, db_comment="Name under HOME/lake/<feed>/; begins with its digest.")
    digest = models.CharField(max_length=64, db_comment="Hex SHA-256 of the file.")
    size = models.BigIntegerField(db_comment="Bytes.")
    rows = models.BigIntegerField(db_comment="Rows.")
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="+", db_comment="Delivery that made this file."
    )
    swapped_at = models.DateTimeField(db_comment="Instant it became the current file.")

    personal = columns(rest="id feed file_name digest size rows delivery_id swapped_at")

    class Meta:
        db_table_comment = "Manifest of the lake by content hash."


class QuarantinedRow(UuidModel):
    """A row that was not taken in. Its cells are sealed; its person is known by lake key only, if at all."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+", db_comment="Where it came from.")
    row = models.IntegerField(db_comment="Row in the sender's file, from 1.")
    code = models.CharField(max_length=40, db_comment="What is wrong, e.g. row.code.")
    column = models.CharField(max_length=120, blank=True, db_comment="The sender's header of the cell at fault.")
    person_key = models.UUIDField(
        null=True, db_comment="Lake key of the person, if the number itself is usable; then its facts are unknown."
    )
    area_code = models.CharField(
        max_length=12, blank=True, db_comment="Area of who handed the file in; empty: nobody's."
    )
    cells_enc = models.BinaryField(db_comment="Cells as JSON, encrypted; AAD sources_quarantinedrow|cells|id.")

    personal = columns(sealed="cells_enc", digest="person_key", rest="id delivery_id row code column area_code")

    class Meta:
        db_table_comment = "Rows set aside."
        constraints = [models.UniqueConstraint(fields=["delivery", "row"], name="sources_quarantined_once")]
        indexes = [models.Index(fields=["person_key"], name="sources_quarantined_person")]


class WaitingRow(UuidModel):
    """A row without an identity number: it waits until somebody says whose it is; never matched by name."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+", db_comment="Where it came from.")
    row = models.IntegerField(db_comment="Row in the sender's file, from 1.")
    area_code = models.CharField(
        max_length=12, blank=True, db_comment="Area of who handed the file in; empty: nobody's."
    )
    cells_enc = models.BinaryField(db_comment="Cells as JSON, encrypted; AAD sources_waitingrow|cells|id.")

    personal = columns(sealed="cells_enc", rest="id delivery_id row area_code")

    class Meta:
        db_table_comment = "Rows without an identity number."
        constraints = [models.UniqueConstraint(fields=["delivery", "row"], name="sources_waiting_once")]


class Permit(UuidModel):
    """A person's signed authorisation as sources need it: this feed may be used for this key from day to day."""

    feed = models.CharField(max_length=60, db_comment="Feed name.")
    person_key = models.UUIDField(db_comment="Lake key of the person.")
    from_on = models.DateField(db_comment="First day.")
    to_on = models.DateField(null=True, db_comment="Last day, inclusive; null: open.")
    origin = models.CharField(max_length=120, db_comment="What opened it, e.g. authorisation and its id.")
    area_code = models.CharField(max_length=12, blank=True, db_comment="Area of the family it was signed for.")
    opened_at = models.DateTimeField(db_comment="Instant of opening.")
    closed_reason = models.CharField(max_length=200, blank=True, db_comment="Why it was closed early, if it was.")

    personal = columns(
        digest="person_key", plain={"origin": LINK}, rest="id feed from_on to_on opened_at closed_reason area_code"
    )

    class Meta:
        db_table_comment = "Permits to use a feed's rows for a person."
        indexes = [models.Index(fields=["feed", "person_key", "from_on"], name="sources_permit_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="sources_permit_days_in_order"
            ),
            models.UniqueConstraint(fields=["feed", "person_key", "from_on", "origin"], name="sources_permit_once"),
        ]
