"""The shape of what is typed in."""

from __future__ import annotations

from doudi.cases.forms.discretion import DiscretionForm
from doudi.cases.forms.facts import FactsForm
from doudi.cases.forms.intake import ApplicantForm, AuthorisationsForm, MembersForm
from doudi.cases.forms.obligors import NobodyForm, ObligorForm
from doudi.cases.forms.saying import DepartForm, ReasonForm

__all__ = [
    "ApplicantForm",
    "AuthorisationsForm",
    "DepartForm",
    "DiscretionForm",
    "FactsForm",
    "MembersForm",
    "NobodyForm",
    "ObligorForm",
    "ReasonForm",
]
