"""Addresses of `accounts`: allauth's steps of a sign-in, and our own pages."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.webauthn import views as webauthn_views
from django.urls import path

from doudi.accounts import (
    account_pages,
    administration,
    identity,
    looking,
    second_factor_pages,
    service_pages,
    session_pages,
    views,
)
from doudi.accounts.stages import still_standing
from doudi.core.access import before_second_factor, public, signed_in

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
    path("list/", account_pages.account_list, name="list"),
    path("new/", account_pages.new_account, name="new"),
    path("<uuid:account_id>/", account_pages.account_page, name="account"),
    path("<uuid:account_id>/grants/", administration.give, name="give"),
    path("<uuid:account_id>/password/", account_pages.reset, name="reset"),
    path("<uuid:account_id>/holder/", account_pages.holder, name="holder"),
    path("<uuid:account_id>/open/", administration.set_open, name="open"),
    path("<uuid:account_id>/lock/", administration.unlock, name="unlock"),
    path("<uuid:account_id>/second-factor/", administration.reset_factors, name="reset_factors"),
    path("<uuid:account_id>/enrolment-code/", administration.enrolment_code, name="enrolment_code"),
    path("<uuid:account_id>/subject/", account_pages.bind, name="bind"),
    path("grants/<uuid:grant_id>/withdraw/", administration.withdraw, name="withdraw"),
    path("session/", session_pages.session, name="session"),
    path("back/", session_pages.back, name="back"),
    path("sessions/", session_pages.sessions, name="sessions"),
    path("sessions/<uuid:session_id>/end/", session_pages.end, name="end_session"),
    path("addresses/", session_pages.lift_address, name="lift_address"),
    path("second-factor/", second_factor_pages.index, name="second_factor"),
    path("second-factor/open/", second_factor_pages.open_enrolment, name="open_enrolment"),
    path("second-factor/app/", second_factor_pages.new_app, name="new_app"),
    path("second-factor/passkey/", second_factor_pages.new_passkey, name="new_passkey"),
    path("second-factor/codes/", second_factor_pages.codes, name="recovery_codes"),
    path("second-factor/<int:factor_id>/remove/", second_factor_pages.remove, name="remove_factor"),
    path("services/", service_pages.service_list, name="services"),
    path("services/new/", service_pages.new_service, name="new_service"),
    path("services/<uuid:service_id>/", service_pages.service_page, name="service"),
    path("services/<uuid:service_id>/ask/", service_pages.ask, name="ask_for_secret"),
    path("services/<uuid:service_id>/secret/", service_pages.new_secret, name="new_secret"),
    path("services/<uuid:service_id>/withdraw/", service_pages.withdraw, name="withdraw_service"),
    path("services/secrets/<uuid:secret_id>/withdraw/", service_pages.withdraw_secret, name="withdraw_secret"),
    path("token/", service_pages.token, name="token"),
]
login_patterns = [
    path("login/", public(allauth_views.login), name="account_login"),
    path("login/second-factor/", public(still_standing(mfa_views.authenticate)), name="mfa_authenticate"),
    path("logout/", public(allauth_views.logout), name="account_logout"),
    path("signup/", public(allauth_views.signup), name="account_signup"),
    path("inactive/", public(allauth_views.account_inactive), name="account_inactive"),
    path(
        "reauthenticate/",
        before_second_factor(signed_in(allauth_views.reauthenticate)),
        name="account_reauthenticate",
    ),
    path("prove/", before_second_factor(signed_in(mfa_views.reauthenticate)), name="mfa_reauthenticate"),
    path(
        "prove/passkey/",
        before_second_factor(signed_in(webauthn_views.reauthenticate_webauthn)),
        name="mfa_reauthenticate_webauthn",
    ),
    path("government/", identity.to_provider, name="government_login"),
    path("government/<slug:provider_id>/callback/", identity.from_provider, name="openid_connect_callback"),
]
