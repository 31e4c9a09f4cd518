"""The step of a sign-in between password and being in: the second factor, unless the identity provider has seen one."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

AT_PROVIDER = "identity_provider"


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """allauth's step; an account with a code app or passkey must show it, whether the house demands one or not."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        if any(record.get("type") == AT_PROVIDER for record in records):
            return False
        return bool(super()._should_handle(request))
