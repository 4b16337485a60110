"""Writes about indicators, targets and figures."""

from objectives.indicators.services.corrections import (
    correction_decide,
    correction_request,
    correction_withdraw,
    may_decide,
    proposed_figure,
)
from objectives.indicators.services.definition_checks import IndicatorSheet
from objectives.indicators.services.definitions import (
    definitions_publish,
    indicator_create,
    indicator_define,
    may_define,
    sheet_of,
    sheet_told,
)
from objectives.indicators.services.entry_checks import ConfirmationRequired
from objectives.indicators.services.figures import Figure, FigurePart
from objectives.indicators.services.measurement_batch import (
    FiguresRefused,
    NewFigure,
    measurements_record_all,
)
from objectives.indicators.services.measurements import measurement_record
from objectives.indicators.services.obligations import (
    obligations_lapse,
    obligations_sync,
    obligations_sync_all,
    period_set_not_applicable,
)
from objectives.indicators.services.reviews import (
    figures_lock,
    measurement_return,
    measurement_validate,
)
from objectives.indicators.services.targets import (
    must_set_targets,
    target_end,
    target_lift,
    target_set,
    target_write,
)

__all__ = [
    "ConfirmationRequired",
    "Figure",
    "FigurePart",
    "FiguresRefused",
    "IndicatorSheet",
    "NewFigure",
    "correction_decide",
    "correction_request",
    "correction_withdraw",
    "definitions_publish",
    "figures_lock",
    "indicator_create",
    "indicator_define",
    "may_decide",
    "may_define",
    "measurement_record",
    "measurement_return",
    "measurement_validate",
    "measurements_record_all",
    "must_set_targets",
    "obligations_lapse",
    "obligations_sync",
    "obligations_sync_all",
    "period_set_not_applicable",
    "proposed_figure",
    "sheet_of",
    "sheet_told",
    "target_end",
    "target_lift",
    "target_set",
    "target_write",
]
