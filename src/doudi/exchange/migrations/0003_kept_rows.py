"""What other systems asked, followed and were told stays; how many people a department follows is told to any area."""

import django.db.models.deletion
from django.db import migrations, models

from doudi.core.kept_rows import kept, let_go
from doudi.core.row_policies import answering

KEPT = {
    "exchange_use": "id, product, kind, department, account_id, account_name, area_code, purpose, outcome, reason,"
    " persons, at, request_id",
    "exchange_subscription": "id, product, department, account_id, area_code, purpose, begun_at",
    "exchange_interest": "id, subscription_id, person_id, reference",
    "exchange_change": "id, subscription_id, reference, was, answer, noted_at",
}
FOLLOWED = answering(
    "exchange_followed",
    "asker text, asked text",
    "people bigint",
    """
    SELECT count(*) FROM public.exchange_interest AS one
    JOIN public.exchange_subscription AS list ON list.id = one.subscription_id
    WHERE list.department = asker AND list.product = asked AND list.ended_at IS NULL
    """,
)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_row_policies"), ("core", "0002_kept_rows")]
    operations = [
        *(
            migrations.AlterField(
                model_name=name,
                name="subscription",
                field=models.ForeignKey(
                    db_comment=said,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="exchange.subscription",
                ),
            )
            for name, said in (("change", "For whom."), ("interest", "Of which."))
        ),
        *(migrations.RunSQL(kept(table, columns), let_go(table)) for table, columns in KEPT.items()),
        migrations.RunSQL(FOLLOWED, "DROP FUNCTION exchange_followed;"),
    ]
