"""Who belonged where, and who was recognised as what, ends on a day; no row of it is removed."""

from django.db import migrations

from doudi.core.kept_rows import let_go, removed_by

COURSES = (
    "registry_household", "registry_membership", "registry_headship", "registry_address", "registry_label",
    "registry_obligation",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_refresh_statistics"), ("core", "0002_kept_rows")]
    operations = [migrations.RunSQL(removed_by(table), let_go(table)) for table in COURSES]
