"""Row-level security: households by their area, persons also where they are dealt with, everything else by its parent."""

import django.db.models.deletion
from django.db import migrations, models

from doudi.core.row_policies import (
    EVERYWHERE,
    HERE,
    answering,
    by_parent,
    following,
    open_again,
    protected,
    there_is,
    within,
)

OF_HOUSEHOLD = ("registry_membership", "registry_headship", "registry_address")
OF_PERSON = ("registry_personkey", "registry_personname", "registry_bankaccount", "registry_obligorstatement")
OF_EITHER = ("registry_declaration", "registry_label")
PERSON = " OR ".join(
    [
        within("area_code"),
        *(
            there_is(f"{table} AS known WHERE known.person_id = registry_person.id")
            for table in ("registry_membership", "registry_headship", "registry_dealtin")
        ),
    ]
)
BOTH = "registry_person AS parent WHERE parent.id IN (registry_obligation.person_id, registry_obligation.obligor_id)"
OBLIGATION = f"(({EVERYWHERE}) OR {there_is(BOTH)})"


def _of_either(table: str) -> str:
    return f"({by_parent(table, 'household_id', 'registry_household')} OR {by_parent(table, 'person_id', 'registry_person')})"


# somebody who is registered for the first time has no area yet
POLICIES = "".join(
    [
        protected("registry_household", f"{within('area_code')} OR {within('kept_in')}"),
        protected("registry_dealtin", within("area_code")),
        protected("registry_person", PERSON, f"area_code = '' OR {PERSON}"),
        protected("registry_namerow", within("area_code"), f"area_code = '' OR {within('area_code')}"),
        *(protected(table, by_parent(table, "household_id", "registry_household")) for table in OF_HOUSEHOLD),
        *(protected(table, by_parent(table, "person_id", "registry_person")) for table in OF_PERSON),
        *(protected(table, _of_either(table)) for table in OF_EITHER),
        protected("registry_obligation", OBLIGATION),
    ]
)
TABLES = (
    "registry_obligation", *OF_EITHER, *OF_PERSON, *OF_HOUSEHOLD, "registry_namerow", "registry_person",
    "registry_dealtin", "registry_household",
)  # fmt: skip

FOLLOW = following(
    "registry_names_follow", "UPDATE public.registry_namerow SET area_code = NEW.area_code WHERE person_id = NEW.id;"
)
TRIGGER = """
CREATE TRIGGER registry_names_follow AFTER UPDATE OF area_code ON registry_person FOR EACH ROW
    WHEN (OLD.area_code IS DISTINCT FROM NEW.area_code) EXECUTE FUNCTION registry_names_follow();
"""
FILL = """
UPDATE registry_namerow AS row SET area_code = person.area_code
    FROM registry_person AS person WHERE person.id = row.person_id AND person.area_code <> '';
INSERT INTO registry_dealtin (person_id, area_code)
    SELECT obligor_id, person.area_code FROM registry_obligation JOIN registry_person AS person ON person.id = person_id
    WHERE person.area_code <> ''
    UNION SELECT person_id, obligor.area_code FROM registry_obligation
    JOIN registry_person AS obligor ON obligor.id = obligor_id WHERE obligor.area_code <> '';
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

ANSWERS = "".join(
    [
        answering(
            "registry_known_numbers",
            "indexes bytea[]",
            "number_index bytea, person_id uuid, area_code text",
            """
            SELECT found.number_index, kept.id, kept.area_code::text
            FROM public.registry_person AS found
            JOIN public.registry_person AS kept ON kept.id = coalesce(found.merged_into_id, found.id)
            WHERE found.number_index = ANY (indexes)
            """,
        ),
        answering(
            "registry_register_of",
            "persons uuid[]",
            "person_id uuid, household_id uuid, from_on date, to_on date",
            """
            SELECT row.person_id, row.household_id, row.from_on, row.to_on FROM public.registry_membership AS row
            WHERE row.kind = 'hukou' AND row.person_id = ANY (persons)
            """,
        ),
        answering(
            "registry_household_elsewhere",
            "numbers text[]",
            "number text, household_id uuid, area_code text",
            """
            SELECT found.number::text, found.id, found.area_code::text FROM public.registry_household AS found
            WHERE found.kind = 'hukou' AND found.number = ANY (numbers)
            AND found.ended_on IS NULL AND NOT (found.area_code >= lo AND found.area_code < hi)
            """,
        ),
    ]
)
FORGET = """
DROP FUNCTION registry_household_elsewhere;
DROP FUNCTION registry_register_of;
DROP FUNCTION registry_known_numbers;
DROP TRIGGER registry_names_follow ON registry_person;
DROP FUNCTION registry_names_follow;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_shorter_masks")]

    operations = [
        migrations.AddField(
            model_name="household",
            name="kept_in",
            field=models.CharField(
                blank=True,
                default="",
                db_comment="Area whose staff handle its application: they see it wherever it lies.",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="namerow",
            name="area_code",
            field=models.CharField(
                blank=True,
                default="",
                db_comment="Area of the person, kept in step by a trigger.",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.RemoveIndex(model_name="namerow", name="registry_name_row_text"),
        migrations.AddIndex(
            model_name="namerow",
            index=models.Index(fields=["kind", "text", "area_code", "person"], name="registry_name_row_found"),
        ),
        migrations.CreateModel(
            name="DealtIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area_code",
                    models.CharField(
                        db_comment="Area of the application, or of who registered the person.", max_length=12
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_comment="Who is dealt with.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "db_table_comment": "Areas that deal with persons of other areas.",
                "constraints": [models.UniqueConstraint(fields=("person", "area_code"), name="registry_dealt_in_once")],
            },
        ),
        migrations.RunSQL(HERE + FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOW + TRIGGER + ANSWERS, FORGET),
        migrations.RunSQL(POLICIES, "".join(open_again(table) for table in TABLES)),
    ]
