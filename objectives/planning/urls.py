"""Addresses of operational objectives and indicators."""

from django.urls import path

from objectives.planning.views import indicators, objectives, overview

app_name = "planning"

urlpatterns = [
    # The address of strategy:werf: listed first, this page adds the operational objectives.
    path("strategisch-plan/werven/<str:code>/", overview.werf_detail, name="werf"),
    path("directies/", overview.own_unit, name="own_unit"),
    path("directies/<str:code>/", overview.unit_detail, name="unit"),
    path("doelstellingen/nieuw/<int:year>/", objectives.objective_new, name="objective_new"),
    path("doelstellingen/<uuid:uuid>/", objectives.objective_detail, name="objective"),
    path("doelstellingen/<uuid:uuid>/bewerken/", objectives.objective_edit, name="objective_edit"),
    path("doelstellingen/<uuid:uuid>/stap/", objectives.objective_step, name="objective_step"),
    path("doelstellingen/<uuid:uuid>/indicator/", objectives.indicator_new, name="indicator_new"),
    path("indicatoren/<uuid:uuid>/", indicators.indicator_detail, name="indicator"),
    path(
        "metingen/<uuid:uuid>/valideren/",
        indicators.measurement_validation,
        name="measurement_validation",
    ),
]
