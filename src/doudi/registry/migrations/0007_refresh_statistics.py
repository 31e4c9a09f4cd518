"""After a load of many people the planner is told at once: until then it takes the tables for empty, and a search that
reads two index entries reads every person of the county instead. Only the owner of a table may count it.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION registry_refresh_statistics() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  ANALYZE public.registry_household, public.registry_person, public.registry_personkey, public.registry_membership,
    public.registry_headship, public.registry_namerow, public.registry_address, public.registry_label;
END $$;
REVOKE ALL ON FUNCTION registry_refresh_statistics() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_sealed")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION registry_refresh_statistics()")]
