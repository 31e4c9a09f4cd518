from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(db_comment="Keyed digest of account, address and content.")),
                ("at", models.DateTimeField(db_comment="Instant of the effect.")),
                (
                    "location",
                    models.CharField(blank=True, db_comment="Address of the result; opaque ids only.", max_length=500),
                ),
            ],
            options={
                "db_table": "core_submission",
                "db_table_comment": "Forms that had an effect, so that a repeat has none.",
                "indexes": [
                    models.Index(fields=["digest", "at"], name="core_submission_digest"),
                    models.Index(fields=["at"], name="core_submission_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account_id",
                    models.CharField(db_comment="Account that handed it in, as text.", max_length=40),
                ),
                ("at", models.DateTimeField(db_comment="Instant.")),
                ("size", models.BigIntegerField(db_comment="Bytes.")),
            ],
            options={
                "db_table": "core_upload",
                "db_table_comment": "Files handed in, counted for quotas.",
                "indexes": [models.Index(fields=["at", "account_id"], name="core_upload_day")],
            },
        ),
    ]
