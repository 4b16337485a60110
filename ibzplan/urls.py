"""Addresses of the whole product."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.i18n import set_language
from django.contrib.auth.decorators import login_not_required

from ibzplan.core import views
from reporting.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("reporting.urls")),
    path("", include("objectives.planning.urls")),
    path("", include("objectives.strategy.urls")),
    path("", include("objectives.security.urls")),
    path("", include("ibzplan.core.search.urls")),
    path("api/v1/", include("ibzplan.api_urls")),
    path("aanmelden/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("afmelden/", LogoutView.as_view(), name="logout"),
    path("taal/", login_not_required(set_language), name="set_language"),
    path("toegankelijkheid/", views.accessibility, name="accessibility"),
    path("statussen/", views.status_rules, name="status_rules"),
    path("beheer/", admin.site.urls),
]
