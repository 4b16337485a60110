"""The forms of an indicator's place in an objective: taken from the library, weighed, withdrawn."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.forms import QuantityField
from objectives.indicators.choices import TargetKind
from objectives.indicators.models import Indicator
from objectives.planning.forms.common import DateField, DateInput, level_choices, textarea
from objectives.planning.models import OperationalPlan
from objectives.planning.services.indicators import MAX_WEIGHT


class WeighForm(forms.Form):
    """How much an indicator counts in its objective."""

    weight = forms.IntegerField(
        label=_("Weight"),
        min_value=1,
        max_value=MAX_WEIGHT,
        initial=1,
        help_text=_("Compared with the other indicators of the objective."),
    )
    is_key = forms.BooleanField(
        label=_("Key indicator: off track here means the objective is at risk at best"),
        required=False,
    )


class ReuseForm(WeighForm):
    """What a series that goes on needs in the new plan year."""

    target = QuantityField(label=_("Target"), required=False)
    target_level = forms.TypedChoiceField(
        label=_("Level to reach"), required=False, coerce=int, empty_value=None
    )
    target_due_on = DateField(label=_("To be reached by"), widget=DateInput())

    field_order = ("target", "target_level", "target_due_on", "weight", "is_key")

    def __init__(
        self, *args: Any, indicator: Indicator, plan: OperationalPlan, **kwargs: Any
    ) -> None:
        """Keep the fields that the kind of indicator uses."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        kind = indicator.target_kind
        fields["target_due_on"].initial = date(plan.year, 12, 31)
        if kind == TargetKind.ORDINAL:
            fields["target_level"].choices = level_choices(indicator)
        else:
            del fields["target_level"]
        if kind in (TargetKind.ORDINAL, TargetKind.MILESTONE, TargetKind.RANGE):
            del fields["target"]
        else:
            fields["target"].help_text = str(indicator.unit_of_measure)


class WithdrawForm(forms.Form):
    """Why an indicator leaves its objective."""

    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=500,
        widget=textarea(2),
        help_text=_("Kept in the history of the objective."),
    )
