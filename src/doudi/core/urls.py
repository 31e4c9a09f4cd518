"""Addresses of the frame: language and elder mode."""

from django.urls import path

from doudi.core import views

app_name = "core"
urlpatterns = [path("language/", views.language, name="language"), path("elder/", views.elder, name="elder")]
