"""Addresses of `insight`."""

from django.urls import path

from doudi.insight.views import curves, simulations

app_name = "insight"
urlpatterns = [
    path("simulations/", simulations.listing, name="simulations"),
    path("simulations/new/", simulations.new, name="new"),
    path("simulations/<uuid:simulation>/", simulations.simulation, name="simulation"),
    path("simulations/<uuid:simulation>/download/table.csv", simulations.table, name="table"),
    path("simulations/<uuid:simulation>/download/table.xlsx", simulations.table, {"kind": "xlsx"}, name="table_xlsx"),
    path("simulations/<uuid:simulation>/download/result.json", simulations.result, name="result"),
    path("cliffs/", curves.listing, name="cliffs"),
    path("cliffs/<uuid:application_id>/", curves.curve, name="cliff"),
]
