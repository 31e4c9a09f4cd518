"""Addresses of `cases`. Only opaque ids stand in them."""

from django.urls import URLPattern, path

from doudi.cases.views import application, decision, diligence, discretion, form, listing, obligors, opinion

app_name = "cases"
OBLIGOR = "<uuid:application_id>/obligors/<uuid:person_id>/<uuid:obligor_id>"
urlpatterns: list[URLPattern] = [
    path("", listing.application_list, name="list"),
    path("new/", form.begin, name="new"),
    path("new/households/<uuid:household>/", form.begin_for, name="new_for"),
    path("drafts/<uuid:draft_id>/discard/", form.discard, name="discard"),
    path("drafts/<uuid:draft_id>/<slug:topic>/", form.topic, name="topic"),
    path("<uuid:application_id>/", application.application, name="application"),
    path("<uuid:application_id>/diligence/", diligence.diligence, name="diligence"),
    path("<uuid:application_id>/entered/", application.entered, name="entered"),
    path("<uuid:application_id>/accept/", application.accept, name="accept"),
    path("<uuid:application_id>/verify/", application.verify, name="verify"),
    path("<uuid:application_id>/calculate/", application.calculate, name="calculate"),
    path("<uuid:application_id>/return/", application.send_back, name="return"),
    path("<uuid:application_id>/supplement/", application.supplement, name="supplement"),
    path("<uuid:application_id>/supplement/<uuid:person_id>/", application.supplement, name="supplement_person"),
    path("<uuid:application_id>/discretion/", discretion.choose, name="discretion"),
    path("<uuid:application_id>/obligors/", obligors.obligors, name="obligors"),
    path("<uuid:application_id>/obligors/<uuid:person_id>/", obligors.obligor, name="obligor"),
    path(f"{OBLIGOR}/", obligors.obligor, name="obligor"),
    path(f"{OBLIGOR}/remove/", obligors.remove, name="remove_obligor"),
    path("<uuid:application_id>/decision/", decision.decision, name="decision"),
    path("<uuid:application_id>/alternatives/", decision.alternatives, name="alternatives"),
    path("<uuid:application_id>/propose/", decision.propose, name="propose"),
    path("<uuid:application_id>/review/", decision.review, name="review"),
    path("<uuid:application_id>/opinion/", opinion.opinion, name="opinion"),
    path("<uuid:application_id>/opinion-<slug:lang>.pdf", opinion.opinion_pdf, name="opinion_pdf"),
]
