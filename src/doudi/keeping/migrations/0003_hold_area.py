"""A hold has an area and the role it was placed in, and is seen in its area."""

from django.db import migrations, models

from doudi.core.row_policies import open_again, protected, within

# the grant under which the account could place it on that day; without one only the machine sees the hold, and it stands
FILL = """
UPDATE keeping_hold AS hold SET area_code = held.area_code, placed_role = held.role
    FROM accounts_grant AS held
    WHERE held.account_id::text = hold.placed_by AND held.role IN ('county_leader', 'auditor')
    AND held.from_on <= (hold.placed_at AT TIME ZONE 'Asia/Shanghai')::date
    AND (held.to_on IS NULL OR held.to_on > (hold.placed_at AT TIME ZONE 'Asia/Shanghai')::date);
"""
COMMENTS = {
    "area_code": "Area of the grant it was placed under.",
    "placed_role": "Role it was placed in; an auditor's is lifted by one.",
}


class Migration(migrations.Migration):
    dependencies = [("keeping", "0002_row_policies"), ("accounts", "0001_initial")]

    operations = [
        *(
            migrations.AddField(
                model_name="hold",
                name=name,
                field=models.CharField(max_length=length, default="", db_comment=COMMENTS[name]),
                preserve_default=False,
            )
            for name, length in (("area_code", 12), ("placed_role", 40))
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="hold", name="keeping_one_open_hold"),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                fields=["kind", "subject", "area_code", "placed_role"],
                condition=models.Q(("lifted_at__isnull", True)),
                name="keeping_one_open_hold",
            ),
        ),
        migrations.RunSQL(protected("keeping_hold", within("area_code")), open_again("keeping_hold")),
    ]
