"""Addresses of `desk`."""

from django.urls import path

from doudi.desk import console, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("console/system/", console.system, name="console_system"),
    path("console/security/", console.security, name="console_security"),
    path("console/audit/", console.audit, name="console_audit"),
    path("search/", views.search, name="search"),
    path("households/<uuid:household>/", views.household, name="household"),
]
