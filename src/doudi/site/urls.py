"""Root addresses."""

from django.urls import include, path

from doudi.accounts.urls import login_patterns
from doudi.exchange.urls import api_patterns

urlpatterns = [
    path("", include("doudi.desk.urls")),
    path("", include("doudi.core.urls")),
    path("accounts/", include(login_patterns)),
    path("accounts/", include("doudi.accounts.urls")),
    path("audit/", include("doudi.audit.urls")),
    path("privacy/", include("doudi.keeping.urls")),
    path("exports/", include("doudi.exports.urls")),
    path("areas/", include("doudi.areas.urls")),
    path("registry/", include("doudi.registry.urls")),
    path("deliveries/", include("doudi.sources.urls")),
    path("policy/", include("doudi.rulebook.urls")),
    path("verification/", include("doudi.verification.urls")),
    path("cases/", include("doudi.cases.urls")),
    path("insight/", include("doudi.insight.urls")),
    path("exchange/", include("doudi.exchange.urls")),
    path("api/exchange/v1/", api_patterns),
    path("enquiries/", include("doudi.gateway.urls")),
    path("", include("doudi.operations.urls")),
]
