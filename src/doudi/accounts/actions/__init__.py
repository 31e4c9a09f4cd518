"""Every write to accounts, grants and looks beyond them."""

from doudi.accounts.actions.accounts import (
    LOCK,
    MOST_FAILURES,
    change_password,
    create_account,
    give_grant,
    is_locked,
    note_failure,
    note_locked_out,
    note_login,
    withdraw_grant,
)
from doudi.accounts.actions.looking import begin_emergency, begin_viewing, end_emergency, end_viewing, review_emergency
from doudi.accounts.actions.reviewing import confirm_grant

__all__ = [
    "LOCK",
    "MOST_FAILURES",
    "begin_emergency",
    "begin_viewing",
    "change_password",
    "confirm_grant",
    "create_account",
    "end_emergency",
    "end_viewing",
    "give_grant",
    "is_locked",
    "note_failure",
    "note_locked_out",
    "note_login",
    "review_emergency",
    "withdraw_grant",
]
