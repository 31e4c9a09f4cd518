"""What was published before may be published again for the same day: it then holds again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rulebook", "0002_drafts"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="published", name="rulebook_published_once"),
        migrations.AddConstraint(
            model_name="published",
            constraint=models.UniqueConstraint(
                fields=("place", "effective_on", "hash", "published_at"), name="rulebook_published_once"
            ),
        ),
    ]
