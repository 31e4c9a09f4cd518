"""Addresses of `gateway` in the house. Those of the internet zone are in `resident_urls`."""

from django.urls import path

from doudi.gateway import views

app_name = "gateway"
urlpatterns = [
    path("", views.enquiries, name="list"),
    path("<uuid:enquiry_id>/", views.enquiry, name="enquiry"),
]
