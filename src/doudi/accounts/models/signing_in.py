"""What signing in needs besides the password: enrolment, code apps, proven bindings, sessions, failures by address."""

from __future__ import annotations

from django.db import models

from doudi.accounts.models.accounts import Account
from doudi.core.models import UuidModel
from doudi.core.personal import columns

KINDS = ("window", "phone")
ENDS = ("left", "idle", "long", "clock", "newer", "password", "administrator")


class TotpSecret(UuidModel):
    """The secret shared with a code app. The last step that was used never comes again."""

    authenticator = models.OneToOneField(
        "mfa.Authenticator", on_delete=models.CASCADE, related_name="+", db_comment="Which second factor."
    )
    sealed = models.BinaryField(db_comment="The shared secret, encrypted.")
    last_step = models.BigIntegerField(default=0, db_comment="Time step of the last code that was used.")

    open_rows = "asked for before anybody acts under a grant"

    personal = columns(sealed="sealed", rest="id authenticator_id last_step")

    class Meta:
        db_table = "accounts_totp_secret"
        db_table_comment = "Sealed secrets of code apps (TOTP)."


class EnrolmentCode(UuidModel):
    """What the security administrator gives somebody in person: with it they set up their first second factor, once.

    The first password comes from somebody else, so neither who sets it nor who gives this gets in with what they know.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+", db_comment="For whom.")
    digest = models.CharField(max_length=64, db_comment="Digest of the code (80 random bits).")
    until_at = models.DateTimeField(db_comment="It is not accepted from this instant on.")

    open_rows = "asked for before anybody acts under a grant"

    personal = columns(digest="digest", rest="id account_id until_at")

    class Meta:
        db_table = "accounts_enrolment_code"
        db_table_comment = "Digests of codes that open the first enrolment of a second factor."


class ProvenSubject(UuidModel):
    """A binding to the identity provider whose holder has shown the account's own second factor under it, once.

    Before that the provider's word is no second factor: who binds an account cannot get into it by that alone.
    """

    bound = models.OneToOneField(
        "socialaccount.SocialAccount", on_delete=models.CASCADE, related_name="+", db_comment="Which binding."
    )
    at = models.DateTimeField(db_comment="Instant of the proof.")

    open_rows = "asked for before anybody acts under a grant"

    personal = columns(rest="id bound_id at")

    class Meta:
        db_table = "accounts_proven_subject"
        db_table_comment = "Bindings to the identity provider that their holder has proved."


class AccountSession(UuidModel):
    """One sign-in at one device. An account has one open session a kind of device; the newest one wins."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_comment="Whose.")
    kind = models.CharField(max_length=10, db_comment="window (a computer) or phone.")
    address = models.GenericIPAddressField(null=True, db_comment="Network address it was opened from.")
    started_at = models.DateTimeField(db_comment="Instant of the sign-in.")
    seen_at = models.DateTimeField(db_comment="Instant of the last request, to a few seconds.")
    ended_at = models.DateTimeField(null=True, db_comment="Instant it ended; null while it is open.")
    ended_why = models.CharField(max_length=20, blank=True, db_comment="Why it ended.")
    grant_id = models.UUIDField(null=True, db_comment="The grant it acted under when it ended by idling.")

    open_rows = "asked for before anybody acts under a grant"

    personal = columns(staff="account_id address", rest="id kind started_at seen_at ended_at ended_why grant_id")

    class Meta:
        db_table = "accounts_session"
        db_table_comment = "Sessions of accounts: when, where, and why they ended."
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="accounts_session_kind"),
            models.CheckConstraint(condition=models.Q(ended_why__in=("", *ENDS)), name="accounts_session_why"),
            models.UniqueConstraint(
                fields=["account", "kind"], condition=models.Q(ended_at=None), name="accounts_session_one_a_kind"
            ),
        ]
        indexes = [models.Index(fields=["account", "-started_at"], name="accounts_session_account")]


class AddressFailures(models.Model):
    """Failed sign-ins from one network address, whatever the names: guessing one password for everybody shows here."""

    address = models.GenericIPAddressField(primary_key=True, db_comment="Network address.")
    failures = models.PositiveIntegerField(default=0, db_comment="Failures since `since`.")
    since = models.DateTimeField(db_comment="Begin of the window that is counted.")
    locked_until = models.DateTimeField(null=True, db_comment="No sign-in from there before this instant.")

    open_rows = "network addresses that failed, of nobody's area; asked for before anybody is signed in"

    personal = columns(staff="address", rest="failures since locked_until")

    class Meta:
        db_table = "accounts_address_failures"
        db_table_comment = "Failed sign-ins by network address."
