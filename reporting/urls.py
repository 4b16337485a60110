"""Addresses of dashboards and reports."""

from django.urls import path

from reporting.views import dashboard, reports

app_name = "reporting"

urlpatterns = [
    path("dashboard/", dashboard.dashboard_view, name="dashboard"),
    path("rapporten/", reports.report_list, name="reports"),
    path("rapporten/<uuid:uuid>/", reports.report_detail, name="report"),
    path("rapporten/<uuid:uuid>/voortgang/", reports.report_status, name="report_status"),
    path("rapporten/<uuid:uuid>/opnieuw/", reports.report_again, name="report_again"),
    path("rapporten/<uuid:uuid>/uitbrengen/", reports.report_issuing, name="report_issue"),
    path("rapporten/<uuid:uuid>/bestanden/<str:format_>/", reports.report_file, name="report_file"),
]
