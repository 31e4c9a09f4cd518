"""Addresses of `desk`."""

from django.urls import path

from doudi.desk import console, copies, looked, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("console/system/", console.system, name="console_system"),
    path("console/security/", console.security, name="console_security"),
    path("console/audit/", console.audit, name="console_audit"),
    path("search/", views.search, name="search"),
    path("households/<uuid:household>/", views.household, name="household"),
    path("people/<uuid:person>/copy/", copies.copy_page, name="copy"),
    path("people/<uuid:person>/copy/hand-out/", copies.hand_out, name="hand_out"),
    path("people/<uuid:person>/looks.pdf", looked.print_looks, name="print_looks"),
    path("people/<uuid:person>/copy/note/", copies.note, name="note"),
    path("people/<uuid:person>/copy/note/<uuid:note>/", copies.answer, name="answer"),
]
