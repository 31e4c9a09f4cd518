"""Every write of rulebook; each is one transaction with one audit entry."""

from __future__ import annotations

from doudi.rulebook.actions.deciding import (
    approve_draft,
    discard_draft,
    return_draft,
    submit_draft,
    take_over_draft,
    withdraw_draft,
)
from doudi.rulebook.actions.drafting import (
    open_draft,
    remove_rule,
    remove_value,
    renew_draft,
    set_day,
    set_rule,
    set_value,
    write_file,
)
from doudi.rulebook.actions.impacts import ask_impact, record_impact
from doudi.rulebook.actions.publishing import publish
from doudi.rulebook.actions.upgrading import lay_out_upgrades

__all__ = [
    "approve_draft",
    "ask_impact",
    "discard_draft",
    "lay_out_upgrades",
    "open_draft",
    "publish",
    "record_impact",
    "remove_rule",
    "remove_value",
    "renew_draft",
    "return_draft",
    "set_day",
    "set_rule",
    "set_value",
    "submit_draft",
    "take_over_draft",
    "withdraw_draft",
    "write_file",
]
