"""Addresses of `desk`."""

from django.urls import path

from doudi.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("households/<uuid:household>/", views.household, name="household"),
]
