"""The table of published rulebooks, and the trigger that keeps it as it is."""

import uuid

from django.db import migrations, models

KEEP = """
CREATE FUNCTION rulebook_published_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published rulebooks are never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER rulebook_published_keep_rows BEFORE UPDATE OR DELETE ON rulebook_published
    FOR EACH ROW EXECUTE FUNCTION rulebook_published_keep();
CREATE TRIGGER rulebook_published_keep_table BEFORE TRUNCATE ON rulebook_published
    FOR EACH STATEMENT EXECUTE FUNCTION rulebook_published_keep();
"""
RELEASE = """
DROP TRIGGER rulebook_published_keep_table ON rulebook_published;
DROP TRIGGER rulebook_published_keep_rows ON rulebook_published;
DROP FUNCTION rulebook_published_keep();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="Published",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "hash",
                    models.CharField(
                        db_comment="hex SHA-256 of the resolved rulebook",
                        db_index=True,
                        max_length=64,
                        verbose_name="规则版本",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        db_comment="area code the rulebook is resolved for", max_length=12, verbose_name="地区"
                    ),
                ),
                (
                    "effective_on",
                    models.DateField(db_comment="first day on which cases are decided by it", verbose_name="施行日期"),
                ),
                ("published_at", models.DateTimeField(db_comment="instant of publishing", verbose_name="发布时间")),
                (
                    "published_by",
                    models.CharField(
                        db_comment="account id of who published it, as text", max_length=64, verbose_name="发布人"
                    ),
                ),
                (
                    "bundle",
                    models.BinaryField(
                        db_comment="compressed canonical archive of the policy files", verbose_name="规则文件"
                    ),
                ),
            ],
            options={
                "verbose_name": "已发布的规则",
                "db_table_comment": "Published rulebooks, append-only",
                "indexes": [models.Index(fields=["place", "effective_on"], name="rulebook_place_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("place", "effective_on", "hash"), name="rulebook_published_once")
                ],
            },
        ),
        migrations.RunSQL(KEEP, RELEASE),
    ]
