"""An application is closed, never removed."""

from django.db import migrations

from doudi.core.kept_rows import let_go, removed_by


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_row_policies"), ("core", "0002_kept_rows")]
    operations = [migrations.RunSQL(removed_by("cases_application"), let_go("cases_application"))]
