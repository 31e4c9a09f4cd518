"""Addresses of `accounts`: allauth's login and logout, and our own pages."""

from allauth.account import views as allauth_views
from django.urls import path

from doudi.accounts import administration, looking, views
from doudi.core.access import public

app_name = "accounts"
urlpatterns = [
    path("grant/", views.choose_grant, name="grant"),
    path("password/", views.password, name="password"),
    path("roles/", views.roles, name="roles"),
    path("purpose/", looking.purpose, name="purpose"),
    path("emergency/", looking.begin, name="emergency"),
    path("view-as/", looking.view_as, name="view_as"),
    path("looking/end/", looking.end, name="end_looking"),
    path("emergencies/", looking.emergencies_page, name="emergencies"),
    path("emergencies/<uuid:look>/", looking.emergency, name="emergency_look"),
    path("reviews/", administration.reviews, name="reviews"),
    path("grants/<uuid:grant_id>/confirm/", administration.confirm, name="confirm"),
    path("list/", administration.account_list, name="list"),
    path("new/", administration.new_account, name="new"),
    path("<uuid:account_id>/", administration.account_page, name="account"),
    path("<uuid:account_id>/grants/", administration.give, name="give"),
    path("<uuid:account_id>/password/", administration.reset, name="reset"),
    path("grants/<uuid:grant_id>/withdraw/", administration.withdraw, name="withdraw"),
]
login_patterns = [
    path("login/", public(allauth_views.login), name="account_login"),
    path("logout/", public(allauth_views.logout), name="account_logout"),
    path("signup/", public(allauth_views.signup), name="account_signup"),
    path("inactive/", public(allauth_views.account_inactive), name="account_inactive"),
    path("reauthenticate/", public(allauth_views.reauthenticate), name="account_reauthenticate"),
]
