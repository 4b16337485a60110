"""Addresses of the whole product."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from ibzplan.api_urls import documentation, index, openapi, table_schema
from ibzplan.core import views
from ibzplan.core.api.health import health
from reporting.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("reporting.urls")),
    path("", include("objectives.allocation.urls")),
    path("", include("objectives.planning.urls")),
    path("", include("objectives.strategy.urls")),
    path("", include("objectives.security.urls")),
    path("", include("budget.urls")),
    path("", include("personnel.urls")),
    path("", include("ibzplan.core.search.urls")),
    path("", include("ibzplan.core.comments.urls")),
    path("", include("ibzplan.core.questions.urls")),
    path("", include("ibzplan.core.follows.urls")),
    path("", include("ibzplan.core.notifications.urls")),
    path("", include("ibzplan.core.drafts.urls")),
    path("api/v1", index),
    path("api/v1/", include("ibzplan.api_urls")),
    path("doc/openapi.yaml", openapi, name="openapi"),
    path("doc/tables/<str:name>.json", table_schema, name="table-schema"),
    path("doc/", include(documentation)),
    path("health", health, name="health"),
    path("aanmelden/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("afmelden/", LogoutView.as_view(), name="logout"),
    path("taal/", login_not_required(set_language), name="set_language"),
    path("toegankelijkheid/", views.accessibility, name="accessibility"),
    path("statussen/", views.status_rules, name="status_rules"),
    path("beheer/", admin.site.urls),
]

handler400 = "ibzplan.core.api.problems.bad_request"
handler403 = "ibzplan.core.api.problems.permission_denied"
handler404 = "ibzplan.core.api.problems.page_not_found"
handler500 = "ibzplan.core.api.problems.server_error"
