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
    report_approving,
    report_comparing,
    report_cycles,
    report_detail,
    report_files,
    report_gates,
    report_reading,
    report_steps,
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
    path("rapporten/cyclus/", report_cycles.report_cycles, name="report_cycles"),
    path(
        "rapporten/cyclus/<uuid:uuid>/stoppen/",
        report_cycles.report_cycle_stopping,
        name="report_cycle_stop",
    ),
    path("rapporten/naast-elkaar/", report_comparing.reports_beside, name="reports_beside"),
    path("rapporten/<uuid:uuid>/", report_detail.report_detail, name="report"),
    path("rapporten/<uuid:uuid>/voortgang/", report_detail.report_status, name="report_status"),
    path("rapporten/<uuid:uuid>/lezen/", report_reading.report_reading, name="report_read"),
    path("rapporten/<uuid:uuid>/opnieuw/", report_steps.report_again, name="report_again"),
    path(
        "rapporten/<uuid:uuid>/opnieuw/<str:format_>/",
        report_steps.report_format_again,
        name="report_format_again",
    ),
    path(
        "rapporten/<uuid:uuid>/andere-taal/", report_steps.report_language, name="report_language"
    ),
    path("rapporten/<uuid:uuid>/stoppen/", report_steps.report_stop, name="report_stop"),
    path("rapporten/<uuid:uuid>/nazicht/", report_steps.report_review, name="report_review"),
    path(
        "rapporten/<uuid:uuid>/nazicht/<str:unit>/",
        report_steps.report_answer,
        name="report_answer",
    ),
    path(
        "rapporten/<uuid:uuid>/goedkeuren/", report_approving.report_approving, name="report_issue"
    ),
    path("rapporten/<uuid:uuid>/doorlaten/", report_approving.report_waiving, name="report_waive"),
    path("rapporten/<uuid:uuid>/getallen/", report_gates.report_numbers, name="report_numbers"),
    path("rapporten/<uuid:uuid>/versturen/", report_steps.report_sending, name="report_send"),
    path("rapporten/<uuid:uuid>/archiveren/", report_steps.report_archiving, name="report_archive"),
    path(
        "rapporten/<uuid:uuid>/verbeteren/", report_steps.report_correction, name="report_correct"
    ),
    path(
        "rapporten/<uuid:uuid>/bestanden/<str:format_>/",
        report_files.report_file,
        name="report_file",
    ),
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
