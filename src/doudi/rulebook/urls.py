"""Addresses of `rulebook`."""

from django.urls import URLPattern, path

from doudi.rulebook.views import browsing

app_name = "rulebook"
urlpatterns: list[URLPattern] = [
    path("", browsing.programmes, name="programmes"),
    path("<slug:name>/", browsing.programme, name="programme"),
]
