"""Addresses of `verification`."""

from django.urls import URLPattern, path

from doudi.verification import views

app_name = "verification"
urlpatterns: list[URLPattern] = [
    path("", views.checks, name="checks"),
    path("<uuid:check>/", views.check, name="check"),
    path("<uuid:check>/report.pdf", views.print_report, name="print"),
    path("<uuid:check>/again/", views.run_again, name="again"),
    path("<uuid:check>/conclusion/", views.conclude, name="conclude"),
    path("households/<uuid:household>/", views.run, name="run"),
    path("households/<uuid:household>/authorisations/", views.authorise, name="authorise"),
    path("authorisations/<uuid:authorisation>/withdrawal/", views.withdraw, name="withdraw"),
]
