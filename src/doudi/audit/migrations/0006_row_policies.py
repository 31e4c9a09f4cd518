"""Row-level security of the log: anybody adds to it; entries are read by its readers' grants and by the machine."""

from django.db import migrations

READ = "(current_setting('doudi.lo', true) = '' AND current_setting('doudi.hi', true) = 'z')" \
    " OR current_setting('doudi.log', true) = 'read'"  # fmt: skip
PROTECT = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_rows ON {table} FOR SELECT USING ({read});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK (true);
"""
OPEN = """
DROP POLICY {table}_rows ON {table};
DROP POLICY {table}_added ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
TABLES = ("audit_entry", "audit_subject")


def as_log_owner(statements: str) -> str:
    """Both tables, changed by whom they belong to."""
    each = "".join(statements.format(table=table, read=READ) for table in TABLES)
    return f"SET ROLE audit_owner; {each} RESET ROLE;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_forget_salts")]
    operations = [migrations.RunSQL(as_log_owner(PROTECT), as_log_owner(OPEN))]
