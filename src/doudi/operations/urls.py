"""Addresses of `operations`."""

from django.urls import path

from doudi.operations import views

app_name = "operations"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("operations/", views.state, name="state"),
]
