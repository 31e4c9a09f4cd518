"""Addresses of `areas`."""

from django.urls import path

from doudi.areas import views

app_name = "areas"
urlpatterns = [path("", views.browse, name="browse"), path("<str:code>/", views.browse, name="area")]
