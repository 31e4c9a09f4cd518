"""Masked identity numbers keep their first six characters only: with the date of birth beside them the last four gave
the whole number away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_obligors")]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="number_masked",
            field=models.CharField(
                blank=True,
                db_comment="First six characters of the identity number; the rest hidden.",
                max_length=18,
            ),
        ),
        migrations.RunSQL(
            "UPDATE registry_person SET number_masked = rpad(left(number_masked, 6), length(number_masked), '*') "
            "WHERE number_masked <> ''",
            migrations.RunSQL.noop,
        ),
    ]
