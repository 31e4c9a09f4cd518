"""The tree only grows: the sequencer (work) adds to it and takes from what waits; web and read look."""

from django.db import migrations

RIGHTS = """
REVOKE ALL ON audit_waiting, audit_leaf, audit_tile, audit_checkpoint, audit_holding FROM web, work, "read";
GRANT SELECT ON audit_waiting, audit_leaf, audit_tile, audit_checkpoint, audit_holding TO web, work, "read";
GRANT INSERT ON audit_leaf, audit_tile, audit_checkpoint, audit_holding TO work;
GRANT DELETE ON audit_waiting TO work;
GRANT USAGE ON SEQUENCE audit_tile_id_seq, audit_holding_id_seq TO work;
ALTER TABLE audit_waiting OWNER TO audit_owner;
ALTER TABLE audit_leaf OWNER TO audit_owner;
ALTER TABLE audit_tile OWNER TO audit_owner;
ALTER TABLE audit_checkpoint OWNER TO audit_owner;
ALTER TABLE audit_holding OWNER TO audit_owner;
SET ROLE audit_owner;
CREATE FUNCTION audit_wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO audit_waiting (entry_id, since) SELECT id, clock_timestamp() FROM coming;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_entry_waits AFTER INSERT ON audit_entry REFERENCING NEW TABLE AS coming
  FOR EACH STATEMENT EXECUTE FUNCTION audit_wait();
INSERT INTO audit_waiting (entry_id, since) SELECT id, clock_timestamp() FROM audit_entry;
CREATE TRIGGER audit_leaf_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_leaf
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_tile_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_tile
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_holding_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_holding
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
RESET ROLE;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_tree")]
    operations = [migrations.RunSQL(RIGHTS, migrations.RunSQL.noop)]
