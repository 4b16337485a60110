"""Addresses of the strategic plan."""

from django.urls import path

from objectives.strategy.views import life, plan

app_name = "strategy"
urlpatterns = [
    path("strategisch-plan/", plan.overview, name="overview"),
    path("strategisch-plan/doelstellingen/<str:code>/", plan.objective, name="objective"),
    path("strategisch-plan/werven/<str:code>/", plan.werf, name="werf"),
    path("strategisch-plan/missie-visie-waarden/", plan.identity, name="identity"),
    path("strategisch-plan/stakeholders/", plan.stakeholders, name="stakeholders"),
    path("strategisch-plan/pestel-swot/", plan.environment, name="environment"),
    path("strategisch-plan/planningsregels/", plan.rules, name="rules"),
    path("strategisch-plan/communicatieplan/", plan.communication, name="communication"),
    path("strategisch-plan/organisatie/", plan.organisation, name="organisation"),
    path("strategisch-plan/ondertekening/", life.signing, name="signing"),
    path("strategisch-plan/addendum-toevoegen/", life.addendum_new, name="addendum_new"),
    path("strategisch-plan/addenda/<str:code>/bewerken/", life.addendum_edit, name="addendum_edit"),
    path(
        "strategisch-plan/addenda/<str:code>/doelstelling-toevoegen/",
        life.transversal_new,
        name="transversal_new",
    ),
    path(
        "strategisch-plan/doelstellingen/<str:code>/bewerken/",
        life.objective_edit,
        name="objective_edit",
    ),
    path("strategisch-plan/opvolging/", life.succession, name="succession"),
    path("strategisch-plan/afstamming/", life.lineage, name="lineage"),
    path(
        "strategisch-plan/afstamming/doelstellingen/<uuid:uuid>/",
        life.objective_lineage,
        name="objective_lineage",
    ),
    path("strategisch-plan/afstamming/werven/<uuid:uuid>/", life.werf_lineage, name="werf_lineage"),
    path("strategisch-plan/doelstelling-toevoegen/", life.objective_new, name="objective_new"),
    path("strategisch-plan/werf-toevoegen/", life.werf_new, name="werf_new"),
]
