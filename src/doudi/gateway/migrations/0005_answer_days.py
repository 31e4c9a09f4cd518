"""An answer comes with the days: when the enquiry was received, when it was answered."""

from django.db import migrations

FUNCTION = """
DROP FUNCTION gateway_answer(text, bytea);
CREATE FUNCTION gateway_answer(number text, digest bytea)
  RETURNS TABLE (state text, enquiry uuid, answer bytea, submitted timestamptz, answered timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  found_one public.gateway_enquiry%ROWTYPE;
BEGIN
  PERFORM set_config('doudi.lo', '', true), set_config('doudi.hi', 'z', true);  -- the bounds of row policies
  SELECT * INTO found_one FROM public.gateway_enquiry e WHERE e.receipt = number AND e.wrong_codes < 10 FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM public.audit_note_visitor('gateway.ask', 'refused', 'gateway.unknown', NULL, true);
  ELSIF found_one.code_digest = digest THEN
    PERFORM public.audit_note_visitor('gateway.ask', 'seen', '', found_one.id, false);
    RETURN QUERY SELECT CASE WHEN found_one.answer_enc IS NULL THEN 'waiting' ELSE 'answered' END, found_one.id,
      found_one.answer_enc, found_one.submitted_at, found_one.answered_at;
  ELSE
    UPDATE public.gateway_enquiry e SET wrong_codes = e.wrong_codes + 1 WHERE e.id = found_one.id;
    PERFORM public.audit_note_visitor('gateway.ask', 'refused', 'gateway.wrong_code', found_one.id, false);
  END IF;
END $$;
REVOKE ALL ON FUNCTION gateway_answer(text, bytea) FROM PUBLIC, web, work;
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gateway') THEN
    GRANT EXECUTE ON FUNCTION gateway_answer(text, bytea) TO gateway;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("gateway", "0004_on_record")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
