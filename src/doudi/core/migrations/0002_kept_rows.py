"""The functions behind rows that stay (`core.kept_rows`)."""

from django.db import migrations

MADE = """
CREATE FUNCTION core_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are kept as they were written', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION core_removed_by() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_NARGS > 0 AND current_user = ANY (TG_ARGV) THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'rows of % are not removed by %', TG_TABLE_NAME, current_user
        USING ERRCODE = 'restrict_violation';
END $$;
"""
UNMADE = "DROP FUNCTION core_removed_by(); DROP FUNCTION core_kept();"


class Migration(migrations.Migration):
    dependencies = [("core", "0001_once_and_uploads")]
    operations = [migrations.RunSQL(MADE, UNMADE)]
