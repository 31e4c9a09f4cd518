"""A hold is lifted, never removed or turned to somebody else; a correction goes with its time, by the worker alone."""

from django.db import migrations

from doudi.core.kept_rows import kept, let_go, removed_by

HOLD = "id, kind, subject, reason, area_code, placed_role, placed_by, placed_name, placed_at"


class Migration(migrations.Migration):
    dependencies = [("keeping", "0003_hold_area"), ("core", "0002_kept_rows")]
    operations = [
        migrations.RunSQL(kept("keeping_hold", HOLD), let_go("keeping_hold")),
        migrations.RunSQL(removed_by("keeping_note", "work"), let_go("keeping_note")),
    ]
