"""What the digest of a draft covers, said as it is. Only the comment changes: a trigger holds the column's type."""

from django.db import migrations, models

COMMENT = "SHA-256 of base, place, files, effective day, title and past_reason"
BEFORE = "SHA-256 of base, place, files and effective day"
SQL = "COMMENT ON COLUMN rulebook_draft.digest IS '{}'"


class Migration(migrations.Migration):
    dependencies = [
        ("rulebook", "0003_published_again"),
    ]

    operations = [
        migrations.RunSQL(
            SQL.format(COMMENT),
            SQL.format(BEFORE),
            state_operations=[
                migrations.AlterField(
                    model_name="draft",
                    name="digest",
                    field=models.CharField(db_comment=COMMENT, max_length=64),
                ),
            ],
        ),
    ]
