"""Addresses of `keeping`: the residents' page is public."""

from django.urls import path

from doudi.keeping import views

app_name = "keeping"
urlpatterns = [
    path("", views.kept, name="kept"),
    path("holds/", views.holds, name="holds"),
    path("holds/<uuid:hold>/lift/", views.lift, name="lift"),
]
