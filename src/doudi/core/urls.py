"""Addresses of the frame: language, elder mode, the icon."""

from django.urls import path

from doudi.core import views

app_name = "core"
urlpatterns = [
    path("language/", views.language, name="language"),
    path("elder/", views.elder, name="elder"),
    path("favicon.ico", views.icon, name="icon"),
]
