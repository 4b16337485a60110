"""Addresses of API keys and of staffing."""

from django.urls import path

from personnel import staffing_import_views, staffing_views, views

app_name = "personnel"

urlpatterns = [
    path("api-sleutels/", views.key_list, name="api_keys"),
    path("api-sleutels/nieuw/", views.key_new, name="api_key_new"),
    path("api-sleutels/<uuid:uuid>/", views.key_detail, name="api_key"),
    path("api-sleutels/<uuid:uuid>/vernieuwen/", views.key_renewal, name="api_key_rotate"),
    path("api-sleutels/<uuid:uuid>/intrekken/", views.key_end, name="api_key_revoke"),
    path("middelen/personeel/", staffing_views.staffing_lines, name="staffing_lines"),
    path(
        "middelen/personeel/importeren/",
        staffing_import_views.import_page,
        name="staffing_import",
    ),
    path(
        "middelen/personeel/importeren/toepassen/",
        staffing_import_views.import_apply,
        name="staffing_import_apply",
    ),
    path(
        "middelen/personeel/importeren/tabel/",
        staffing_import_views.import_table,
        name="staffing_table",
    ),
    path("middelen/personeel/<str:code>/", staffing_views.staffing_line, name="staffing_line"),
    path(
        "middelen/personeel/<str:code>/cijfers/",
        staffing_views.staffing_figures,
        name="staffing_figures",
    ),
    path(
        "middelen/personeel/<str:code>/cijfers/<uuid:uuid>/intrekken/",
        staffing_views.staffing_figure_end,
        name="staffing_withdraw",
    ),
    path(
        "middelen/personeel/<str:code>/stromen/",
        staffing_views.staffing_flow,
        name="staffing_flow",
    ),
    path(
        "middelen/personeel/<str:code>/stromen/<uuid:uuid>/intrekken/",
        staffing_views.staffing_flow_end,
        name="staffing_flow_withdraw",
    ),
]
