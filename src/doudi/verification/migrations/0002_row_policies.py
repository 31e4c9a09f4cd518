"""Row-level security: checks by their area, answers and comparisons by their check, authorisations by who signed."""

from django.db import migrations

from doudi.core.row_policies import HERE, by_parent, open_again, protected, within

POLICIES = "".join(
    [
        protected("verification_check", within("area_code")),
        protected(
            "verification_authorisation", by_parent("verification_authorisation", "person_id", "registry_person")
        ),
        *(
            protected(table, by_parent(table, "check_made_id", "verification_check"))
            for table in ("verification_answer", "verification_comparison")
        ),
    ]
)
FILL = """
UPDATE sources_permit AS permit SET area_code = coalesce(nullif(unit.kept_in, ''), unit.area_code)
    FROM verification_authorisation AS signed JOIN registry_household AS unit ON unit.id = signed.household_id
    WHERE permit.origin = 'authorisation:' || signed.id::text;
"""
TABLES = ("verification_comparison", "verification_answer", "verification_authorisation", "verification_check")


class Migration(migrations.Migration):
    dependencies = [
        ("verification", "0001_initial"),
        ("registry", "0005_row_policies"),
        ("sources", "0002_row_policies"),
    ]

    operations = [
        migrations.RunSQL(HERE + FILL, migrations.RunSQL.noop),
        migrations.RunSQL(POLICIES, "".join(open_again(table) for table in TABLES)),
    ]
