"""Addresses of operational objectives and indicators."""

from django.urls import path

from objectives.planning.views import (
    figures,
    indicator_forms,
    indicators,
    library,
    motivations,
    objectives,
    overview,
    quality,
    smart,
    targets,
)

app_name = "planning"

urlpatterns = [
    # The address of strategy:werf: listed first, this page adds the operational objectives.
    path("strategisch-plan/werven/<str:code>/", overview.werf_detail, name="werf"),
    path("datakwaliteit/", quality.data_quality_page, name="data_quality"),
    path("smart/", smart.smart_overview, name="smart_overview"),
    path("directies/", overview.own_unit, name="own_unit"),
    path("directies/<str:code>/", overview.unit_detail, name="unit"),
    path("doelstellingen/nieuw/<int:year>/", objectives.objective_new, name="objective_new"),
    path("doelstellingen/<uuid:uuid>/", objectives.objective_detail, name="objective"),
    path("doelstellingen/<uuid:uuid>/bewerken/", objectives.objective_edit, name="objective_edit"),
    path("doelstellingen/<uuid:uuid>/stap/", objectives.objective_step, name="objective_step"),
    path(
        "doelstellingen/<uuid:uuid>/oordeel/",
        objectives.objective_judgement,
        name="objective_judgement",
    ),
    path(
        "doelstellingen/<uuid:uuid>/motivering/",
        motivations.objective_motivation,
        name="objective_motivation",
    ),
    path(
        "doelstellingen/<uuid:uuid>/indicator/",
        indicator_forms.indicator_new,
        name="indicator_new",
    ),
    path(
        "doelstellingen/<uuid:uuid>/indicator/<uuid:indicator_uuid>/gewicht/",
        indicator_forms.indicator_weight,
        name="indicator_weight",
    ),
    path(
        "doelstellingen/<uuid:uuid>/indicator/<uuid:indicator_uuid>/intrekken/",
        indicator_forms.indicator_withdrawal,
        name="indicator_withdrawal",
    ),
    path(
        "doelstellingen/<uuid:uuid>/indicator/<uuid:indicator_uuid>/hergebruiken/",
        library.indicator_reuse_form,
        name="indicator_reuse",
    ),
    path("indicatoren/", library.indicator_library, name="library"),
    path("indicatoren/<uuid:uuid>/", indicators.indicator_detail, name="indicator"),
    path(
        "indicatoren/<uuid:uuid>/definitie/",
        indicator_forms.indicator_definition,
        name="indicator_define",
    ),
    path(
        "indicatoren/<uuid:uuid>/streefwaarde/",
        targets.indicator_target,
        name="indicator_target",
    ),
    path(
        "metingen/<uuid:uuid>/valideren/",
        figures.measurement_validation,
        name="measurement_validation",
    ),
    path(
        "metingen/<uuid:uuid>/terugsturen/",
        figures.measurement_returning,
        name="measurement_returning",
    ),
    path(
        "indicatoren/<uuid:uuid>/perioden/<str:period>/",
        figures.period_applicability,
        name="period_applicability",
    ),
    path(
        "correcties/<uuid:uuid>/beslissing/",
        figures.correction_decision,
        name="correction_decision",
    ),
    path(
        "correcties/<uuid:uuid>/intrekken/",
        figures.correction_withdrawal,
        name="correction_withdrawal",
    ),
]
