"""Addresses of the internet zone."""

from django.urls import include, path

from doudi.gateway import resident_views as views

urlpatterns = [
    path("", views.begin, name="begin"),
    path("write/", views.write, name="write"),
    path("answer/", views.answer, name="answer"),
    path("privacy/", views.kept, name="kept"),
    path("", include("doudi.core.urls")),
]
