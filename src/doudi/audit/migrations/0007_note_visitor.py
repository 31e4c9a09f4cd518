"""Visitors without an account, whose process may touch no table, are on record by a function of the log's owner.

Functions of who migrates call it; no role that logs in may. It writes the bytes that `audit.logic.canonical` makes (a
test compares them). `is_seldom`: one entry a minute of its kind, for what anybody can cause without end.
"""

from django.db import migrations

NOTE = """
CREATE FUNCTION audit_note_visitor(act text, result text, why text, enquiry uuid, is_seldom boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  own uuid := gen_random_uuid();
  noted timestamptz := clock_timestamp();
  before text := coalesce(current_setting('doudi.log', true), '');
  is_noted boolean;
BEGIN
  IF is_seldom THEN
    PERFORM set_config('doudi.log', 'read', true);
    is_noted := EXISTS (SELECT 1 FROM public.audit_entry e WHERE e.account_id = 'system'
      AND e.at > noted - interval '1 minute' AND (e.verb, e.outcome, e.reason) = (act, result, why));
    PERFORM set_config('doudi.log', before, true);
    IF is_noted THEN
      RETURN;
    END IF;
  END IF;
  INSERT INTO public.audit_entry (id, at, account_id, actor_name, role, area_code, purpose, verb, outcome, reason,
    content_digest, mark, canonical) VALUES (own, noted, 'system', 'visitor', 'visitor', '', '', act, result, why,
    '', '', convert_to(format('{"account":"system","after":null,"area":"","at":"%s","before":null,"content":"",'
      '"count":null,"format":1,"id":"%s","mark":"","name":"visitor","outcome":%s,"purpose":"","reason":%s,'
      '"role":"visitor","subjects":[%s],"verb":%s}',
      to_char(noted AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), own, to_json(result), to_json(why),
      CASE WHEN enquiry IS NOT NULL THEN format('["enquiry","%s"]', enquiry) END, to_json(act)), 'UTF8'));
  INSERT INTO public.audit_subject (entry_id, kind, subject)
    SELECT own, 'enquiry', enquiry::text WHERE enquiry IS NOT NULL;
END $$;
REVOKE ALL ON FUNCTION audit_note_visitor(text, text, text, uuid, boolean) FROM PUBLIC, web, work;
ALTER FUNCTION audit_note_visitor(text, text, text, uuid, boolean) OWNER TO audit_owner;
DO $$ DECLARE migrates text := current_user; BEGIN
  SET LOCAL ROLE audit_owner;
  EXECUTE format('GRANT EXECUTE ON FUNCTION audit_note_visitor(text, text, text, uuid, boolean) TO %I', migrates);
  EXECUTE format('SET LOCAL ROLE %I', migrates);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_row_policies")]
    operations = [migrations.RunSQL(NOTE, "DROP FUNCTION audit_note_visitor(text, text, text, uuid, boolean)")]
