"""What was asked, answered and concluded is emptied when its time is over, never removed."""

from django.db import migrations

from doudi.core.kept_rows import let_go, removed_by

KEPT = ("verification_authorisation", "verification_check", "verification_answer", "verification_comparison")


class Migration(migrations.Migration):
    dependencies = [("verification", "0002_row_policies"), ("core", "0002_kept_rows")]
    operations = [migrations.RunSQL(removed_by(table), let_go(table)) for table in KEPT]
