"""Reviews of grants, and emergency looks beyond them."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import doudi.core.clock


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="reviewed_on",
            field=models.DateField(
                db_comment="Day it was given, or last confirmed in a review.", default=doudi.core.clock.today
            ),
        ),
        migrations.CreateModel(
            name="EmergencyLook",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_comment="Identity, made before insert.",
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("area_code", models.CharField(db_comment="Root of the area subtree looked at.", max_length=12)),
                (
                    "opened",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        db_comment="Classes of fields opened.",
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        db_comment="Why, in the words of who looks; no numbers of people.", max_length=400
                    ),
                ),
                ("begun_at", models.DateTimeField(db_comment="Instant it began.")),
                ("until_at", models.DateTimeField(db_comment="Instant it ends by itself.")),
                ("ended_at", models.DateTimeField(db_comment="Instant it was ended before.", null=True)),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[("justified", "理由成立"), ("unjustified", "理由不成立")],
                        db_comment="What the review found.",
                        max_length=12,
                    ),
                ),
                ("remark", models.CharField(blank=True, db_comment="What the reviewer wrote.", max_length=400)),
                (
                    "reviewed_by",
                    models.CharField(blank=True, db_comment="Account that reviewed it, as text.", max_length=40),
                ),
                (
                    "reviewed_name",
                    models.CharField(blank=True, db_comment="Name of the reviewer then.", max_length=60),
                ),
                ("reviewed_at", models.DateTimeField(db_comment="Instant of the review.", null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_comment="Who looks.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        db_comment="The grant it goes beyond.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.grant",
                    ),
                ),
            ],
            options={
                "db_table": "accounts_emergency_look",
                "db_table_comment": "Looks beyond one's own area, with their review.",
                "indexes": [models.Index(fields=["reviewed_at", "begun_at"], name="accounts_emergency_open")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gt", models.F("begun_at"))), name="accounts_emergency_ends"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finding", ""), ("reviewed_at__isnull", True)),
                            models.Q(("finding__in", ["justified", "unjustified"]), ("reviewed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="accounts_emergency_finding",
                    ),
                ],
            },
        ),
    ]
