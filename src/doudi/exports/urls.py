"""Addresses of `exports`."""

from django.urls import path

from doudi.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.listing, name="list"),
    path("<uuid:approval>/", views.approval, name="approval"),
    path("<uuid:approval>/decide/", views.decide, name="decide"),
]
