"""Snapshots made: which day, which place, where the files are."""

from __future__ import annotations

from django.db import models

from doudi.core.models import UuidModel
from doudi.core.personal import columns


class Snapshot(UuidModel):
    """One population as of a day, as Parquet files that screening and watching read."""

    as_of = models.DateField(db_comment="The day it shows.")
    place = models.CharField(max_length=12, db_comment="Area code whose households are in it.")
    rulebook = models.CharField(max_length=64, db_comment="Hash of the rulebook whose facts are in it.")
    folder = models.CharField(max_length=200, db_comment="Name of its folder.")
    households = models.PositiveIntegerField(db_comment="How many households it holds.")
    persons = models.PositiveIntegerField(db_comment="How many persons it holds.")
    made_at = models.DateTimeField(db_comment="Instant it was finished.")

    personal = columns(rest="id as_of place rulebook folder households persons made_at")

    class Meta:
        db_table_comment = "Snapshots of the population."
        constraints = [
            models.CheckConstraint(
                condition=models.Q(persons__gte=0, households__gte=0), name="matching_snapshot_counts"
            )
        ]
