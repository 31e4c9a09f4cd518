"""Row-level security: applications by the area whose staff handle them, all else by its application.

The unit of an application is kept, and its applicant dealt with, where the application is. What was proposed, said and
decided can be removed by nobody, not even all at once.
"""

from django.db import migrations

from doudi.core.row_policies import HERE, answering, by_parent, following, open_again, protected, within

OF_APPLICATION = ("cases_course_step", "cases_assessment", "cases_discretion", "cases_opinion")
POLICIES = "".join(
    [
        protected("cases_application", within("area_code")),
        protected("cases_draft", within("area_code")),
        *(protected(table, by_parent(table, "application_id", "cases_application")) for table in OF_APPLICATION),
        protected("cases_review", by_parent("cases_review", "opinion_id", "cases_opinion")),
    ]
)
TABLES = ("cases_review", *OF_APPLICATION, "cases_draft", "cases_application")

FOLLOW = following(
    "cases_area_follow",
    """
  UPDATE registry_household SET kept_in = NEW.area_code WHERE id = NEW.household_id AND kept_in <> NEW.area_code;
  IF NEW.area_code <> '' THEN
    INSERT INTO registry_dealtin (person_id, area_code) VALUES (NEW.applicant_id, NEW.area_code) ON CONFLICT DO NOTHING;
  END IF;
    """,
)
TRIGGER = """
CREATE TRIGGER cases_area_follow AFTER INSERT OR UPDATE OF area_code, household_id, applicant_id ON cases_application
    FOR EACH ROW EXECUTE FUNCTION cases_area_follow();
"""
FILL = """
UPDATE registry_household AS unit SET kept_in = made.area_code FROM cases_application AS made
    WHERE made.household_id = unit.id AND made.area_code <> '';
INSERT INTO registry_dealtin (person_id, area_code)
    SELECT DISTINCT applicant_id, area_code FROM cases_application WHERE area_code <> '' ON CONFLICT DO NOTHING;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

ANSWERS = "".join(
    [
        answering(
            "cases_numbers_taken",
            "numbers text[]",
            "number text",
            "SELECT made.number::text FROM public.cases_application AS made WHERE made.number = ANY (numbers)",
        ),
        answering(
            "cases_open_beside",
            "asked uuid, states text[]",
            "other uuid, person uuid",
            """
            SELECT beside.id, line.person_id
            FROM public.cases_application AS made
            JOIN public.registry_membership AS own ON own.household_id = made.household_id
            JOIN public.registry_membership AS line ON line.person_id = own.person_id AND line.kind = 'unit'
            JOIN public.cases_application AS beside ON beside.household_id = line.household_id
                AND beside.id <> made.id AND beside.state = ANY (states)
            CROSS JOIN LATERAL (SELECT greatest(made.applied_on, beside.applied_on) AS later) AS day
            WHERE made.id = asked
            AND own.from_on <= day.later AND (own.to_on IS NULL OR own.to_on > day.later)
            AND line.from_on <= day.later AND (line.to_on IS NULL OR line.to_on > day.later)
            ORDER BY beside.applied_on DESC, beside.number DESC, line.seq
            """,
            before="SELECT 1 FROM public.cases_application AS made WHERE made.id = asked",
        ),
    ]
)
KEPT = ("cases_course_step", "cases_assessment", "cases_discretion", "cases_opinion", "cases_review")
KEEP = "".join(
    f"CREATE TRIGGER {table}_not_removed BEFORE DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION cases_kept();\n"
    for table in KEPT
)
# what the first triggers left out
OVERLOOKED = {
    "cases_assessment": "id, assessed_by, assessed_at",
    "cases_discretion": "id",
    "cases_opinion": "id",
}
KEEP += "".join(
    f"CREATE TRIGGER {table}_kept_whole BEFORE UPDATE OF {columns} ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION cases_kept();\n"
    for table, columns in OVERLOOKED.items()
)
FORGET = (
    "".join(f"DROP TRIGGER {table}_kept_whole ON {table};\n" for table in OVERLOOKED)
    + "".join(f"DROP TRIGGER {table}_not_removed ON {table};\n" for table in KEPT)
    + """
DROP FUNCTION cases_open_beside;
DROP FUNCTION cases_numbers_taken;
DROP TRIGGER cases_area_follow ON cases_application;
DROP FUNCTION cases_area_follow;
"""
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_discretion"), ("registry", "0005_row_policies")]

    operations = [
        migrations.RunSQL(HERE + FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOW + TRIGGER + ANSWERS + KEEP, FORGET),
        migrations.RunSQL(POLICIES, "".join(open_again(table) for table in TABLES)),
    ]
