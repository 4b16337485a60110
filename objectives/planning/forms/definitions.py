"""The fields of a definition sheet, in the groups in which planners think of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from ibzplan.core.errors import DomainError
from ibzplan.core.forms import QuantityField, add_domain_error
from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import (
    Accumulation,
    Aggregation,
    Frequency,
    IndicatorType,
    TargetKind,
    Trajectory,
)
from objectives.indicators.services import IndicatorSheet
from objectives.indicators.services.definition_checks import (
    USUAL_AT_RISK,
    USUAL_ON_TRACK,
    usual_period_aggregation,
)
from objectives.planning.forms.common import DateField, DateInput, ask_for_name, textarea
from objectives.planning.forms.definition_groups import Group, GroupNames
from objectives.planning.forms.definition_text import (
    breakdowns_read,
    breakdowns_written,
    levels_read,
    levels_written,
)

MAX_DAYS: Final = 366
DAYS_UNTIL_DUE: Final = 15
GRACE_DAYS: Final = 5
# Field of the form -> field of the sheet, in two languages.
LOCALISED: Final[Mapping[str, str]] = {
    "title": "title",
    "unit": "unit_of_measure",
    "definition": "definition",
    "inclusions": "inclusions",
    "exclusions": "exclusions",
    "rationale": "rationale",
    "misuse_risk": "misuse_risk",
    "limitations": "limitations",
    "numerator_definition": "numerator_definition",
    "denominator_definition": "denominator_definition",
    "source": "source",
    "method": "method",
}
PLAIN: Final = (
    *("target_kind", "indicator_type", "decimals", "accumulation", "unit_aggregation"),
    *("trajectory", "is_ratio", "frequency", "days_until_due", "grace_days", "range_low"),
    *("range_high", "possible_low", "possible_high", "tolerance", "threshold_on_track"),
    *("threshold_at_risk", "baseline", "baseline_date", "compiler", "approver"),
    "is_confidential",
)


class TextField(forms.CharField):
    """Several lines; browsers send other line ends than those that were stored."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        """Set the height."""
        kwargs.setdefault("widget", textarea(rows))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the text with plain line ends."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


class DefinitionForm(forms.Form):
    """Every field of IndicatorSheet. Fields that a kind does not use stay empty."""

    title_nl = forms.CharField(label=_("Name in Dutch"), max_length=200, required=False)
    title_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    indicator_type = forms.ChoiceField(
        label=_("What it looks at"),
        choices=IndicatorType.choices,
        initial=IndicatorType.OUTPUT,
        required=False,
    )
    target_kind = forms.ChoiceField(label=_("What counts as better"), choices=TargetKind.choices)
    unit_nl = forms.CharField(
        label=_("Unit in Dutch"), max_length=40, required=False, help_text=_("%, days, files…")
    )
    unit_fr = forms.CharField(label=_("Unit in French"), max_length=40, required=False)
    definition_nl = TextField(
        label=_("Definition in Dutch"),
        help_text=_("So precise that two people would count the same."),
    )
    definition_fr = TextField(label=_("Definition in French"))
    inclusions_nl = TextField(label=_("What counts, in Dutch"), rows=2)
    inclusions_fr = TextField(label=_("What counts, in French"), rows=2)
    exclusions_nl = TextField(label=_("What does not count, in Dutch"), rows=2)
    exclusions_fr = TextField(label=_("What does not count, in French"), rows=2)
    rationale_nl = TextField(
        label=_("Why it is measured, in Dutch"),
        rows=2,
        help_text=_("What the figure tells about the objective."),
    )
    rationale_fr = TextField(label=_("Why it is measured, in French"), rows=2)

    accumulation = forms.ChoiceField(
        label=_("What a figure says"), choices=Accumulation.choices, initial=Accumulation.LEVEL
    )
    decimals = forms.IntegerField(label=_("Decimals"), min_value=0, max_value=4, initial=0)
    is_ratio = forms.BooleanField(label=_("Recorded as numerator and denominator"), required=False)
    source_nl = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("The register, survey or application that the figure comes from."),
    )
    source_fr = forms.CharField(label=_("Source in French"), max_length=200, required=False)
    numerator_definition_nl = TextField(label=_("Numerator, in Dutch"), rows=2)
    numerator_definition_fr = TextField(label=_("Numerator, in French"), rows=2)
    denominator_definition_nl = TextField(label=_("Denominator, in Dutch"), rows=2)
    denominator_definition_fr = TextField(label=_("Denominator, in French"), rows=2)
    method_nl = TextField(
        label=_("Method, in Dutch"), help_text=_("How the figure is made from the source.")
    )
    method_fr = TextField(label=_("Method, in French"))
    period_aggregation = forms.ChoiceField(
        label=_("Over the periods of a year"),
        choices=[("", _("As follows from the figure")), *Aggregation.choices],
        required=False,
        help_text=_("How the figures of a year become one."),
    )
    unit_aggregation = forms.ChoiceField(
        label=_("Over directorates"),
        choices=Aggregation.choices,
        initial=Aggregation.NONE,
        required=False,
        help_text=_("How figures of several directorates become one."),
    )
    disaggregations = TextField(
        label=_("Breakdowns"),
        rows=5,
        strip=False,
        help_text=_(
            "One line a breakdown, “code: Dutch | French”, with at least two parts indented below "
            "it; “(adds up)” at the end of its line when the parts together are the whole."
        ),
    )
    possible_low = QuantityField(
        label=_("Lowest possible value"),
        required=False,
        help_text=_("A figure below it is refused as a slip."),
    )
    possible_high = QuantityField(
        label=_("Highest possible value"),
        required=False,
        help_text=_("A figure above it is refused as a slip."),
    )

    baseline = QuantityField(
        label=_("Baseline"),
        required=False,
        help_text=_("For levels: the number of the level; the lowest is 0."),
    )
    baseline_date = DateField(label=_("Baseline on"), required=False, widget=DateInput())
    levels = TextField(
        label=_("Levels"),
        rows=4,
        strip=False,
        help_text=_("Only for levels. One a line, lowest first: Dutch | French."),
    )
    range_low = QuantityField(
        label=_("Lower bound"), required=False, help_text=_("Only for a range.")
    )
    range_high = QuantityField(
        label=_("Upper bound"), required=False, help_text=_("Only for a range.")
    )
    tolerance = QuantityField(
        label=_("Tolerance"),
        required=False,
        help_text=_("In the unit: a deviation this small still counts as on track."),
    )
    trajectory = forms.ChoiceField(
        label=_("Path to the target"), choices=Trajectory.choices, initial=Trajectory.LINEAR
    )
    threshold_on_track = QuantityField(
        label=_("On track from"),
        required=False,
        help_text=_("Share of what was expected by then; empty is the usual threshold."),
    )
    threshold_at_risk = QuantityField(
        label=_("At risk from"),
        required=False,
        help_text=_("Below it the indicator is off track; empty is the usual threshold."),
    )

    frequency = forms.ChoiceField(
        label=_("How often"), choices=Frequency.choices, initial=Frequency.TERM
    )
    days_until_due = forms.IntegerField(
        label=_("Days until the figure is due"),
        min_value=0,
        max_value=MAX_DAYS,
        initial=DAYS_UNTIL_DUE,
        required=False,
        help_text=_("Counted from the last day of the period."),
    )
    grace_days = forms.IntegerField(
        label=_("Days of grace"),
        min_value=0,
        max_value=MAX_DAYS,
        initial=GRACE_DAYS,
        required=False,
        help_text=_("So long after the due date a missing figure does not weigh yet."),
    )
    compiler = forms.CharField(
        label=_("Who makes the figure"),
        max_length=120,
        required=False,
        help_text=_("A function, not a name."),
    )
    approver = forms.CharField(
        label=_("Who answers for it"),
        max_length=120,
        required=False,
        help_text=_("A function, not a name."),
    )
    is_confidential = forms.BooleanField(
        label=_("Confidential to the directorate and its minister"), required=False
    )
    limitations_nl = TextField(
        label=_("Limitations, in Dutch"), help_text=_("What the figure leaves out or hides.")
    )
    limitations_fr = TextField(label=_("Limitations, in French"))
    misuse_risk_nl = TextField(
        label=_("Risk of misuse, in Dutch"),
        help_text=_("What people could do to improve the figure and nothing else."),
    )
    misuse_risk_fr = TextField(label=_("Risk of misuse, in French"))

    group_names: Sequence[GroupNames] = ()

    def __init__(self, *args: Any, before: IndicatorSheet | None = None, **kwargs: Any) -> None:
        """Start from a sheet, if any: the one to be changed, or the one to be copied."""
        super().__init__(*args, **kwargs)
        self.before = before
        for name, usual in (
            ("threshold_on_track", USUAL_ON_TRACK),
            ("threshold_at_risk", USUAL_AT_RISK),
        ):
            text = QuantityField().prepare_value(usual)
            self.fields[name].widget.attrs["placeholder"] = f"{text}0"

    @staticmethod
    def values_of(sheet: IndicatorSheet) -> dict[str, Any]:
        """Return what the form shows for a sheet."""
        values: dict[str, Any] = {name: getattr(sheet, name) for name in PLAIN}
        for name, column in LOCALISED.items():
            text: LocalisedText = getattr(sheet, column)
            values.update(
                {f"{name}_{language}": text.get(language, "") for language in ("nl", "fr")}
            )
        usual = usual_period_aggregation(sheet)
        chosen = sheet.period_aggregation
        values["period_aggregation"] = "" if chosen == usual else chosen
        values["levels"] = levels_written(sheet.levels)
        values["disaggregations"] = breakdowns_written(sheet.disaggregations)
        return values

    def clean_levels(self) -> list[dict[str, Any]]:
        """Return the ordinal levels, lowest first."""
        return levels_read(self.cleaned_data["levels"], self.before.levels if self.before else ())

    def clean_disaggregations(self) -> list[dict[str, Any]]:
        """Return the stored form of the breakdowns."""
        before = self.before.disaggregations if self.before else ()
        return breakdowns_read(self.cleaned_data["disaggregations"], before)

    def clean_days_until_due(self) -> int:
        """Return the usual number when none is given; 0 is one."""
        given: int | None = self.cleaned_data["days_until_due"]
        return DAYS_UNTIL_DUE if given is None else given

    def clean_grace_days(self) -> int:
        """Return the usual number when none is given; 0 is one."""
        given: int | None = self.cleaned_data["grace_days"]
        return GRACE_DAYS if given is None else given

    def clean(self) -> dict[str, Any] | None:
        """Take a name in either language."""
        cleaned = super().clean()
        ask_for_name(self)
        return cleaned

    def sheet(self) -> IndicatorSheet:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        values: dict[str, Any] = {name: data[name] for name in PLAIN}
        values.update({column: self._text(name) for name, column in LOCALISED.items()})
        if data["baseline"] is None:
            values["baseline_date"] = None
        return IndicatorSheet(
            **{
                **values,
                "indicator_type": data["indicator_type"] or IndicatorType.OUTPUT,
                "unit_aggregation": data["unit_aggregation"] or Aggregation.NONE,
                "period_aggregation": data["period_aggregation"],
                "levels": data["levels"],
                "disaggregations": data["disaggregations"],
            }
        )

    def _text(self, name: str) -> LocalisedText:
        """Return a text in its languages; an edit in one outdates the other."""
        stored: LocalisedText | None = getattr(self.before, LOCALISED[name], None)
        before = stored or LocalisedText()
        typed = {}
        for language in ("nl", "fr"):
            text = self.cleaned_data[f"{name}_{language}"]
            old = before.get(language, "")
            typed[language] = old if text == old.replace("\r\n", "\n") else text
        return before.edited(typed)

    def add_refusal(self, error: DomainError) -> None:
        """Show a broken rule at its field; that of a text in two languages at the Dutch one."""
        names = {column: f"{name}_nl" for name, column in LOCALISED.items()}
        field = names.get(error.field or "", error.field)
        add_domain_error(self, DomainError(error.code, error.message, field))

    def groups(self) -> list[Group]:
        """Return the fields as the page shows them."""
        return [self._group(names) for names in self.group_names]

    def _group(self, names: GroupNames) -> Group:
        fields = [self[name] for name in names.fields if name in self.fields]
        rare = [self[name] for name in names.rare if name in self.fields]
        is_open = any(field.errors or self._says_something(field) for field in rare)
        return Group(names.legend, fields, rare, names.rare_label, is_open)

    def _says_something(self, field: BoundField) -> bool:
        """Tell whether a field holds other than what an empty form has."""
        usual = type(self).base_fields.get(field.name)
        value = field.value()
        text = "" if value is None or value is False else str(value)
        return text not in ("", str(usual.initial if usual else ""))
