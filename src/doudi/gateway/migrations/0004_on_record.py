"""What visitors hand in and ask for is on record, in the same transaction: without an entry there is no answer.

Wrong codes are on record each, until they lock the receipt; what leads to no enquiry changes nothing and is on record
once a minute.
"""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION gateway_submit(own uuid, number text, digest bytea, area text, sealed bytea) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM set_config('doudi.lo', '', true), set_config('doudi.hi', 'z', true);  -- the bounds of row policies
  IF octet_length(sealed) > 12000 OR octet_length(digest) <> 32 OR number !~ '^[0-9]{12}$' OR NOT EXISTS
    (SELECT 1 FROM public.areas_area a WHERE a.code = area AND a.level = 'township' AND a.to_on IS NULL) THEN
    PERFORM public.audit_note_visitor('gateway.submit', 'refused', 'gateway.unfit', NULL, true);
    RETURN false;
  END IF;
  INSERT INTO public.gateway_enquiry (id, receipt, code_digest, area_code, text_enc, submitted_at, wrong_codes, answered_by)
  VALUES (own, number, digest, area, sealed, clock_timestamp(), 0, '');
  PERFORM public.audit_note_visitor('gateway.submit', 'done', '', own, false);
  RETURN true;
END $$;
CREATE OR REPLACE FUNCTION gateway_answer(number text, digest bytea)
  RETURNS TABLE (state text, enquiry uuid, answer bytea)
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
      found_one.answer_enc;
  ELSE
    UPDATE public.gateway_enquiry e SET wrong_codes = e.wrong_codes + 1 WHERE e.id = found_one.id;
    PERFORM public.audit_note_visitor('gateway.ask', 'refused', 'gateway.wrong_code', found_one.id, false);
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("gateway", "0003_row_policies"), ("audit", "0007_note_visitor")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
