"""The reasons for which a second person is asked are told in full."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exports", "0002_row_policies")]

    operations = [
        migrations.AlterField(
            model_name="approval",
            name="why",
            field=models.CharField(db_comment="Why a second person is needed: file, full, copies, day.", max_length=8),
        ),
    ]
