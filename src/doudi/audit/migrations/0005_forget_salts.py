"""Salts may be deleted, by a function of the log's owner that the worker may call; nothing else of the log may."""

from django.db import migrations

FORGET = """
CREATE FUNCTION audit_forget_salts(entries uuid[]) RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  WITH gone AS (DELETE FROM public.audit_salt WHERE entry_id = ANY(entries) RETURNING 1) SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION audit_forget_salts(uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_forget_salts(uuid[]) FROM web;
GRANT EXECUTE ON FUNCTION audit_forget_salts(uuid[]) TO work;
ALTER FUNCTION audit_forget_salts(uuid[]) OWNER TO audit_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_tree_rights")]
    operations = [migrations.RunSQL(FORGET, "DROP FUNCTION audit_forget_salts(uuid[])")]
