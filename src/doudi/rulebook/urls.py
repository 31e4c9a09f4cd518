"""Addresses of `rulebook`. Programmes come last: their names stand in the address."""

from django.urls import URLPattern, path

from doudi.rulebook.views import browsing, drafts, editing, standards, versions

app_name = "rulebook"
urlpatterns: list[URLPattern] = [
    path("", browsing.programmes, name="programmes"),
    path("standards/", standards.standards, name="standards"),
    path("standards/table.<slug:kind>", standards.table_file, name="standards_file"),
    path("standards/<slug:name>/", standards.standard_page, name="standard"),
    path("rules/<str:name>/", browsing.rule, name="rule"),
    path("versions/", versions.listing, name="versions"),
    path("versions/<str:version>/", versions.version, name="version"),
    path("versions/<str:version>/download/", versions.parcel, name="version_files"),
    path("drafts/", drafts.listing, name="drafts"),
    path("drafts/new/", drafts.begin, name="draft_new"),
    path("drafts/import/", standards.bring, name="import"),
    path("drafts/<uuid:draft_id>/", drafts.draft, name="draft"),
    path("drafts/<uuid:draft_id>/day/", drafts.day, name="draft_day"),
    path("drafts/<uuid:draft_id>/impact/", drafts.impact, name="draft_impact"),
    path("drafts/<uuid:draft_id>/decide/", drafts.decide, name="draft_decide"),
    path("drafts/<uuid:draft_id>/act/<slug:move>/", drafts.act, name="draft_act"),
    path("drafts/<uuid:draft_id>/choose/", editing.choose, name="choose"),
    path("drafts/<uuid:draft_id>/values/<slug:parameter>/", editing.value, name="value"),
    path("drafts/<uuid:draft_id>/values/<slug:parameter>/remove/", editing.drop_value, name="value_remove"),
    path("drafts/<uuid:draft_id>/rules/<str:name>/", editing.rule, name="draft_rule"),
    path("drafts/<uuid:draft_id>/rules/<str:name>/remove/", editing.drop_rule, name="draft_rule_remove"),
    path("drafts/<uuid:draft_id>/files/<str:name>/", editing.file, name="draft_file"),
    path("<slug:name>/", browsing.programme, name="programme"),
]
