"""One person, one office: an administrator of the three holds nothing else, and an account never changes its person.

The function reads as the tables' owner, so that no narrower view of the rows can hide a grant from it; it takes the
account's row first, so that two grants given at once are looked at one after the other.
"""

from django.db import migrations

TRIGGERS = """
CREATE FUNCTION accounts_one_office() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  three CONSTANT text[] := ARRAY['system_administrator', 'security_administrator', 'audit_administrator'];
  holder uuid;
BEGIN
  IF NEW.withdrawn_at IS NOT NULL THEN
    RETURN NEW;
  END IF;
  SELECT holder_key INTO holder FROM accounts_account WHERE id = NEW.account_id FOR UPDATE;
  IF NEW.role = ANY (three) AND holder IS NULL THEN
    RAISE EXCEPTION 'accounts_holder_unknown: an administrator is a known person' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT 1 FROM accounts_grant held
    WHERE held.account_id = NEW.account_id AND held.id <> NEW.id AND held.withdrawn_at IS NULL
      AND held.role <> NEW.role AND (held.role = ANY (three) OR NEW.role = ANY (three))
  ) THEN
    RAISE EXCEPTION 'accounts_one_office: an administrator holds nothing else' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_grant_one_office BEFORE INSERT OR UPDATE ON accounts_grant
  FOR EACH ROW EXECUTE FUNCTION accounts_one_office();
CREATE FUNCTION accounts_holder_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.holder_key IS NOT NULL AND NEW.holder_key IS DISTINCT FROM OLD.holder_key THEN
    RAISE EXCEPTION 'accounts_holder_stays: an account does not change its person' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_account_holder_stays BEFORE UPDATE OF holder_key ON accounts_account
  FOR EACH ROW EXECUTE FUNCTION accounts_holder_stays();
"""
BACK = """
DROP TRIGGER accounts_account_holder_stays ON accounts_account;
DROP FUNCTION accounts_holder_stays();
DROP TRIGGER accounts_grant_one_office ON accounts_grant;
DROP FUNCTION accounts_one_office();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_signing_in")]
    operations = [migrations.RunSQL(TRIGGERS, BACK)]
