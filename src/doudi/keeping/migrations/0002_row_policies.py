"""Row-level security: a correction is seen in its area."""

from django.db import migrations

from doudi.core.row_policies import open_again, protected, within


class Migration(migrations.Migration):
    dependencies = [("keeping", "0001_initial")]
    operations = [migrations.RunSQL(protected("keeping_note", within("area_code")), open_again("keeping_note"))]
