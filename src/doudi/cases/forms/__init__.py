"""The shape of what is typed in."""

from __future__ import annotations

from doudi.cases.forms.discretion import DiscretionForm
from doudi.cases.forms.intake import ApplicantForm, AuthorisationsForm, FactsForm, MembersForm
from doudi.cases.forms.saying import DepartForm, ReasonForm

__all__ = [
    "ApplicantForm",
    "AuthorisationsForm",
    "DepartForm",
    "DiscretionForm",
    "FactsForm",
    "MembersForm",
    "ReasonForm",
]
