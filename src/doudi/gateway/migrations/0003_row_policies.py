"""Row-level security: an enquiry by the township it is for. The gateway's functions say their own bounds."""

from django.db import migrations

from doudi.core.row_policies import open_again, protected, within


class Migration(migrations.Migration):
    dependencies = [("gateway", "0002_three_functions")]

    operations = [migrations.RunSQL(protected("gateway_enquiry", within("area_code")), open_again("gateway_enquiry"))]
