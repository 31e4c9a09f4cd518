"""Row-level security: a snapshot by the place whose people it holds."""

from django.db import migrations

from doudi.core.row_policies import open_again, protected, within


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_alter_snapshot_id")]

    operations = [
        migrations.RunSQL(protected("matching_snapshot", within("place")), open_again("matching_snapshot")),
    ]
