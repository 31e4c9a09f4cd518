"""Addresses of `registry`."""

from django.urls import URLPattern, path

from doudi.registry import views

app_name = "registry"
urlpatterns: list[URLPattern] = [
    path("persons/<uuid:person>/number/", views.number, name="number"),
    path("bank-accounts/<uuid:account>/number/", views.account, name="account"),
]
