"""Root addresses."""

from django.urls import include, path

from doudi.accounts.urls import login_patterns

urlpatterns = [
    path("", include("doudi.desk.urls")),
    path("", include("doudi.core.urls")),
    path("accounts/", include(login_patterns)),
    path("accounts/", include("doudi.accounts.urls")),
    path("audit/", include("doudi.audit.urls")),
    path("privacy/", include("doudi.keeping.urls")),
    path("areas/", include("doudi.areas.urls")),
    path("registry/", include("doudi.registry.urls")),
    path("deliveries/", include("doudi.sources.urls")),
    path("policy/", include("doudi.rulebook.urls")),
    path("verification/", include("doudi.verification.urls")),
    path("cases/", include("doudi.cases.urls")),
    path("insight/", include("doudi.insight.urls")),
]
