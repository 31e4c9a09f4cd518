"""Row-level security: rows set aside by who handed the file in, permits by the family that signed.

Whether somebody's data may be used, and whether they are spoiled, is answered across areas, for keys that the asker has.
"""

from django.db import migrations, models

from doudi.core.row_policies import answering, open_again, protected, within

TABLES = ("sources_quarantinedrow", "sources_waitingrow", "sources_permit")
ANSWERS = answering(
    "sources_tainted",
    "asked text, keys uuid[]",
    "person_key uuid",
    """
    SELECT DISTINCT row.person_key FROM public.sources_quarantinedrow AS row
    JOIN public.sources_delivery AS sent ON sent.id = row.delivery_id
    WHERE sent.feed = asked AND sent.state = 'accepted' AND row.person_key = ANY (keys)
    """,
) + answering(
    "sources_permitted",
    "asked text, keys uuid[], day date",
    "person_key uuid",
    """
    SELECT DISTINCT permit.person_key FROM public.sources_permit AS permit
    WHERE permit.feed = asked AND permit.person_key = ANY (keys)
    AND permit.from_on <= day AND (permit.to_on IS NULL OR permit.to_on >= day)
    """,
)


def _area(comment: str) -> models.CharField:
    return models.CharField(blank=True, default="", db_comment=comment, max_length=12)


HANDED_IN = "Area of who handed the file in; empty: nobody's."


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]

    operations = [
        migrations.AddField("quarantinedrow", "area_code", _area(HANDED_IN), preserve_default=False),
        migrations.AddField("waitingrow", "area_code", _area(HANDED_IN), preserve_default=False),
        migrations.AddField(
            "permit", "area_code", _area("Area of the family it was signed for."), preserve_default=False
        ),
        migrations.RunSQL(ANSWERS, "DROP FUNCTION sources_permitted; DROP FUNCTION sources_tainted;"),
        migrations.RunSQL(
            "".join(protected(table, within("area_code")) for table in TABLES),
            "".join(open_again(table) for table in TABLES),
        ),
    ]
