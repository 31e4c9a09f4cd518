"""Addresses of `audit`."""

from django.urls import path

from doudi.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.log, name="log"),
    path("<uuid:entry_id>/", views.entry, name="entry"),
    path("<uuid:entry_id>/proof.json", views.proof, name="proof"),
]
