"""Enrolment and systems' secrets take two administrators; bindings proved by their holder; sessions that end when the
clock goes back; no grant for an account of nobody known.

Grants given before to accounts without a holder stay: they are named on the account's page, and not given anew.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ENDS = ("left", "idle", "long", "clock", "newer", "password", "administrator")
KNOWN_HOLDER = """
CREATE OR REPLACE FUNCTION accounts_one_office() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  three CONSTANT text[] := ARRAY['system_administrator', 'security_administrator', 'audit_administrator'];
  holder uuid;
BEGIN
  IF NEW.withdrawn_at IS NOT NULL THEN
    RETURN NEW;
  END IF;
  SELECT holder_key INTO holder FROM accounts_account WHERE id = NEW.account_id FOR UPDATE;
  IF (NEW.role = ANY (three) OR {always}) AND holder IS NULL THEN
    RAISE EXCEPTION 'accounts_holder_unknown: one person, one account' USING ERRCODE = 'check_violation';
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_one_person_one_office"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [
        migrations.CreateModel(
            name="ProvenSubject",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_comment="Identity, made before insert.",
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", models.DateTimeField(db_comment="Instant of the proof.")),
                (
                    "bound",
                    models.OneToOneField(
                        db_comment="Which binding.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="socialaccount.socialaccount",
                    ),
                ),
            ],
            options={
                "db_table": "accounts_proven_subject",
                "db_table_comment": "Bindings to the identity provider that their holder has proved.",
            },
        ),
        migrations.CreateModel(
            name="EnrolmentCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_comment="Identity, made before insert.",
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("digest", models.CharField(db_comment="Digest of the code (80 random bits).", max_length=64)),
                ("until_at", models.DateTimeField(db_comment="It is not accepted from this instant on.")),
                (
                    "account",
                    models.OneToOneField(
                        db_comment="For whom.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "accounts_enrolment_code",
                "db_table_comment": "Digests of codes that open the first enrolment of a second factor.",
            },
        ),
        migrations.AddField(
            model_name="serviceaccount",
            name="secret_wanted_at",
            field=models.DateTimeField(
                db_comment="Instant the security administrator asked for a secret that is not made yet.", null=True
            ),
        ),
        migrations.RemoveConstraint(model_name="accountsession", name="accounts_session_why"),
        migrations.AddConstraint(
            model_name="accountsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_why__in", ("", *ENDS))), name="accounts_session_why"
            ),
        ),
        migrations.RunSQL(
            KNOWN_HOLDER.replace("{always}", "TG_OP = 'INSERT'"), KNOWN_HOLDER.replace("{always}", "false")
        ),
    ]
