"""Addresses of `rulebook`."""

from django.urls import URLPattern, path

from doudi.rulebook import views

app_name = "rulebook"
urlpatterns: list[URLPattern] = [
    path("", views.programmes, name="programmes"),
    path("<slug:name>/", views.programme, name="programme"),
]
