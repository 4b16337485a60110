"""Addresses of the strategic plan."""

from django.urls import path

from objectives.strategy import views

app_name = "strategy"
urlpatterns = [
    path("strategisch-plan/", views.overview, name="overview"),
    path("strategisch-plan/doelstellingen/<str:code>/", views.objective, name="objective"),
    path("strategisch-plan/werven/<str:code>/", views.werf, name="werf"),
    path("strategisch-plan/missie-visie-waarden/", views.identity, name="identity"),
    path("strategisch-plan/stakeholders/", views.stakeholders, name="stakeholders"),
    path("strategisch-plan/pestel-swot/", views.environment, name="environment"),
    path("strategisch-plan/planningsregels/", views.rules, name="rules"),
    path("strategisch-plan/communicatieplan/", views.communication, name="communication"),
    path("strategisch-plan/organisatie/", views.organisation, name="organisation"),
]
