"""An enquiry goes when its time is over, by the worker."""

from django.db import migrations

from doudi.core.kept_rows import let_go, removed_by


class Migration(migrations.Migration):
    dependencies = [("gateway", "0005_answer_days"), ("core", "0002_kept_rows")]
    operations = [migrations.RunSQL(removed_by("gateway_enquiry", "work"), let_go("gateway_enquiry"))]
