"""What planners type; the rules are in the services."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.forms import QuantityField
from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import Accumulation, Frequency, TargetKind, Trajectory
from objectives.indicators.formatting import level_name, period_text
from objectives.indicators.models import Indicator
from objectives.indicators.periods import Period
from objectives.indicators.services import Figure, IndicatorSheet
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.services import ObjectiveSheet
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Werf
from personnel.models import OrganisationUnit


class DateInput(forms.DateInput):
    """The browser's own date field; its value is always ISO."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        """Fix the format that browsers understand."""
        super().__init__(format="%Y-%m-%d", **kwargs)


def _textarea(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _localised(
    data: dict[str, Any], name: str, before: LocalisedText | None = None
) -> LocalisedText:
    """Read '<name>_nl' and '<name>_fr'; an edit in one language outdates the other."""
    texts = {language: data.get(f"{name}_{language}") or "" for language in ("nl", "fr")}
    return (before or LocalisedText()).edited(texts)


class ObjectiveForm(forms.Form):
    """An operational objective."""

    # Options carry codes and UUIDs: a database key never leaves the server.
    unit = forms.ModelChoiceField(
        label=_("Directorate"), queryset=OrganisationUnit.objects.none(), to_field_name="code"
    )
    werf = forms.ModelChoiceField(
        label=_("Werf"), queryset=Werf.objects.none(), to_field_name="uuid"
    )
    title_nl = forms.CharField(
        label=_("Name in Dutch"),
        max_length=200,
        help_text=_("Start with what you will do: a verb, an object, and by how much."),
    )
    title_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    description_nl = forms.CharField(
        label=_("Description in Dutch"), required=False, widget=_textarea()
    )
    description_fr = forms.CharField(
        label=_("Description in French"), required=False, widget=_textarea()
    )
    holder = forms.CharField(
        label=_("Responsible holder"),
        max_length=120,
        help_text=_(
            "The management function that answers for it, for instance “Director-general”."
        ),
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput())
    ends_on = forms.DateField(label=_("Until"), widget=DateInput())
    security_objectives = forms.ModelMultipleChoiceField(
        label=_("Contributes to objectives of the NVP"),
        queryset=SecurityObjective.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The identity of a new objective, given with the empty form: sent twice, it is made once.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        plan: OperationalPlan,
        units: list[OrganisationUnit],
        objective: OperationalObjective | None = None,
        **kwargs: Any,
    ) -> None:
        """Offer the planner's own units and the werven of the strategic plan."""
        super().__init__(*args, **kwargs)
        self.objective = objective
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = OrganisationUnit.objects.filter(
            pk__in=[unit.pk for unit in units]
        )
        fields["werf"].queryset = Werf.objects.filter(objective__plan=plan.plan_id).order_by(
            "objective__order", "order", "pk"
        )
        fields["security_objectives"].queryset = SecurityObjective.objects.select_related(
            "theme"
        ).order_by("theme__order", "theme__code", "order", "pk")
        if len(units) == 1:
            fields["unit"].initial = units[0].code
        fields["starts_on"].initial = date(plan.year, 1, 1)
        fields["ends_on"].initial = date(plan.year, 12, 31)
        if objective is not None:
            del fields["unit"], fields["werf"]

    @staticmethod
    def initial_of(objective: OperationalObjective) -> dict[str, Any]:
        """Return what the form shows for an existing objective."""
        return {
            "title_nl": objective.title.get("nl", ""),
            "title_fr": objective.title.get("fr", ""),
            "description_nl": objective.description.get("nl", ""),
            "description_fr": objective.description.get("fr", ""),
            "holder": objective.holder,
            "starts_on": objective.starts_on,
            "ends_on": objective.ends_on,
            "security_objectives": [
                link.security_objective.uuid
                for link in objective.security_links.select_related("security_objective")
            ],
            "version": objective.version,
        }

    def sheet(self) -> ObjectiveSheet:
        """Return what was typed, for the service."""
        data, before = self.cleaned_data, self.objective
        return ObjectiveSheet(
            title=_localised(data, "title", before.title if before else None),
            description=_localised(data, "description", before.description if before else None),
            holder=data["holder"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )


class IndicatorForm(forms.Form):
    """An indicator with its baseline and target. Fields that a kind does not use stay empty."""

    title_nl = forms.CharField(label=_("Name in Dutch"), max_length=200)
    title_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    target_kind = forms.ChoiceField(label=_("What counts as better"), choices=TargetKind.choices)
    unit_nl = forms.CharField(
        label=_("Unit in Dutch"), max_length=40, required=False, help_text=_("%, days, files…")
    )
    unit_fr = forms.CharField(label=_("Unit in French"), max_length=40, required=False)
    decimals = forms.IntegerField(label=_("Decimals"), min_value=0, max_value=4, initial=0)
    is_ratio = forms.BooleanField(label=_("Recorded as numerator and denominator"), required=False)
    frequency = forms.ChoiceField(
        label=_("How often"), choices=Frequency.choices, initial=Frequency.TERM
    )
    accumulation = forms.ChoiceField(
        label=_("What a figure says"), choices=Accumulation.choices, initial=Accumulation.LEVEL
    )
    trajectory = forms.ChoiceField(
        label=_("Path to the target"), choices=Trajectory.choices, initial=Trajectory.LINEAR
    )
    baseline = QuantityField(
        label=_("Baseline"),
        required=False,
        help_text=_("For levels: the number of the level; the lowest is 0."),
    )
    baseline_date = forms.DateField(label=_("Baseline on"), required=False, widget=DateInput())
    target = QuantityField(label=_("Target"), required=False)
    target_due_on = forms.DateField(label=_("To be reached by"), widget=DateInput())
    range_low = QuantityField(label=_("Lower bound"), required=False)
    range_high = QuantityField(label=_("Upper bound"), required=False)
    tolerance = QuantityField(
        label=_("Tolerance"),
        required=False,
        help_text=_("In the unit: a deviation this small still counts as on track."),
    )
    levels = forms.CharField(
        label=_("Levels"),
        required=False,
        widget=_textarea(4),
        help_text=_("One a line, lowest first: Dutch | French. The last one is the target."),
    )
    definition_nl = forms.CharField(
        label=_("Definition in Dutch"), required=False, widget=_textarea()
    )
    definition_fr = forms.CharField(
        label=_("Definition in French"), required=False, widget=_textarea()
    )
    source_nl = forms.CharField(label=_("Source"), max_length=200)
    weight = forms.IntegerField(label=_("Weight"), min_value=1, max_value=100, initial=1)
    is_key = forms.BooleanField(
        label=_("Key indicator: off track here means the objective is at risk at best"),
        required=False,
    )
    is_confidential = forms.BooleanField(
        label=_("Confidential to the directorate and its minister"), required=False
    )

    def __init__(self, *args: Any, plan: OperationalPlan, **kwargs: Any) -> None:
        """Start from the plan year."""
        super().__init__(*args, **kwargs)
        self.fields["baseline_date"].initial = date(plan.year - 1, 12, 31)
        self.fields["target_due_on"].initial = date(plan.year, 12, 31)

    def parsed_levels(self) -> list[dict[str, str]]:
        """Return the ordinal levels, lowest first."""
        rows = [
            line.split("|") for line in self.cleaned_data["levels"].splitlines() if line.strip()
        ]
        return [
            {"nl": parts[0].strip(), **({"fr": parts[1].strip()} if len(parts) > 1 else {})}
            for parts in rows
        ]

    def sheet(self) -> IndicatorSheet:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        has_baseline = data["baseline"] is not None
        return IndicatorSheet(
            title=_localised(data, "title"),
            unit_of_measure=_localised(data, "unit"),
            target_kind=data["target_kind"],
            definition=_localised(data, "definition"),
            source=LocalisedText({"nl": data["source_nl"]}),
            decimals=data["decimals"],
            accumulation=data["accumulation"],
            trajectory=data["trajectory"],
            is_ratio=data["is_ratio"],
            frequency=data["frequency"],
            levels=self.parsed_levels(),
            range_low=data["range_low"],
            range_high=data["range_high"],
            tolerance=data["tolerance"],
            baseline=data["baseline"],
            baseline_date=data["baseline_date"] if has_baseline else None,
            is_confidential=data["is_confidential"],
        )

    def target_level(self) -> int | None:
        """Return the highest level as target of an ordinal indicator."""
        if self.cleaned_data["target_kind"] != TargetKind.ORDINAL:
            return None
        return max(len(self.parsed_levels()) - 1, 0)


class MeasurementForm(forms.Form):
    """One figure; only the fields that the indicator's kind uses."""

    period = forms.ChoiceField(label=_("Period"))
    value = QuantityField(label=_("Value"), required=False)
    numerator = QuantityField(label=_("Numerator"), required=False)
    denominator = QuantityField(label=_("Denominator"), required=False)
    level = forms.TypedChoiceField(
        label=_("Level reached"), required=False, coerce=int, empty_value=None
    )
    done_on = forms.DateField(label=_("Done on"), required=False, widget=DateInput())
    forecast_on = forms.DateField(label=_("Expected on"), required=False, widget=DateInput())
    narrative_nl = forms.CharField(
        label=_("What explains the figure?"), required=False, widget=_textarea(2)
    )
    reason = forms.CharField(
        label=_("Reason of the correction"),
        required=False,
        help_text=_("Only when the period has a figure already."),
    )
    # "2026-T1=<uuid>,2026-T2=": the figures that the user saw when the form was made.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        indicator: Indicator,
        periods: list[Period],
        current: Mapping[Period, str],
        **kwargs: Any,
    ) -> None:
        """Keep the fields of the kind; offer the periods given.

        `current` maps a period to the UUID of its figure, '' when it has none.
        """
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.now = ",".join(f"{period}={current[period]}" for period in periods)
        fields["seen"].initial = self.now
        fields["period"].choices = [(str(period), period_text(period)) for period in periods]
        fields["level"].choices = [
            ("", "—"),
            *((n, level_name(indicator, n)) for n in range(len(indicator.levels))),
        ]
        unit = str(indicator.unit_of_measure)
        if unit and not indicator.is_ratio:
            fields["value"].help_text = unit
        for name in {"value", "numerator", "denominator", "level", "done_on", "forecast_on"} - set(
            self.fields_of(indicator)
        ):
            del fields[name]

    @staticmethod
    def fields_of(indicator: Indicator) -> tuple[str, ...]:
        """Return the names of the fields that hold this kind's figure."""
        if indicator.target_kind == TargetKind.MILESTONE:
            return ("done_on", "forecast_on")
        if indicator.target_kind == TargetKind.ORDINAL:
            return ("level",)
        return ("numerator", "denominator") if indicator.is_ratio else ("value",)

    def seen_figure(self) -> str | None:
        """Return the UUID of the figure that the user saw for the period ('' for none)."""
        pairs = dict(
            pair.split("=", 1) for pair in self.cleaned_data["seen"].split(",") if "=" in pair
        )
        return pairs.get(self.cleaned_data["period"])

    def figure(self) -> Figure:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return Figure(
            value=data.get("value"),
            numerator=data.get("numerator"),
            denominator=data.get("denominator"),
            level=data.get("level"),
            done_on=data.get("done_on"),
            forecast_on=data.get("forecast_on"),
            narrative=LocalisedText({"nl": data["narrative_nl"]}),
        )


class MoveForm(forms.Form):
    """A step of an objective, with the version that the user saw."""

    to = forms.CharField()
    version = forms.IntegerField()
    reason = forms.CharField(required=False)
