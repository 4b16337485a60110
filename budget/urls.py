"""Addresses of the credits."""

from django.urls import path

from budget import views
from budget.views.means import means_page
from budget.views.reconciliation import reconciliation_page

app_name = "budget"

urlpatterns = [
    path("middelen/", means_page, name="means"),
    path("middelen/reconciliatie/", reconciliation_page, name="reconciliation"),
    path("middelen/kredieten/", views.line_list, name="credit_lines"),
    path("middelen/kredieten/importeren/", views.import_page, name="credit_import"),
    path("middelen/kredieten/toepassen/", views.import_apply, name="credit_import_apply"),
    path("middelen/kredieten/tabel/", views.import_table, name="credit_table"),
    path("middelen/kredieten/nieuw/", views.line_new, name="credit_line_new"),
    path("middelen/kredieten/<str:code>/", views.line_detail, name="credit_line"),
    path("middelen/kredieten/<str:code>/wijzigen/", views.line_edit, name="credit_line_edit"),
    path(
        "middelen/kredieten/<str:code>/uitvoering/",
        views.execution_new,
        name="credit_execution",
    ),
    path(
        "middelen/kredieten/<str:code>/<int:year>/<str:budget>/",
        views.amount_edit,
        name="credit_amount",
    ),
    path(
        "middelen/kredieten/<str:code>/<int:year>/<str:budget>/intrekken/",
        views.amount_withdrawal,
        name="credit_withdrawal",
    ),
]
