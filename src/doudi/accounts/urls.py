"""Addresses of `accounts`: allauth's login and logout, and our own pages."""

from allauth.account import views as allauth_views
from django.urls import path

from doudi.accounts import views
from doudi.core.access import public

app_name = "accounts"
urlpatterns = [
    path("grant/", views.choose_grant, name="grant"),
    path("password/", views.password, name="password"),
    path("list/", views.account_list, name="list"),
    path("new/", views.new_account, name="new"),
    path("grants/<uuid:grant_id>/withdraw/", views.withdraw, name="withdraw"),
]
login_patterns = [
    path("login/", public(allauth_views.login), name="account_login"),
    path("logout/", public(allauth_views.logout), name="account_logout"),
    path("signup/", public(allauth_views.signup), name="account_signup"),
    path("inactive/", public(allauth_views.account_inactive), name="account_inactive"),
    path("reauthenticate/", public(allauth_views.reauthenticate), name="account_reauthenticate"),
]
