"""Row-level security: by the area a system may ask about; lists and changes where their subscription is seen."""

from django.db import migrations

from doudi.core.row_policies import by_parent, open_again, protected, within

PARENT = ("subscription_id", "exchange_subscription")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]

    operations = [
        migrations.RunSQL(protected("exchange_use", within("area_code")), open_again("exchange_use")),
        migrations.RunSQL(protected("exchange_subscription", within("area_code")), open_again("exchange_subscription")),
        *(
            migrations.RunSQL(protected(table, by_parent(table, *PARENT)), open_again(table))
            for table in ("exchange_interest", "exchange_change")
        ),
    ]
