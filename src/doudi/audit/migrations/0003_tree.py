"""The tree over the entries; `entry` belongs to audit_owner, who alone may add a column to it."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "size",
                    models.BigIntegerField(
                        db_comment="How many leaves it speaks of.", primary_key=True, serialize=False
                    ),
                ),
                ("root", models.BinaryField(db_comment="Root of the tree of that size.")),
                ("at", models.DateTimeField(db_comment="Instant of signing.")),
                ("note", models.TextField(db_comment="The signed note, as it is given to holders.")),
            ],
            options={
                "db_table": "audit_checkpoint",
                "db_table_comment": "Signed checkpoints of the log.",
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                (
                    "position",
                    models.BigIntegerField(db_comment="Place in the tree, from 0.", primary_key=True, serialize=False),
                ),
                ("entry_id", models.UUIDField(db_comment="The entry.", unique=True)),
                ("hash", models.BinaryField(db_comment="Leaf hash of its canonical bytes (RFC 9162).")),
                (
                    "since",
                    models.DateTimeField(db_comment="Since when it waited for its place, by the database's clock."),
                ),
            ],
            options={
                "db_table": "audit_leaf",
                "db_table_comment": "Leaves of the Merkle tree.",
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("entry_id", models.UUIDField(db_comment="The entry.", primary_key=True, serialize=False)),
                (
                    "since",
                    models.DateTimeField(
                        db_comment="Instant of the database's clock.",
                        db_default=django.db.models.functions.datetime.Now(),
                        db_index=True,
                    ),
                ),
            ],
            options={
                "db_table": "audit_waiting",
                "db_table_comment": "Entries that wait for their place in the tree.",
            },
        ),
        migrations.RunSQL("SET ROLE audit_owner", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="entry",
            name="mark",
            field=models.CharField(
                blank=True, db_comment="Why it went on while not anchored.", default="", max_length=40
            ),
        ),
        migrations.RunSQL("RESET ROLE", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Holding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(db_comment="The checkpoint.")),
                ("holder", models.CharField(db_comment="Digest of the holder's address.", max_length=80)),
                ("at", models.DateTimeField(db_comment="Instant it was taken.")),
            ],
            options={
                "db_table": "audit_holding",
                "db_table_comment": "Which holders outside have which checkpoints.",
                "constraints": [models.UniqueConstraint(fields=("size", "holder"), name="audit_holding_once")],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.SmallIntegerField(db_comment="1: over leaves, 2: over tiles of level 1 …")),
                ("number", models.BigIntegerField(db_comment="Which of its row, from 0.")),
                ("hash", models.BinaryField(db_comment="Root over its 256 hashes.")),
            ],
            options={
                "db_table": "audit_tile",
                "db_table_comment": "Roots of complete tiles of the Merkle tree.",
                "constraints": [models.UniqueConstraint(fields=("level", "number"), name="audit_tile_place")],
            },
        ),
    ]
