"""Addresses of dashboards, reports and the calendar."""

from django.urls import path

from reporting.views import (
    alignment,
    calendar,
    compare,
    dashboard,
    deadlines,
    feeds,
    follows,
    reorganisation,
    reports,
    translations,
)

app_name = "reporting"

urlpatterns = [
    path("dashboard/", dashboard.dashboard_view, name="dashboard"),
    path("afstemming/", alignment.alignment_page, name="alignment"),
    path("vergelijken/", compare.compare_page, name="compare"),
    path("gevolgd/", follows.followed_list, name="followed"),
    path("kalender/", calendar.calendar_page, name="calendar"),
    path("kalender/adres/", feeds.feed_address, name="feed_address"),
    path("kalender/adres/stoppen/", feeds.feed_stopping, name="feed_stop"),
    path("kalender/feed/<str:secret>.ics", feeds.feed, name="feed"),
    path("kalender/<int:year>/nieuw/", deadlines.deadline_new, name="deadline_new"),
    path(
        "kalender/<int:year>/overnemen/",
        deadlines.deadlines_taking_over,
        name="deadlines_take_over",
    ),
    path("kalender/<uuid:uuid>/", deadlines.deadline_edit, name="deadline"),
    path("kalender/<uuid:uuid>/schrappen/", deadlines.deadline_removal, name="deadline_remove"),
    path("rapporten/", reports.report_list, name="reports"),
    path("rapporten/<uuid:uuid>/", reports.report_detail, name="report"),
    path("rapporten/<uuid:uuid>/voortgang/", reports.report_status, name="report_status"),
    path("rapporten/<uuid:uuid>/opnieuw/", reports.report_again, name="report_again"),
    path("rapporten/<uuid:uuid>/uitbrengen/", reports.report_issuing, name="report_issue"),
    path("rapporten/<uuid:uuid>/bestanden/<str:format_>/", reports.report_file, name="report_file"),
    path("reorganisaties/", reorganisation.reorganisation_list, name="reorganisations"),
    path("reorganisaties/nieuw/", reorganisation.reorganisation_new, name="reorganisation_new"),
    path(
        "reorganisaties/<uuid:uuid>/", reorganisation.reorganisation_detail, name="reorganisation"
    ),
    path(
        "reorganisaties/<uuid:uuid>/bewerken/",
        reorganisation.reorganisation_edit,
        name="reorganisation_edit",
    ),
    path(
        "reorganisaties/<uuid:uuid>/uitvoeren/",
        reorganisation.reorganisation_applying,
        name="reorganisation_apply",
    ),
    path("vertalingen/", translations.translation_list, name="translations"),
    path(
        "vertalingen/<str:kind>/<uuid:uuid>/<str:field>/<str:language>/",
        translations.translation_form,
        name="translation",
    ),
]
