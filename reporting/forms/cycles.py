"""The form of a reporting cycle."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from objectives.planning.forms.common import DateField, DateInput
from objectives.strategy.models import Plan
from personnel.models import SupervisingMinister
from reporting.choices import REPORT_LANGUAGES, CycleFrequency
from reporting.forms.reports import LANGUAGE_CHOICES, CodedField, offer_ministers, offer_plans
from reporting.models import ReportCycle
from reporting.services.report_cycles import CycleSheet


class CycleForm(forms.Form):
    """How often reports on a plan make themselves; `version` is the one the user started from."""

    plan = CodedField(label=_("Plan"))
    minister = CodedField(
        label=_("Supervising minister"),
        required=False,
        empty_label=_("Every minister who receives reports on it"),
    )
    frequency = forms.ChoiceField(label=_("How often"), choices=CycleFrequency.choices)
    starts_on = DateField(
        label=_("Begins on"),
        widget=DateInput(),
        help_text=_("Periods that end on or after this day get a report."),
    )
    lag_days = forms.IntegerField(
        label=_("Days after the period"),
        min_value=0,
        initial=30,
        help_text=_("Time to enter and validate the figures before the report is made."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of the report"),
        choices=LANGUAGE_CHOICES,
        initial=list(REPORT_LANGUAGES),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        plans: Sequence[Plan],
        ministers: Sequence[SupervisingMinister],
        **kwargs: Any,
    ) -> None:
        """Offer the plans, and the ministers who receive reports on one of them."""
        super().__init__(*args, **kwargs)
        offer_plans(self, plans)
        offer_ministers(self, ministers)

    @staticmethod
    def initial_of(cycle: ReportCycle) -> dict[str, Any]:
        """Return what the form shows for one that is there."""
        return {
            "plan": cycle.strategic_plan.code,
            "minister": cycle.minister.code if cycle.minister else "",
            "frequency": cycle.frequency,
            "starts_on": cycle.starts_on,
            "lag_days": cycle.lag_days,
            "languages": cycle.languages,
            "version": cycle.version,
        }

    def sheet(self) -> CycleSheet:
        """Return what was chosen, for the service; call it on a valid form."""
        data = self.cleaned_data
        return CycleSheet(
            frequency=data["frequency"],
            starts_on=data["starts_on"],
            lag_days=data["lag_days"],
            languages=data["languages"],
        )
