"""A look beyond one's own area stays as it was begun; accounts are closed, not removed."""

from django.db import migrations

from doudi.core.kept_rows import kept, let_go, removed_by

LOOK = "id, account_id, grant_id, area_code, opened, reason, begun_at, until_at"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_proven_subject"), ("core", "0002_kept_rows")]
    operations = [
        migrations.RunSQL(kept("accounts_emergency_look", LOOK), let_go("accounts_emergency_look")),
        migrations.RunSQL(removed_by("accounts_account"), let_go("accounts_account")),
    ]
