"""Accounts and grants, and looks beyond them."""

from doudi.accounts.models.accounts import ROLE_LABELS, Account, FormerPassword, Grant
from doudi.accounts.models.looking import EmergencyLook

__all__ = ["ROLE_LABELS", "Account", "EmergencyLook", "FormerPassword", "Grant"]
