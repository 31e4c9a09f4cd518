"""Every write of cases; each is one transaction with one audit entry of its own."""

from __future__ import annotations

from doudi.cases.actions.assessing import assess, assess_many
from doudi.cases.actions.course import (
    accept_application,
    accept_applications,
    record_verification,
    record_verifications,
    return_application,
    supplement_application,
    verify_application,
)
from doudi.cases.actions.discretion import choose_discretion
from doudi.cases.actions.drafts import discard_draft, save_draft, submit_draft
from doudi.cases.actions.intake import enter_application, enter_applications
from doudi.cases.actions.obligors import declare_no_obligors, put_obligor, remove_obligor
from doudi.cases.actions.opinions import propose_opinion, review_opinion

__all__ = [
    "accept_application",
    "accept_applications",
    "assess",
    "assess_many",
    "choose_discretion",
    "declare_no_obligors",
    "discard_draft",
    "enter_application",
    "enter_applications",
    "propose_opinion",
    "put_obligor",
    "record_verification",
    "record_verifications",
    "remove_obligor",
    "return_application",
    "review_opinion",
    "save_draft",
    "submit_draft",
    "supplement_application",
    "verify_application",
]
