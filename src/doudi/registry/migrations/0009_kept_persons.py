"""What was said and whom it names goes when its time is over, by the worker; a person's row stays, emptied."""

from django.db import migrations

from doudi.core.kept_rows import let_go, removed_by

ERASED = (
    "registry_declaration", "registry_obligorstatement", "registry_personkey", "registry_personname",
    "registry_dealtin", "registry_bankaccount",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_kept_courses")]
    operations = [
        *(migrations.RunSQL(removed_by(table, "work"), let_go(table)) for table in ERASED),
        migrations.RunSQL(removed_by("registry_person"), let_go("registry_person")),
    ]
