"""What the role `gateway` may do: call three functions. It has no right on any table."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION gateway_areas(within text) RETURNS TABLE (code text, name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT a.code::text, a.name::text FROM public.areas_area a
  WHERE a.level = 'township' AND a.to_on IS NULL AND length(within) >= 6 AND left(a.code, length(within)) = within
  ORDER BY a.code LIMIT 200
$$;
CREATE FUNCTION gateway_submit(own uuid, number text, digest bytea, area text, sealed bytea) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM set_config('doudi.lo', '', true), set_config('doudi.hi', 'z', true);  -- the bounds of row policies
  IF octet_length(sealed) > 12000 OR octet_length(digest) <> 32 OR number !~ '^[0-9]{12}$' THEN
    RETURN false;
  END IF;
  PERFORM 1 FROM public.areas_area a WHERE a.code = area AND a.level = 'township' AND a.to_on IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO public.gateway_enquiry (id, receipt, code_digest, area_code, text_enc, submitted_at, wrong_codes, answered_by)
  VALUES (own, number, digest, area, sealed, clock_timestamp(), 0, '');
  RETURN true;
END $$;
CREATE FUNCTION gateway_answer(number text, digest bytea) RETURNS TABLE (state text, enquiry uuid, answer bytea)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM set_config('doudi.lo', '', true), set_config('doudi.hi', 'z', true);  -- the bounds of row policies
  RETURN QUERY SELECT CASE WHEN e.answer_enc IS NULL THEN 'waiting' ELSE 'answered' END, e.id, e.answer_enc
    FROM public.gateway_enquiry e WHERE e.receipt = number AND e.code_digest = digest AND e.wrong_codes < 10;
  IF NOT FOUND THEN
    UPDATE public.gateway_enquiry e SET wrong_codes = e.wrong_codes + 1 WHERE e.receipt = number AND e.wrong_codes < 10;
  END IF;
END $$;
REVOKE ALL ON FUNCTION gateway_areas(text), gateway_submit(uuid, text, bytea, text, bytea), gateway_answer(text, bytea)
  FROM PUBLIC, web, work;
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gateway') THEN
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO gateway', current_database());
    GRANT USAGE ON SCHEMA public TO gateway;
    GRANT EXECUTE ON FUNCTION gateway_areas(text), gateway_submit(uuid, text, bytea, text, bytea),
      gateway_answer(text, bytea) TO gateway;
  END IF;
END $$;
"""
GONE = """
DROP FUNCTION gateway_areas(text);
DROP FUNCTION gateway_submit(uuid, text, bytea, text, bytea);
DROP FUNCTION gateway_answer(text, bytea);
"""


class Migration(migrations.Migration):
    dependencies = [("gateway", "0001_initial"), ("areas", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS, GONE)]
