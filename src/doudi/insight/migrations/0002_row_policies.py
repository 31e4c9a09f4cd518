"""Row-level security: a simulation by the place it was worked out for."""

from django.db import migrations

from doudi.core.row_policies import open_again, protected, within


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_initial")]

    operations = [
        migrations.RunSQL(protected("insight_simulationrun", within("place")), open_again("insight_simulationrun")),
    ]
