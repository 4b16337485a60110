"""The pages of both plans and the search, with the addresses that every page links to."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.i18n import set_language


def shell(request: HttpRequest) -> HttpResponse:
    """Show a page without content: what it costs, every page costs."""
    return render(request, "base.html")


urlpatterns = [
    path("", shell, name="home"),
    path("", include("objectives.strategy.urls")),
    path("", include("objectives.security.urls")),
    path("", include("ibzplan.core.search.urls")),
    path("aanmelden/", LoginView.as_view(), name="login"),
    path("afmelden/", LogoutView.as_view(), name="logout"),
    path("taal/", login_not_required(set_language), name="set_language"),
    path("toegankelijkheid/", shell, name="accessibility"),
    path("statussen/", shell, name="status_rules"),
]
