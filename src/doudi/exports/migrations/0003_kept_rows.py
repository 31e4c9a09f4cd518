"""What was taken out stays on record; an approval gets its answer, and nothing else of it is written again."""

from django.db import migrations

from doudi.core.kept_rows import kept, let_go

APPROVAL = (
    'id, export, address, purpose, reason, persons, "full", why, area_code, asked_by, asked_name, asked_role, asked_at'
)
HANDOUT = (
    'id, export, account_id, account_name, role, area_code, department, purpose, reason, persons, "full", size, digest,'
    " at, agreement, approval_id"
)


class Migration(migrations.Migration):
    dependencies = [("exports", "0002_row_policies"), ("core", "0002_kept_rows")]
    operations = [
        migrations.RunSQL(kept(table, columns), let_go(table))
        for table, columns in (("exports_approval", APPROVAL), ("exports_handout", HANDOUT))
    ]
