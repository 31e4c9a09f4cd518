"""Addresses of `audit`."""

from django.urls import path

from doudi.audit import views

app_name = "audit"
urlpatterns = [path("", views.log, name="log")]
