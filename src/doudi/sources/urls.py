"""Addresses of `sources`."""

from django.urls import URLPattern, path

from doudi.sources import views

app_name = "sources"
urlpatterns: list[URLPattern] = [
    path("", views.overview, name="overview"),
    path("receive/", views.receive, name="receive"),
    path("<uuid:delivery>/", views.report, name="report"),
    path("<uuid:delivery>/returned/", views.returned, name="returned"),
]
