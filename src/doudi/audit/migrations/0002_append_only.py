"""The log belongs to audit_owner, who cannot log in; web and work may add and read; nothing is changed or removed."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_subject_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_subject
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
REVOKE ALL ON audit_entry, audit_subject, audit_salt FROM web, work, "read";
GRANT SELECT, INSERT ON audit_entry, audit_subject TO web, work;
GRANT SELECT, INSERT ON audit_salt TO web, work;
GRANT SELECT ON audit_entry, audit_subject TO "read";
GRANT USAGE ON SEQUENCE audit_subject_id_seq TO web, work;
ALTER FUNCTION audit_refuse_change() OWNER TO audit_owner;
ALTER TABLE audit_entry OWNER TO audit_owner;
ALTER TABLE audit_subject OWNER TO audit_owner;
ALTER TABLE audit_salt OWNER TO audit_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop)]
