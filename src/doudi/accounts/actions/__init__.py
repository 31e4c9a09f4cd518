"""Every write to accounts, grants, looks beyond them, second factors, sessions and the accounts of other systems."""

from doudi.accounts.actions.accounts import (
    administers,
    change_password,
    create_account,
    give_grant,
    name_holder,
    set_active,
    withdraw_grant,
)
from doudi.accounts.actions.bootstrap import NewAdministrator, bootstrap, give_entry
from doudi.accounts.actions.forgetting import forget_sessions
from doudi.accounts.actions.identity import bind_subject, note_unbound, prove_subject, unbind_subject
from doudi.accounts.actions.looking import begin_emergency, begin_viewing, end_emergency, end_viewing, review_emergency
from doudi.accounts.actions.other_systems import (
    Issued,
    create_service,
    issue_token,
    new_service_secret,
    withdraw_service,
    withdraw_service_secret,
)
from doudi.accounts.actions.reviewing import confirm_grant
from doudi.accounts.actions.second_factors import (
    accept_code,
    accept_passkey,
    add_passkey,
    add_totp,
    make_recovery_codes,
    remove_factor,
    take_factors_away,
)
from doudi.accounts.actions.sessions import end_session, end_sessions, note_seen, open_session
from doudi.accounts.actions.signing_in import (
    LOCK,
    MOST_FAILURES,
    MOST_FROM_ADDRESS,
    is_address_locked,
    is_locked,
    lift_address_lock,
    lift_lock,
    note_address_refused,
    note_failure,
    note_locked_out,
    note_login,
)

__all__ = [
    "LOCK",
    "MOST_FAILURES",
    "MOST_FROM_ADDRESS",
    "Issued",
    "NewAdministrator",
    "accept_code",
    "accept_passkey",
    "add_passkey",
    "add_totp",
    "administers",
    "begin_emergency",
    "begin_viewing",
    "bind_subject",
    "bootstrap",
    "change_password",
    "confirm_grant",
    "create_account",
    "create_service",
    "end_emergency",
    "end_session",
    "end_sessions",
    "end_viewing",
    "forget_sessions",
    "give_entry",
    "give_grant",
    "is_address_locked",
    "is_locked",
    "issue_token",
    "lift_address_lock",
    "lift_lock",
    "make_recovery_codes",
    "name_holder",
    "new_service_secret",
    "note_address_refused",
    "note_failure",
    "note_locked_out",
    "note_login",
    "note_seen",
    "note_unbound",
    "open_session",
    "prove_subject",
    "remove_factor",
    "review_emergency",
    "set_active",
    "take_factors_away",
    "unbind_subject",
    "withdraw_grant",
    "withdraw_service",
    "withdraw_service_secret",
]
