"""Row-level security: by the area of the grant. A file may be noted by whoever took it, wherever their grant lies."""

from django.db import migrations

from doudi.core.row_policies import open_again, protected, within


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_initial")]

    operations = [
        migrations.RunSQL(protected("exports_approval", within("area_code")), open_again("exports_approval")),
        migrations.RunSQL(protected("exports_handout", within("area_code"), "true"), open_again("exports_handout")),
    ]
