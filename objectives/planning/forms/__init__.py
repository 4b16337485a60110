"""What planners type; the rules are in the services."""

from objectives.planning.forms.indicators import DefineForm, IndicatorForm
from objectives.planning.forms.library import ReuseForm, WeighForm, WithdrawForm
from objectives.planning.forms.measurements import MeasurementForm
from objectives.planning.forms.objectives import ObjectiveForm
from objectives.planning.forms.targets import TargetForm

__all__ = [
    "DefineForm",
    "IndicatorForm",
    "MeasurementForm",
    "ObjectiveForm",
    "ReuseForm",
    "TargetForm",
    "WeighForm",
    "WithdrawForm",
]
